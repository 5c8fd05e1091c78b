"""Tables of every shape that offices send, drawn from a known truth, with faults or without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

from tests.reading.routes import Amounts, coded, prefecture_of, today
from tests.reading.shapes import Cell, Sample

NAMED: Final = """
北海道/札幌市 北海道/函館市 北海道/伊達市 北海道/当別町 青森県/青森市 青森県/鰺ヶ沢町 宮城県/仙台市
宮城県/川崎町 福島県/福島市 福島県/伊達市 茨城県/龍ケ崎市 千葉県/鎌ケ谷市 東京都/千代田区 東京都/府中市
東京都/三宅村 東京都/青ヶ島村 兵庫県/丹波篠山市 広島県/広島市 広島県/府中市 高知県/檮原町 福岡県/川崎町
福岡県/那珂川市 沖縄県/那覇市 沖縄県/石垣市
""".split()
MUNICIPALITIES: Final = [coded(*name.split("/")) for name in NAMED]
PREFECTURES: Final = [code for code, row in today().items() if row["kind"] == "prefecture"]

WIDE: Final = str.maketrans("0123456789,", "０１２３４５６７８９，")
VARIANTS: Final = ("ヶケ", "檮梼", "龍竜", "鰺鯵")

CODES: Final[dict[str, Callable[[str], Cell]]] = {
    "six": str,
    "number": int,
    "no zero": lambda code: code.lstrip("0"),
    "float": lambda code: f"{int(code)}.0",
    "wide": lambda code: code.translate(WIDE),
    "apostrophe": lambda code: f"'{code}",
    "five": lambda code: code[:5],
    "five, a number": lambda code: int(code[:5]),
}
FORMS: Final = (
    "csv",
    "csv",
    "tsv",
    "cp932",
    "utf-16",
    "utf-8-sig",
    "xlsx",
    "xlsx",
    "xls",
    "parquet",
)
UNITS: Final = {"": 1, "<unit>": 1, "<k>": 1000}
FAULTS: Final = (
    "open thousands",
    "a blank figure",
    "a row twice",
    "an unknown unit",
    "a row shifted to the right",
    "a row shifted to the left",
    "a wrong subtotal",
    "words in place of a figure",
    "a fraction",
)
TITLES: Final = (
    "<kind>一覧",
    "令和5年度<kind>一覧(市区町村別)",
    "<kind>一覧　令和5年4月1日現在",
    "別紙1",
    "総括 1,234 団体",
)
NOTES: Final = (
    "注1 試験用である。",
    "※ 端数処理の都合で一致しない場合がある。",
    "(注) 3月31日現在",
)


@dataclass
class Building:
    """A table as it grows: its rows, what is merged, and where the organisations' rows are."""

    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Drawn:
    """A table that was drawn. `fault` is what was done to it; `odd`: it may well be refused."""

    sample: Sample
    fault: str
    odd: bool


@st.composite
def truths(draw: st.DrawFn) -> Amounts:
    """Draw who has how much: a few municipalities, or a few prefectures."""
    pool = draw(st.sampled_from([MUNICIPALITIES, MUNICIPALITIES, PREFECTURES]))
    codes = draw(st.lists(st.sampled_from(pool), min_size=2, max_size=6, unique=True))
    figure = st.one_of(
        st.integers(1, 999), st.integers(1_000, 9_999_999), st.integers(10**7, 10**10)
    )
    return {code: draw(figure) for code in codes}


@st.composite
def names(draw: st.DrawFn, code: str) -> tuple[str, str]:
    """Draw how the names of an organisation are written."""
    row = today()[code]
    municipality = row["municipality"]
    if draw(st.booleans()):
        municipality = row["county"] + municipality
    for forms in VARIANTS:
        if any(each in municipality for each in forms):
            which = draw(st.sampled_from(forms))
            municipality = municipality.translate(str.maketrans(dict.fromkeys(forms, which)))
    if code == coded("東京都", "三宅村") and draw(st.booleans()):
        municipality = "三宅島 三宅村"
    if code == coded("兵庫県", "丹波篠山市") and draw(st.booleans()):
        municipality = "篠山市"
    if draw(st.integers(0, 9)) == 0:
        municipality = "　".join(municipality)
    return row["prefecture"], municipality


