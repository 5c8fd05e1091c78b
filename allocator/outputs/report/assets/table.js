// The table of organisations: search, filters, order, sums of what is found, and its download as CSV.
"use strict";

(() => {
  const { data, element, yen, byId } = report;
  const list = data.organisations;
  if (list === null) return;

  const BLANK = "\\x00-\\x20\\x7f-\\xa0\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff";
  const FORMULA = new RegExp(`^'*(?:[${BLANK}]*[=+\\-@＝＋－＠]|[\\t\\r\\n])`);

  const everyone = list.code.map((_, place) => place);
  const big = (values) => values.map((value) => (value === null ? null : BigInt(value)));
  const programmes = data.programmes.map((programme, number) => ({
    label: programme.label, paid: big(list.paid[number]), notional: big(list.notional[number]),
    computed: programme.computed,
  })).filter((programme) => programme.computed);

  // What a cell shows: what is paid, else the notional figure (参考).
  const paid = (programme, place) => programme.paid[place] ?? null;
  const notional = (programme, place) => programme.notional[place] ?? null;

  // One spelling for what is the same to a reader: full and half width, hiragana and katakana, ヶ and ケ,
  // 曾 and 曽, small letters and capitals; blanks don't count.
  function plain(text) {
    return text.normalize("NFKC").toUpperCase()
      .replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60))
      .replace(/[\s\u{e0100}-\u{e01ef}\ufe00-\ufe0f]/gu, "")
      .replace(/ヶ/g, "ケ").replace(/ヵ/g, "カ").replace(/曾/g, "曽").replace(/檮/g, "梼")
      .replace(/[‐‑‒–—−ー－]/g, "ー");
  }

  const areaKana = list.areaKana.map(plain);
  const haystack = everyone.map((place) => {
    const area = list.area[place];
    const kana = plain(list.kana[place]);
    const reading = kana === areaKana[area] ? kana : areaKana[area] + kana;
    return `${plain(list.code[place])}\n${plain(list.areas[area] + list.name[place])}\n${reading}`;
  });

  // Every word must be found. Of official codes digits are a beginning; the 0 in front may be lost.
  function matcher(text) {
    const words = text.normalize("NFKC").split(/\s+/).map(plain).filter((word) => word !== "");
    return (place) => words.every((word) => {
      if (!list.official || !/^\d+$/.test(word)) return haystack[place].includes(word);
      const code = list.code[place];
      return code.startsWith(word) || (word.length === 5 && code === `0${word}`);
    });
  }

  const collator = new Intl.Collator("ja");
  const columns = [
    { key: "code", title: "コード", value: (place) => place },
    { key: "area", title: "都道府県", value: (place) => list.area[place] },
    {
      key: "name", title: "市区町村", value: (place) => plain(list.kana[place] || list.name[place]),
      compare: collator.compare,
    },
    { key: "kind", title: "種別", value: (place) => list.kind[place] },
    ...list.populations.map((population, number) => ({
      key: `persons${number}`, title: "人口", under: population.label, number: true,
      value: (place) => population.persons[place] ?? null,
    })),
    ...programmes.map((programme, number) => ({
      key: `programme${number}`, title: programme.label, under: "円", number: true,
      value: (place) => paid(programme, place) ?? notional(programme, place),
    })),
    { key: "sum", title: "負担額の計", under: "円、参考を除く", number: true, value: sum },
  ];

  function sum(place) {
    return programmes.reduce((total, programme) => total + (paid(programme, place) ?? 0n), 0n);
  }

  const state = { order: columns[0], descending: false, page: 0, found: everyone };
  const table = byId("table");
  const [sums, rows] = table.tBodies;

  function heading(column) {
    const words = () => (column.under
      ? [column.title, element("br"), element("small", {}, column.under)] : [column.title]);
    const button = element("button", { type: "button" }, ...words());
    button.addEventListener("click", () => {
      state.descending = state.order === column ? !state.descending : Boolean(column.number);
      state.order = column;
      state.page = 0;
      sort();
      show();
    });
    return element("th", { scope: "col", class: column.number ? "number" : null, "data-key": column.key },
      // Browsers leave buttons out where they repeat the heading on paper.
      button, element("span", { class: "on-paper" }, ...words()));
  }

  function sort() {
    const { value, compare } = state.order;
    const sign = state.descending ? -1 : 1;
    const keys = new Map(state.found.map((place) => [place, value(place)]));
    state.found = [...state.found].sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      if (a === null || b === null) return (a === null) - (b === null) || one - other;
      const order = compare ? compare(a, b) : a < b ? -1 : a > b ? 1 : 0;
      return sign * order || one - other;
    });
  }

  function filter() {
    const fits = matcher(byId("query").value);
    const area = byId("area").value;
    const kind = byId("kind").value;
    state.found = everyone.filter((place) =>
      (area === "" || list.area[place] === Number(area)) &&
      (kind === "" || list.kind[place] === Number(kind)) && fits(place));
    state.page = 0;
    sort();
    show();
  }

  const cell = (text, attributes = {}) => element("td", attributes, text);
  const mark = () => element("span", { class: "notional-mark" }, "参考");

  function amount(programme, place) {
    const own = paid(programme, place);
    if (own !== null) return cell(yen(own));
    const part = notional(programme, place);
    if (part === null) return cell("");
    const made = cell("", { class: "notional" });
    made.append(mark(), ` ${yen(part)}`);
    return made;
  }

  function row(place) {
    return element("tr", {},
      cell(list.code[place], { class: "words code" }),
      cell(list.areas[list.area[place]], { class: "words" }),
      element("th", { scope: "row" }, list.name[place] || "(都道府県)"),
      cell(list.kinds[list.kind[place]], { class: "words" }),
      ...list.populations.map(({ persons }) => cell(persons[place] == null ? "" : yen(persons[place]))),
      ...programmes.map((programme) => amount(programme, place)),
      cell(yen(sum(place))),
    );
  }

  function total(values) {
    return values.reduce((whole, value) => whole + (value ?? 0n), 0n);
  }

  // Two rows: what is paid, and apart from it what is notional.
  function sumRows() {
    const before = 4 + list.populations.length;
    const title = (...words) => element("th", { scope: "row", colspan: before }, ...words);
    const paidSums = programmes.map((programme) => total(state.found.map((place) => paid(programme, place))));
    const made = [element("tr", { "data-sum": "paid" }, title("表示対象の負担額の計"),
      ...paidSums.map((value) => cell(yen(value))), cell(yen(total(paidSums))))];
    if (programmes.some((programme) => programme.notional.length)) {
      made.push(element("tr", { class: "notional", "data-sum": "notional" }, title(mark(), " 表示対象の参考額の計"),
        ...programmes.map((programme) => cell(programme.notional.length
          ? yen(total(state.found.map((place) => notional(programme, place)))) : "", { class: "notional" })),
        cell("")));
    }
    return made;
  }

  function show() {
    const size = Number(byId("page-size").value) || Math.max(1, state.found.length);
    const pages = Math.max(1, Math.ceil(state.found.length / size));
    state.page = Math.min(state.page, pages - 1);
    const first = state.page * size;
    const shown = state.found.slice(first, first + size);
    rows.replaceChildren(...shown.map(row));
    sums.replaceChildren(...sumRows());
    for (const th of table.tHead.rows[0].cells) {
      if (th.dataset.key === state.order.key) {
        th.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
      } else {
        th.removeAttribute("aria-sort");
      }
    }
    byId("status").textContent = state.found.length === 0
      ? `${yen(everyone.length)}団体のうち、条件に合う団体はない。`
      : `${yen(everyone.length)}団体のうち ${yen(state.found.length)}団体が条件に合う。` +
        (pages > 1 ? `${yen(first + 1)}〜${yen(first + shown.length)}件目を表示。` : "");
    byId("page").textContent = `${yen(state.page + 1)} / ${yen(pages)} ページ`;
    byId("back").disabled = state.page === 0;
    byId("forth").disabled = state.page === pages - 1;
    byId("download").disabled = state.found.length === 0;
  }

  // All that is found, not the page alone; what is paid and what is notional in columns of their own.
  function csv() {
    const heads = ["団体コード", "都道府県", "市区町村", "読み", "種別",
      ...list.populations.map(({ label }) => (label ? `人口(${label})` : "人口"))];
    for (const programme of programmes) {
      heads.push(`${programme.label} 負担額(円)`);
      if (programme.notional.length) heads.push(`${programme.label} 参考額(円)`);
    }
    heads.push("負担額の計(円)");
    const lines = state.found.map((place) => [
      list.code[place], list.areas[list.area[place]], list.name[place], list.kana[place],
      list.kinds[list.kind[place]], ...list.populations.map(({ persons }) => persons[place] ?? ""),
      ...programmes.flatMap((programme) => [
        paid(programme, place) ?? "",
        ...(programme.notional.length ? [notional(programme, place) ?? ""] : []),
      ]),
      sum(place),
    ]);
    // No spreadsheet is to take a name for a formula: see docs/outputs.md.
    const harmless = (value) => (typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value));
    const quoted = (value) => (/[",\r\n]/.test(value) ? `"${harmless(value).replace(/"/g, '""')}"` : harmless(value));
    return [heads, ...lines].map((line) => line.map(quoted).join(",") + "\r\n").join("");
  }

  function download() {
    const address = URL.createObjectURL(new Blob(["\ufeff", csv()], { type: "text/csv;charset=utf-8" }));
    const link = element("a", { href: address, download: `organisations_${data.year}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  table.tHead.replaceChildren(element("tr", {}, ...columns.map(heading)));
  byId("area").append(...list.areas.map((name, place) => element("option", { value: place }, name)));
  byId("kind").append(...list.kinds.map((name, place) => element("option", { value: place }, name)));

  let waiting = 0;
  byId("query").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  byId("area").addEventListener("change", filter);
  byId("kind").addEventListener("change", filter);
  byId("page-size").addEventListener("change", () => {
    state.page = 0;
    show();
  });
  const filters = byId("filters");
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  // The fields are empty only after the event.
  filters.addEventListener("reset", () => setTimeout(filter));
  byId("download").addEventListener("click", download);
  const turn = (step) => () => {
    state.page += step;
    show();
    table.closest(".scroll").scrollTop = 0;
  };
  byId("back").addEventListener("click", turn(-1));
  byId("forth").addEventListener("click", turn(1));

  byId("table-app").hidden = false;
  show();
})();
