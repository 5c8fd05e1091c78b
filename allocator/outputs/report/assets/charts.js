// The charts: each a Vega-Lite specification made from the embedded figures, drawn anew when another
// programme is chosen. Colours are names of the style sheet, so that light, dark and print need no redrawing.
"use strict";

(() => {
  const { data, element, yen, ratio, byId } = report;
  const colour = (name) => `var(--${name})`;
  const CLASSES = [1, 2, 3, 4, 5];
  const TILE = 46;

  const config = {
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    mark: { aria: false },
    axis: {
      aria: false, labelColor: colour("muted"), titleColor: colour("muted"), gridColor: colour("line"),
      domainColor: colour("line-strong"), tickColor: colour("line-strong"), labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: "normal", labelPadding: 6,
    },
    legend: {
      aria: false, labelColor: colour("muted"), titleColor: colour("muted"), labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: "normal",
    },
    text: { color: colour("ink"), fontSize: 12 },
  };

  const programme = () => data.programmes[chosen];
  let chosen = 0;

  // Names as a literal of the charts' expressions, in which these two would end a line.
  const NAMES = JSON.stringify(data.areas.map((area) => area.name))
    .replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`) + "[datum.value]";

  // Axis labels in the Japanese way: 200万, 1.5億.
  const MYRIADS =
    "(datum.value < 0 ? '△' : '') + (abs(datum.value) >= 1e12 ? format(abs(datum.value) / 1e12, ',~f') + '兆'" +
    " : abs(datum.value) >= 1e8 ? format(abs(datum.value) / 1e8, ',~f') + '億'" +
    " : abs(datum.value) >= 1e4 ? format(abs(datum.value) / 1e4, ',~f') + '万' : format(abs(datum.value), ',~f'))";

  // Classes in Japanese: 40.2 未満, 40.2〜52.9, 86.1 以上 (as they come: < 40.2, 40.2 – 52.9, ≥ 86.1).
  const RANGES =
    "indexof(datum.label, '<') == 0 ? slice(datum.label, 2) + ' 未満'" +
    " : indexof(datum.label, '≥') == 0 ? slice(datum.label, 2) + ' 以上' : replace(datum.label, ' – ', '〜')";

  function map() {
    const { areas, population } = programme();
    const ratios = areas.perResident.every((value) => value !== null);
    const values = data.areas.map((area, place) => {
      const amount = Number(areas.own[place]) + Number(areas.members[place]);
      return {
        ...area, value: ratios ? areas.perResident[place] : amount, tip: place,
        shown: ratios ? areas.perResident[place].toFixed(1) : `${Math.round(amount / 1e4)}万`,
      };
    });
    byId("map-caption").textContent = ratios ? "人口1人当たりの額(円)" : "負担額";
    byId("map-note").textContent = ratios
      ? `区域内の団体が負担する額 ÷ 人口(${population || "計画に定めたもの"})。色は5段階に団体数を等分。`
      : "この事業は人口の数値を用いないため、負担額で色分けした。";
    const grid = (field, size) => ({
      field, type: "ordinal", axis: null, scale: { domain: [...Array(size).keys()], padding: 0.04 },
    });
    const classes = (names, legend) => ({
      field: "value", type: "quantitative", legend,
      scale: { type: "quantile", range: names.map(colour) },
    });
    const rows = Math.max(...data.areas.map((area) => area.row)) + 1;
    const columns = Math.max(...data.areas.map((area) => area.column)) + 1;
    const ink = classes(CLASSES.map((step) => `map-ink-${step}`), null);
    return {
      description: `${programme().label}: 都道府県の位置に並べたタイル。${byId("map-caption").textContent}`,
      width: columns * TILE, height: rows * TILE, padding: 0, data: { values },
      encoding: { x: grid("column", columns), y: grid("row", rows), tooltip: { field: "tip" } },
      resolve: { scale: { color: "independent" } },
      layer: [
        {
          mark: { type: "rect", cornerRadius: 3, stroke: colour("line-strong"), strokeWidth: 0.6 },
          encoding: {
            color: classes(CLASSES.map((step) => `map-${step}`), {
              title: ratios ? "円/人" : "円", orient: "none", legendX: 0, legendY: 0,
              format: ratios ? ",.1f" : ",.0f", labelExpr: RANGES, symbolType: "square", symbolSize: 220,
              symbolStrokeWidth: 0, rowPadding: 5,
            }),
          },
        },
        { mark: { type: "text", dy: -7, fontSize: 12.5, fontWeight: "bold" }, encoding: { text: { field: "name" }, color: ink } },
        { mark: { type: "text", dy: 9, fontSize: 11 }, encoding: { text: { field: "shown" }, color: ink } },
      ],
    };
  }

  const OWN = "都道府県";
  const MEMBERS = "市区町村";

  function bars(width) {
    const { areas } = programme();
    const values = [];
    const sums = data.areas.map((area, place) => Number(areas.own[place]) + Number(areas.members[place]));
    data.areas.forEach((area, place) => {
      const common = { place, sum: sums[place], tip: place };
      values.push({ ...common, part: OWN, amount: Number(areas.own[place]) });
      values.push({ ...common, part: MEMBERS, amount: Number(areas.members[place]) });
    });
    const parts = [OWN, MEMBERS].filter((part) => values.some((row) => row.part === part && row.amount > 0));
    const byAmount = byId("bars-order").value === "amount";
    const places = data.areas.map((_, place) => place);
    if (byAmount) places.sort((one, other) => sums[other] - sums[one] || one - other);
    byId("bars-caption").textContent = parts.length > 1 ? "負担額(都道府県と市区町村)" : `負担額(${parts[0] ?? OWN})`;
    return {
      description: `${programme().label}: 都道府県別の負担額の棒グラフ`,
      width, height: { step: 13.6 }, autosize: { type: "fit-x", contains: "padding" }, padding: 0,
      data: { values: values.filter((row) => parts.includes(row.part)) },
      mark: { type: "bar", height: { band: 0.74 } },
      encoding: {
        y: {
          field: "place", type: "ordinal", sort: places, scale: { domain: places },
          axis: {
            title: null, ticks: false, domain: false, labelFontSize: 11, labelOverlap: false,
            labelExpr: NAMES,
          },
        },
        x: {
          field: "amount", type: "quantitative",
          axis: { title: "円", orient: "top", labelExpr: MYRIADS, tickCount: 4, domain: false, ticks: false },
        },
        color: {
          field: "part", type: "nominal",
          scale: { domain: parts, range: [colour("bar"), colour("bar-second")].slice(0, parts.length) },
          legend: parts.length > 1 ? { title: null, orient: "top", symbolType: "square" } : null,
        },
        order: { field: "part", sort: "descending" },
        tooltip: { field: "tip" },
      },
    };
  }

  function change(width) {
    const { areas, before } = programme();
    const values = data.areas.map((area, place) => {
      const amount = Number(areas.own[place]) + Number(areas.members[place]);
      return { place, tip: place, difference: amount - Number(before[place]) };
    });
    return {
      description: `${programme().label}: 都道府県別の前年度からの増減の棒グラフ`,
      width, height: { step: 13.6 }, autosize: { type: "fit-x", contains: "padding" }, padding: 0,
      data: { values },
      mark: { type: "bar", height: { band: 0.74 } },
      encoding: {
        y: {
          field: "place", type: "ordinal", sort: null,
          axis: {
            title: null, ticks: false, domain: false, labelFontSize: 11, labelOverlap: false,
            labelExpr: NAMES,
          },
        },
        x: {
          field: "difference", type: "quantitative",
          axis: { title: "増減(円)", orient: "top", labelExpr: MYRIADS, tickCount: 5, domain: false, ticks: false },
        },
        color: { condition: { test: "datum.difference < 0", value: colour("less") }, value: colour("more") },
        tooltip: { field: "tip" },
      },
    };
  }

  // Municipalities by residents and yen per resident; only the ranges where they aren't embedded.
  function sizes(width) {
    const { sizes: spread } = programme();
    const points = municipalities(spread);
    const [start, end] = [spread.extent[0] * 0.8, spread.extent[1] * 1.2];
    const ranges = spread.classes.map(([from, to, count, quarter, median, threeQuarters]) => ({
      from: Math.max(from, start), to: Math.min(to ?? end, end), quarter, median, threeQuarters, count,
    })).filter((range) => range.quarter > 0);
    const heights = [...points.map((point) => point.y), ...ranges.flatMap((range) => [range.quarter, range.threeQuarters])];
    const [low, high] = [Math.min(...heights) * 0.85, Math.max(...heights) * 1.18];
    const x = {
      field: "from", type: "quantitative", title: "人口(人)",
      scale: { type: "log", domain: [start, end], nice: false },
      axis: { labelExpr: MYRIADS, grid: false, values: steps(start, end) },
    };
    const y = (field) => ({
      field, type: "quantitative", title: "円/人", scale: { type: "log", domain: [low, high], nice: false },
      axis: { labelExpr: "format(datum.value, ',~f')", values: steps(low, high) },
    });
    byId("sizes-caption").textContent =
      `${programme().label}: 人口と1人当たりの額${spread.notional ? "(参考)" : ""}`;
    return {
      description: byId("sizes-caption").textContent,
      width, height: 340, autosize: { type: "fit-x", contains: "padding" }, padding: 0,
      layer: [
        {
          data: { values: ranges }, mark: { type: "rect", color: colour("median"), opacity: 0.14 },
          encoding: { x, x2: { field: "to" }, y: y("quarter"), y2: { field: "threeQuarters" } },
        },
        {
          data: { values: points }, mark: { type: "circle", size: 13, opacity: 0.45, color: colour("point") },
          encoding: { x: { ...x, field: "x" }, y: y("y"), tooltip: { field: "tip" } },
        },
        {
          data: { values: ranges }, mark: { type: "rule", strokeWidth: 2.5, color: colour("median") },
          encoding: { x, x2: { field: "to" }, y: y("median") },
        },
      ],
    };
  }

  // Round values between two: 1, 2, 5, 10, 20, 50 …, and closer together where these are few.
  function steps(low, high) {
    const between = (mantissas) => {
      const found = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
        found.push(...mantissas.map((each) => each * 10 ** power).filter((each) => each >= low && each <= high));
      }
      return found;
    };
    const few = between([1, 2, 5]);
    return few.length > 3 ? few : between([1, 1.5, 2, 3, 4, 5, 7]);
  }

  function municipalities(spread) {
    const list = data.organisations;
    if (list === null) return [];
    const { persons } = list.populations[spread.population];
    const amounts = (spread.notional ? list.notional : list.paid)[chosen];
    return list.code.flatMap((code, place) => {
      const [amount, count] = [amounts[place], persons[place]];
      if (list.kind[place] === list.prefectureKind || amount === null || !count || !Number(amount)) return [];
      return [{ x: count, y: Number(amount) / count, tip: -1 - place }];
    });
  }

  // What the pointer is on, as [name, [term, words] …]: an area, or (below 0) an organisation.
  function tip(number) {
    const { areas, before, sizes: spread } = programme();
    if (number < 0) {
      const place = -1 - number;
      const list = data.organisations;
      const amount = (spread.notional ? list.notional : list.paid)[chosen][place];
      const count = list.populations[spread.population].persons[place];
      return [
        list.areas[list.area[place]] + list.name[place],
        [spread.notional ? "参考額" : "負担額", `${yen(BigInt(amount))}円`],
        ["人口", `${yen(count)}人`],
        ["1人当たり", `${ratio(Number(amount) / count)}円`],
      ];
    }
    const own = BigInt(areas.own[number]);
    const members = BigInt(areas.members[number]);
    const rows = [["負担額", `${yen(own + members)}円`]];
    if (own && members) rows.push(["うち都道府県", `${yen(own)}円`], ["うち市区町村", `${yen(members)}円`]);
    if (areas.perResident[number] !== null) rows.push(["1人当たり", `${ratio(areas.perResident[number])}円`]);
    if (before) {
      rows.push(["前年度", `${yen(BigInt(before[number]))}円`]);
      rows.push(["増減", `${yen(own + members - BigInt(before[number]))}円`]);
    }
    return [data.areas[number].name, ...rows];
  }

  const bubble = element("div", { class: "tip", role: "presentation", hidden: "" });
  document.body.append(bubble);

  function point(_, event, item, value) {
    bubble.hidden = value === null || value === undefined || value === "";
    if (bubble.hidden) return;
    const [name, ...rows] = tip(Number(value));
    const terms = rows.flatMap(([term, words]) => [element("dt", {}, term), element("dd", {}, words)]);
    bubble.replaceChildren(element("strong", {}, name), element("dl", {}, ...terms));
    const { width, height } = bubble.getBoundingClientRect();
    const left = event.clientX + 16 + width > innerWidth ? event.clientX - 16 - width : event.clientX + 16;
    bubble.style.left = `${Math.max(4, left)}px`;
    bubble.style.top = `${Math.max(4, Math.min(event.clientY + 16, innerHeight - height - 4))}px`;
  }

  const drawn = new Map();

  function draw(id, specify) {
    const container = byId(id);
    if (container === null) return;
    drawn.get(id)?.finalize();
    container.replaceChildren();
    const specification = { ...specify(Math.max(260, container.clientWidth)), config };
    const { spec } = vegaLite.compile(specification, { logger: vega.logger(vega.Error) });
    // Vega-Lite has no way to say so: without it a scale in classes gets a strip whose parts differ in length.
    for (const legend of spec.legends ?? []) legend.type = "symbol";
    const view = new vega.View(vega.parse(spec, null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: "svg", container, hover: true, tooltip: point,
    });
    view.run();
    drawn.set(id, view);
    container.dataset.programme = String(chosen);
  }

  function show() {
    for (const part of document.querySelectorAll(".by-programme")) {
      part.hidden = part.dataset.programme !== String(chosen);
    }
    if (!programme().computed) return;
    if (data.tiled) draw("map", map);
    draw("bars", bars);
    byId("sizes-panel").hidden = programme().sizes === null;
    if (programme().sizes !== null) draw("sizes-chart", sizes);
    const panel = byId("change-panel");
    if (panel !== null) {
      panel.hidden = programme().before === null;
      if (!panel.hidden) draw("change-chart", change);
    }
  }

  const switcher = byId("switcher");
  switcher.addEventListener("change", (event) => {
    chosen = Number(event.target.value);
    show();
  });
  byId("bars-order").addEventListener("change", () => draw("bars", bars));
  const checked = switcher.querySelector("input:checked");
  chosen = checked === null ? 0 : Number(checked.value);
  switcher.hidden = false;
  show();

  // Another width of the window: drawn anew once it stays.
  let width = innerWidth;
  let waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
})();