def written(draw: st.DrawFn, amount: int, factor: int) -> Cell:
    """Draw how a figure is written in a unit of `factor`."""
    whole, rest = divmod(amount, factor)
    decimals = f"{rest:0{len(str(factor)) - 1}d}".rstrip("0") if rest else ""
    point = f".{decimals}" if decimals else ""
    ways: list[Cell] = [f"{whole}{point}", f"{whole:,}{point}"]
    if not decimals:
        ways += [whole, f"{whole:,}".translate(WIDE), f" {whole} "]
    return draw(st.sampled_from(ways))


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    """Draw a table and, now and then, what is wrong with it."""
    truth = draw(truths())
    form = draw(st.sampled_from(FORMS))
    plain = form == "parquet"  # one header, columns of text, nothing around them
    fault = draw(st.sampled_from(("",) * 12 + FAULTS))
    of_prefectures = next(iter(truth)) in PREFECTURES
    codes = draw(st.sampled_from([*CODES, "", "", "six", "number"]))
    unit = draw(st.sampled_from([*UNITS, ""]))
    place = draw(st.sampled_from(["heading", "below", "line", "title"])) if unit else ""
    if plain and place:
        place = "heading"
    factor = UNITS[unit]
    down = "" if plain or of_prefectures else draw(st.sampled_from(["", "", "blank", "merged"]))
    if down == "merged" and form != "xlsx":
        down = "blank"
    in_order = bool(down) or draw(st.booleans())
    order = sorted(truth) if in_order else list(truth)
    with_names = not codes or bool(down) or draw(st.booleans())

    table = Building()
    heading = ["団体コード"] if codes else []
    if with_names:
        heading += draw(
            st.sampled_from(
                [["都道府県名", "市区町村名"], ["都道府県名\n（漢字）", "市区町村名\n（漢字）"],
                 ["都道府県", "市区町村"]]
            )
        )[: 1 if of_prefectures else 2]  # fmt: skip
    figure_at = len(heading)
    stated = unit if fault != "an unknown unit" else "千石"
    unit_word = draw(st.sampled_from(["(単位:{})", "（単位　{}）", "単位：{}"])).format(stated)
    heading.append(
        f"<figure>({stated})"
        if place == "heading" or (stated == "千石" and not place)
        else "<figure>"
    )
    if draw(st.booleans()):
        heading.append("備考")
    width = len(heading)

    def put(*cells: Cell) -> int:
        table.rows.append([*cells, *[""] * (width - len(cells))])
        return len(table.rows)

    if not plain:
        titles = draw(st.lists(st.sampled_from(TITLES), max_size=2))
        if place == "title":
            titles = [*titles[:1], f"<kind>の状況 {unit_word}"]
        for title in titles:
            put(title)
        if place == "line":
            put(*[""] * draw(st.integers(0, width - 1)), unit_word)
        if draw(st.integers(0, 3)) == 0:
            put("")
    top = put(*heading)
    if place == "below":
        put(*[""] * figure_at, f"({stated})")
    if not plain and not place and width > 2 and draw(st.integers(0, 5)) == 0:
        put(*(str(number) for number in range(1, width + 1)))

    subtotals = (
        not plain
        and in_order
        and not of_prefectures
        and with_names
        and draw(st.integers(0, 2)) == 0
    )
    added, start, before = 0, 0, ""
    for at, code in enumerate(order):
        now, municipality = draw(names(code))
        cells: list[Cell] = [CODES[codes](code)] if codes else []
        if with_names:
            shown = "" if down and before == now else now
            cells += [shown] if of_prefectures else [shown, municipality]
        row = put(*cells, written(draw, truth[code], factor))
        table.places.append(row - 1)
        if before != now:
            start, added = row, 0
        added += truth[code]
        before = now
        last = at + 1 == len(order) or prefecture_of(order[at + 1]) != prefecture_of(code)
        if last and down == "merged" and row > start:
            column = "AB"[1 if codes else 0]
            table.merged.append(f"{column}{start}:{column}{row}")
        if last and subtotals:
            wrong = fault == "a wrong subtotal"
            word = draw(st.sampled_from(["小計", "計", "市町村計"]))
            keys: list[Cell] = [""] if codes else []
            put(*keys, now, word, written(draw, added + wrong * factor, factor))
        if not plain and not down and draw(st.integers(0, 9)) == 0:
            put("")
        if not plain and not down and not last and draw(st.integers(0, 14)) == 0:
            put(*heading)
    if not plain and draw(st.integers(0, 2)) == 0:
        put(
            *["合計", *[""] * (figure_at - 1)][:figure_at],
            written(draw, sum(truth.values()), factor),
        )
    if not plain and draw(st.integers(0, 2)) == 0:
        put(draw(st.sampled_from(NOTES)))
    if fault == "a wrong subtotal" and not subtotals:
        fault = ""
    injured(draw, table, fault, figure_at)
    rows = as_text(table.rows) if plain else table.rows
    sample = Sample("drawn", rows, truth, form, tuple(table.merged), says=(str(top),))
    odd = codes.startswith("five") or (codes == "no zero" and not with_names)
    return Drawn(sample, fault, odd)


def as_text(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return rows whose columns are text throughout, as a column of a Parquet file is."""
    return [[str(cell) for cell in row] for row in rows]


def injured(draw: st.DrawFn, table: Building, fault: str, figure_at: int) -> None:
    """Do to one row of an organisation what the fault says."""
    if not fault or fault in {"an unknown unit", "a wrong subtotal"}:
        return
    place = draw(st.sampled_from(table.places))
    row = table.rows[place]
    if fault == "open thousands":
        parts = f"{draw(st.integers(1_000, 9_999_999)):,}".split(",")
        row[figure_at : figure_at + 1] = parts
    elif fault == "a blank figure":
        row[figure_at] = ""
    elif fault == "a row twice":
        table.rows.append(list(row))
    elif fault == "a row shifted to the right":
        row.insert(0, "")
    elif fault == "a row shifted to the left":
        row.append(row.pop(0))
    elif fault == "words in place of a figure":
        row[figure_at] = draw(st.sampled_from(["未定", "別途", "―", "#REF!"]))
    elif fault == "a fraction":
        row[figure_at] = "1.00005"
