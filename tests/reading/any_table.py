"""Tables of every shape that offices send, drawn from a known truth, with faults or without."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from hypothesis import strategies as st

from tests.reading.known import Amounts, coded, prefecture_of, today
from tests.reading.shapes import Cell, Sample

NAMED: Final = """
北海道/札幌市 北海道/函館市 北海道/伊達市 北海道/当別町 青森県/青森市 青森県/鰺ヶ沢町
宮城県/仙台市 宮城県/川崎町 福島県/福島市 福島県/伊達市 茨城県/龍ケ崎市 千葉県/鎌ケ谷市
東京都/千代田区 東京都/府中市 東京都/三宅村 東京都/青ヶ島村 兵庫県/丹波篠山市 広島県/広島市
広島県/府中市 高知県/檮原町 福岡県/川崎町 福岡県/那珂川市 沖縄県/那覇市 沖縄県/石垣市
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
KEYS: Final = (
    ("都道府県名", "市区町村名"),
    ("都道府県名\n（漢字）", "市区町村名\n（漢字）"),
    ("都道府県", "市区町村"),
)
TITLES: Final = (
    "<kind>一覧",
    "令和5年度<kind>一覧(市区町村別)",
    "<kind>一覧　<date>現在",
    "別紙1",
    "総括 1,234 団体",
)
NOTES: Final = (
    "注1 試験用である。",
    "※ 端数処理の都合で一致しない場合がある。",
    "(注) 3月31日現在",
)


@dataclass(frozen=True)
class Shape:
    """What a table is like: its file, its columns, where its unit stands, what is among its rows.

    `unit_at` is heading, below (a row of units), line (above the header) or title; `down` is how
    a prefecture's cell counts for the rows below it: blank or merged.
    """

    form: str
    codes: str
    keys: tuple[str, ...]
    unit: str
    unit_at: str
    down: str
    in_order: bool
    subtotals: bool
    other: str
    remarks: bool
    head: str
    fault: str

    @property
    def is_plain(self) -> bool:
        """Tell whether it is a file of columns, with nothing above or below them."""
        return self.form == "parquet"

    @property
    def factor(self) -> int:
        """The unit in ones."""
        return UNITS[self.unit]

    @property
    def stated(self) -> str:
        """The unit as it is stated: by a word that nobody knows, where that is the fault."""
        return "千石" if self.fault == "an unknown unit" else self.unit

    @property
    def figure_at(self) -> int:
        """The column of the figures."""
        return bool(self.codes) + len(self.keys) + bool(self.other)

    @property
    def heading(self) -> list[Cell]:
        """The header's cells."""
        figure = f"<figure>({self.stated})" if self.unit_at == "heading" else "<figure>"
        code = ["団体コード"] if self.codes else []
        other = [self.other] if self.other else []
        return [*code, *self.keys, *other, figure, *(["備考"] if self.remarks else [])]

    @property
    def header(self) -> list[list[Cell]]:
        """The header's rows: one, or two with a year above the figure or beside the keys."""
        cells, keys = self.heading, bool(self.codes) + len(self.keys)
        if self.head == "a year above":
            return [[*[""] * self.figure_at, "令和5年度"], cells]
        if self.head == "keys above":
            return [[*cells[:keys], "令和5年度"], [*[""] * keys, *cells[keys:]]]
        return [cells]


@dataclass
class Building:
    """A table as it grows: its rows, its header, what is merged, where organisations' rows are."""

    draw: st.DrawFn
    shape: Shape
    rows: list[list[Cell]] = field(default_factory=list)
    head: list[list[Cell]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def put(self, *cells: Cell) -> int:
        """Add a row of the table's width; return its number, from 1."""
        width = len(self.shape.heading)
        self.rows.append([*cells, *[""] * (width - len(cells))])
        return len(self.rows)

    def one_in(self, many: int) -> bool:
        """Draw whether something happens that happens once in so many tables or rows."""
        return not self.shape.is_plain and self.draw(st.integers(1, many)) == many


@dataclass(frozen=True)
class Drawn:
    """A table that was drawn. `fault` is what was done to it; `odd`: it may well be refused.

    `left` counts the rows below the header that are no organisation's, by reason.
    """

    sample: Sample
    fault: str
    odd: bool
    left: Mapping[str, int]


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
            municipality = re.sub(f"[{forms}]", which, municipality)
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
def shapes(draw: st.DrawFn, of_prefectures: bool) -> Shape:
    """Draw what a table is like; what a kind of file can't have is left away."""
    form = draw(st.sampled_from(FORMS))
    codes = draw(st.sampled_from([*CODES, "", "", "six", "number"]))
    down = "" if of_prefectures else draw(st.sampled_from(["", "", "blank", "merged"]))
    if form == "parquet":
        down = ""
    if down == "merged" and form != "xlsx":
        down = "blank"
    keys: tuple[str, ...] = ()
    if not codes or down or draw(st.booleans()):
        keys = draw(st.sampled_from(KEYS))[: 1 if of_prefectures else 2]
    unit = draw(st.sampled_from([*UNITS, ""]))
    unit_at = draw(st.sampled_from(["heading", "below", "line", "title"]))
    fault = draw(st.sampled_from(("",) * 12 + FAULTS))
    in_order = bool(down) or draw(st.booleans())
    subtotals = in_order and len(keys) == 2 and form != "parquet" and draw(st.booleans())
    if fault == "a wrong subtotal" and not subtotals:
        fault = ""
    if fault == "open thousands" and form == "parquet":
        fault = ""  # its columns are as many as it says
    if form == "parquet" or (fault == "an unknown unit" and not unit):
        unit_at = "heading"
    if not unit and fault != "an unknown unit":
        unit_at = ""
    remarks = draw(st.booleans())
    other = draw(st.sampled_from(["", "", "世帯数(世帯)", "面積(km2)"]))
    head = draw(st.sampled_from(["", "", "a year above", "keys above"]))
    if form == "parquet":
        head = ""
    return Shape(
        form, codes, keys, unit, unit_at, down, in_order, subtotals, other, remarks, head, fault
    )


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    """Draw a table and, now and then, what is wrong with it."""
    truth = draw(truths())
    shape = draw(shapes(of_prefectures=next(iter(truth)) in PREFECTURES))
    table = Building(draw, shape)
    _above(table)
    _body(table, truth)
    _below(table, truth)
    _injure(table)
    rows = as_text(table.rows) if shape.is_plain else table.rows
    sample = Sample("drawn", rows, truth, shape.form, tuple(table.merged))
    odd = shape.codes.startswith("five") or (not shape.keys and _is_unclear(shape.codes, truth))
    return Drawn(sample, shape.fault, odd, table.left)


def _is_unclear(codes: str, truth: Amounts) -> bool:
    """Tell whether a column without its zeros can't be read: all can lack a check digit instead.

    A code of six digits can't, nor one that would be of no prefecture then, or of no number.
    """
    if codes not in {"no zero", "number", "float"}:
        return False
    cut = [code.removeprefix("0") for code in truth]
    two_ways = [
        len(each) < 6 and "01" <= each[:2] <= "47" and (each[2:] == "000" or each[2:] >= "100")
        for each in cut
    ]
    known = {code[:5] for code in today()}
    return all(two_ways) and any(each in known for each in cut)


def _above(table: Building) -> None:
    """Add titles, the unit, and the header."""
    shape, draw = table.shape, table.draw
    words = st.sampled_from(["(単位:{})", "（単位　{}）", "単位：{}"])
    unit = draw(words).format(shape.stated)
    if not shape.is_plain:
        titles = draw(st.lists(st.sampled_from(TITLES), max_size=2))
        if shape.unit_at == "title":
            titles = [*titles[:1], f"<kind>の状況 {unit}"]
        for title in titles:
            table.put(title)
        if shape.unit_at == "line":
            table.put(*[""] * draw(st.integers(0, len(shape.heading) - 1)), unit)
    if table.one_in(4):
        table.put("")
    table.head = shape.header
    if shape.unit_at == "below":
        table.head.append([*[""] * shape.figure_at, f"({shape.stated})"])
    elif len(shape.heading) > 2 and table.one_in(6):
        table.head.append([str(number) for number in range(1, len(shape.heading) + 1)])
    for row in table.head:
        table.put(*row)


def _body(table: Building, truth: Amounts) -> None:
    """Add the rows of organisations, prefecture by prefecture."""
    shape = table.shape
    order = sorted(truth) if shape.in_order else list(truth)
    for prefecture, codes in groupby(order, prefecture_of):
        members = list(codes)
        first = len(table.rows) + 1
        for at, code in enumerate(members):
            table.places.append(len(table.rows))
            _row(table, code, truth[code], is_first=at == 0)
            if at and not shape.down and table.one_in(10):
                table.put("")
            if at and not shape.down and table.one_in(15):
                for row in table.head[table.one_in(3) :]:
                    table.put(*row)
        last = first + len(members) - 1
        if shape.down == "merged" and last > first:
            column = "AB"[bool(shape.codes)]
            table.merged.append(f"{column}{first}:{column}{last}")
        if shape.subtotals:
            wrong = shape.factor * (shape.fault == "a wrong subtotal")
            added = sum(truth[code] for code in members) + wrong
            word = table.draw(st.sampled_from(["小計", "計", "市町村計"]))
            keys = [""] if shape.codes else []
            name = today()[prefecture]["prefecture"]
            table.left["subtotal"] += 1
            table.put(
                *keys,
                name,
                word,
                *[""] * bool(shape.other),
                written(table.draw, added, shape.factor),
            )


def _row(table: Building, code: str, amount: int, *, is_first: bool) -> None:
    shape = table.shape
    prefecture, municipality = table.draw(names(code))
    if shape.down and not is_first:
        prefecture = ""
    cells: list[Cell] = [CODES[shape.codes](code)] if shape.codes else []
    cells += [prefecture, municipality][: len(shape.keys)]
    if shape.other:
        area = table.draw(st.sampled_from(["12", "3.5", "1,121.26"]))
        cells.append(table.draw(st.integers(1, 999)) if "世帯" in shape.other else area)
    table.put(*cells, written(table.draw, amount, shape.factor))


def _below(table: Building, truth: Amounts) -> None:
    """Add the total and notes."""
    shape = table.shape
    if table.one_in(3):
        total = written(table.draw, sum(truth.values()), shape.factor)
        table.left["total"] += 1
        table.put(*["合計", *[""] * (shape.figure_at - 1)], total)
    if table.one_in(3):
        table.left["note"] += 1
        table.put(table.draw(st.sampled_from(NOTES)))


def as_text(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return rows whose columns are text throughout, as a column of a Parquet file is."""
    return [[str(cell) for cell in row] for row in rows]


def _injure(table: Building) -> None:
    """Do to one row of an organisation what the fault says."""
    fault, at, draw = table.shape.fault, table.shape.figure_at, table.draw
    row = table.rows[draw(st.sampled_from(table.places))]
    if fault == "open thousands":
        row[at : at + 1] = f"{draw(st.integers(1_000, 9_999_999)):,}".split(",")
    elif fault == "a blank figure":
        row[at] = ""
    elif fault == "a row twice":
        table.rows.append(list(row))
    elif fault == "a row shifted to the right":
        row.insert(0, "")
    elif fault == "a row shifted to the left":
        row.append(row.pop(0))
    elif fault == "words in place of a figure":
        row[at] = draw(st.sampled_from(["未定", "別途", "―", "#REF!"]))
    elif fault == "a fraction":
        row[at] = "1.00005"
