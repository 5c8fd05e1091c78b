"""The tables of a budget, rebuilt from `data/budget`: what is printed there, and what is lost.

Figures that the data hold stand where the papers have them; all others are invented, so that rows
and columns add up. Minus signs are left out (a loss reads like a profit), headings of the tables by
business are scrambled and some of their columns doubled or shifted, as in the papers.
"""

import csv
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.documents.drawing import Papers, Table, paragraph

DATA: Final = Path(__file__).parents[2] / "data"

BUSINESSES: Final = (
    "一般事業",
    "本人確認情報処理事業",
    "公的個人認証サービス事業",
    "個人番号カード発行等事業",
    "中間サーバー共同化・集約化等事業",
    "総合行政ネットワーク運営事業",
    "本人確認情報処理事業関連事業",
    "デジタル基盤改革支援基金事業",
)
PLACES: Final = {"residents": 1, "jpki": 2, "intermediate-server": 4, "lgwan": 5}
_OTHER: Final = 3  # 個人番号カード発行等事業 takes what the known businesses leave of a total
Row = list[int]


@dataclass(frozen=True)
class Budget:
    """The lines of one budget, by the end of their ids."""

    year: int
    stage: str
    lines: Mapping[str, int]
    purposes: Mapping[str, str]

    @property
    def month(self) -> int:
        """The month of the supplement, 0 for the first budget."""
        return {"january": 1, "march": 3}.get(self.stage.split("_")[0], 0)

    @property
    def name(self) -> str:
        """令和4年度3月補正."""
        return f"令和{self.year - 2018}年度" + (f"{self.month}月補正" if self.month else "")

    @property
    def period(self) -> str:
        """From when to when."""
        era = self.year - 2018
        return f"(令和{era}年4月1日から令和{era + 1}年3月31日まで)"

    @property
    def before(self) -> str:
        """How the column before the supplement is headed."""
        return "当初予定額" if self.month == 1 else "1月補正後予定額"

    @property
    def after(self) -> str:
        """How the column after the supplement is headed."""
        return f"{self.month}月補正後予定額"


def read_budget(year: int) -> Budget:
    """Read the lines of a year's budget."""
    path = DATA / "budget" / f"{year}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ends = {row["id"]: re.sub(r"^[0-9]+-[a-z]+-", "", row["id"]) for row in rows}
    return Budget(
        year,
        rows[0]["stage"],
        {ends[row["id"]]: int(row["amount_thousand_yen"]) for row in rows},
        {ends[row["id"]]: row["item"] for row in rows if "form7" in row["id"]},
    )


def add_budget(papers: Papers, budget: Budget, head: str) -> None:
    """Add the tables of a budget: the whole, then by business, then form 7."""
    unit = paragraph("(単位：千円)", size=8)
    income, cash = list(profit_and_loss(budget)), list(cash_plan(budget))
    for title, rows in (("予定損益計算書", income), ("資金計画", cash)):
        table = [
            ("科 目", "金額"),
            *((label, _figure(row[-1]) if row else "") for label, row in rows),
        ]
        papers.add(
            paragraph(head, size=7),
            paragraph(f"{budget.name} {title}"),
            paragraph(budget.period, size=8),
            unit,
            Table(tuple(table), (250.0, 100.0)),
        )
    headings = tuple(_legible(name) for name in (*BUSINESSES, "合計"))
    papers.add(paragraph(head, size=7), _wide("科 目", headings, balance_sheet(budget)), wide=True)
    scrambled, spoil = SPOILT[budget.year]
    papers.add(
        paragraph(head, size=7),
        *(
            [paragraph(f"(事業別財務情報({budget.name} 予定損益計算書関係))", size=8)]
            if budget.month == 1
            else []
        ),
        _wide("科 目", scrambled, ((label, spoil(row)) for label, row in income)),
        wide=True,
    )
    papers.add(
        paragraph(head, size=7),
        _wide("区分", tuple(_torn(name) for name in (*BUSINESSES, "合計")), cash),
        wide=True,
    )
    add_form7(papers, budget, head, whole=not budget.month)


def add_supplement(papers: Papers, budget: Budget, head: str) -> None:
    """Add the tables with columns before and after the supplement, some businesses in each."""
    income, cash = list(profit_and_loss(budget)), list(cash_plan(budget))
    columns = (budget.before, "補 正 額", budget.after)
    for title, rows in (("予定損益計算書", income), ("資金計画", cash)):
        body: list[tuple[str, ...]] = [(label, *_three(row, -1)) for label, row in rows]
        papers.add(
            paragraph(head, size=7),
            paragraph(f"{budget.name} {title}"),
            paragraph(budget.period, size=8),
            paragraph("(単位：千円)", size=8),
            Table((("科 目", *columns), *body), (200.0, 90.0, 90.0, 90.0)),
        )
    for groups, rows in ((((0, 1), (2, 3)), income), (((0, 1), (2, 3)), cash)):
        for group in groups:
            body = [
                (label, *(part for at in group for part in _three(row, at))) for label, row in rows
            ]
            table = [
                (
                    "科 目" if rows is income else "区分",
                    *(cell for at in group for cell in (BUSINESSES[at], "", "")),
                ),
                ("", *(column for _ in group for column in columns)),
                *body,
            ]
            widths = (150.0, *(85.0 for _ in range(3 * len(group))))
            papers.add(
                paragraph(head, size=7), Table(tuple(table), widths, 6.0, headers=1), wide=True
            )
    add_form7(papers, budget, head, whole=True)


def add_overview(papers: Papers, budget: Budget, head: str) -> None:
    """Add a summary in million yen, which has nothing that we look for."""
    columns = ("科目", "1月補正後予算", "補正額", "3月補正後予算")
    rows = [
        (label, *(f"{part // 1000:,}" for part in (row[1] * 2, row[1], row[1])))
        for label, row in profit_and_loss(budget)
        if row
    ]
    papers.add(
        paragraph(head, size=7),
        paragraph(f"{budget.name}予算(案)の概要"),
        paragraph("ア 本人確認情報処理事業 補正予定損益計算書"),
        paragraph("(単位：百万円)", size=8),
        Table((columns, *rows), (200.0, 90.0, 90.0, 90.0)),
        paragraph(
            "(注) 百万円未満を切り捨てた。各科目を足しても、",
            "合計とは合わないことがある。",
        ),
    )


def add_form7(papers: Papers, budget: Budget, head: str, *, whole: bool) -> None:
    """Add form 7: all purposes, or what the supplement changes; then what follows it there."""
    names = [name for name in budget.purposes if name != "form7-total"]
    if not whole:
        names = [max(names, key=lambda name: budget.lines[name])]
    rows: list[tuple[str, ...]] = [
        (_spaced(budget.purposes[name]), _figure(budget.lines[name]), _figure(_invented(name)))
        for name in names
    ]
    if whole:
        sums = (sum(budget.lines[name] for name in names), sum(map(_invented, names)))
        rows.append(("合 計", *map(_figure, sums)))
    papers.add(
        paragraph(head, size=7),
        paragraph("様式第7号"),
        paragraph("(予定貸借対照表関係)"),
        paragraph("予定前受金及び累積前受金の内容及び金額"),
        paragraph("(単位 : 千円)", size=8),
        Table((("内 容", "予定前受金", "累積前受金"), *rows), (300.0, 90.0, 90.0)),
        paragraph("(債務負担行為関係)"),
        paragraph("(単位 : 千円)", size=8),
        Table(
            (
                ("事 項", "限度額", "行為年度"),
                ("運用等業務", "30,564,000", f"令和{budget.year - 2018}年度"),
            ),
            (300.0, 90.0, 90.0),
        ),
    )


def profit_and_loss(budget: Budget) -> Iterator[tuple[str, Row]]:
    """Yield the rows of 予定損益計算書: eight businesses and their sum."""
    lines = budget.lines
    shares = [0] * len(BUSINESSES)
    for name in ("residents", "jpki", "lgwan"):
        shares[PLACES[name]] = lines[f"{name}-revenue"]
    server = [0] * len(BUSINESSES)
    server[PLACES["intermediate-server"]] = lines["intermediate-server-revenue"]
    income = [
        ("事業負担金収入", _only(0, 305_500)),
        ("自治体中間サーバー関連交付金", server),
        ("地方公共団体負担金収入", shares),
        ("負担金収入", [116_183, 0, 0, 0, 0, 510_268, 5_366, 0]),
        (
            "事業収入",
            [
                _invented(f"{budget.year}事業収入{at}") if at in {0, 1, 2, 6} else 0
                for at in range(len(BUSINESSES))
            ],
        ),
        ("長期前受金取崩収入", [0, 526_494, 359_482, 87_694, 9_369, 6_619, 0, 73_369_897]),
    ]
    yield "営業収益", []
    for label, row in income:
        yield label, [*row, sum(row)]
    total = [sum(row[at] for _, row in income) for at in range(len(BUSINESSES))]
    yield "営業収益合計", [*total, sum(total)]
    costs = [max(amount + 7_000 - 2_500 * at, 0) for at, amount in enumerate(total)]
    yield "営業費用", []
    yield "事業費", [*costs, sum(costs)]
    yield "営業費用合計", [*costs, sum(costs)]
    result = [amount - cost for amount, cost in zip(total, costs, strict=True)]
    yield "営業利益", [abs(amount) for amount in (*result, sum(result))]


def cash_plan(budget: Budget) -> Iterator[tuple[str, Row]]:
    """Yield the rows of 資金計画: eight businesses and their sum; no minus sign is printed."""
    lines = budget.lines
    size = len(BUSINESSES)
    server = PLACES["intermediate-server"]
    income = [_invented(f"{budget.year}収益{at}") * 3 for at in range(size)]
    income[server] = lines["intermediate-server-revenue"]
    interest = _only(0, 84)
    before = [0 if at == server else _invented(f"前{at}") for at in range(size)]
    after = [0 if at == server else _invented(f"後{at}") for at in range(size)]
    parts = [("営業収益", income), ("利息収入", interest), ("前期末未収金", before)]
    for label, row in (*parts, ("当期末未収金", after)):
        yield label, [*row, sum(row)]
    inflow = [sum(row[at] for _, row in parts) - after[at] for at in range(size)]
    for kind, label in (("advance", "長期前受金"), ("deferred-income", "長期前受収益")):
        if f"all-{kind}" not in lines:
            continue
        row = [0] * size
        for name, place in PLACES.items():
            row[place] = lines[f"{name}-{kind}"]
        row[_OTHER] = lines[f"all-{kind}"] - sum(row)
        yield label, [*row, sum(row)]
        inflow = [amount + more for amount, more in zip(inflow, row, strict=True)]
    yield "資金収入合計", [*inflow, sum(inflow)]
    outflow = [_invented(f"{budget.year}支出{at}") * 2 for at in range(size)]
    yield "事業費", [*outflow, sum(outflow)]
    yield "資金支出合計", [*outflow, sum(outflow)]
    rest = [one - other for one, other in zip(inflow, outflow, strict=True)]
    yield "資金収支差額", [abs(amount) for amount in (*rest, sum(rest))]


def balance_sheet(budget: Budget) -> Iterator[tuple[str, Row]]:
    """Yield some rows of 予定貸借対照表."""
    yield "資産の部", []
    for label in ("現金及び預金", "未収金", "長期前受金"):
        row = [_invented(f"{budget.year}{label}{at}") for at in range(len(BUSINESSES))]
        yield label, [*row, sum(row)]


def _spoilt_2023(row: Row) -> list[int | None]:
    return [*row[:8], 0, row[8]] if row else []


def _spoilt_2022(row: Row) -> list[int | None]:
    if not row:
        return []
    doubled = row[5] if row[0] and row[5] else 0
    return [*row[:2], None, *row[2:5], doubled, *row[5:8], 0, 0, row[8]]


def _spoilt_2021(row: Row) -> list[int | None]:
    return [*row[:2], None, None, *row[2:5], 0, *row[5:8], 0, 0, row[8]] if row else []


def _across(name: str) -> str:
    """Read a name across that is set in columns from right to left: 本人確認情報… as 処情本 理…."""
    columns = [name[at : at + 3] for at in range(0, len(name), 3)]
    rows = ("".join(column[at : at + 1] for column in reversed(columns)) for at in range(3))
    return " ".join(" ".join(row) for row in rows)


def _torn(name: str) -> str:
    """Break a name as narrow cells do, and lose a character of longer ones: 本人 情報 確認 事業."""
    if name in {"本人確認情報処理事業", "本人確認情報処理事業関連事業"}:
        return "本人 情報 確認 事業"
    kept = name.replace("化等事業", "化事業")
    return " ".join(kept[at : at + 4] for at in range(0, len(kept), 4))


def _legible(name: str) -> str:
    return " ".join(name[at : at + 6] for at in range(0, len(name), 6))


def _headings(tears: Mapping[int, int]) -> tuple[str, ...]:
    """Scramble the headings; `tears` says into how many parts which of them fall."""
    headings: list[str] = []
    for at, name in enumerate((*BUSINESSES, "合計")):
        parts = tears.get(at, 1)
        mixed = _across(name).split() if at in tears or at in {1, 2} else list(name)
        size = -(-len(mixed) // parts)
        headings += [" ".join(mixed[start : start + size]) for start in range(0, len(mixed), size)]
    return tuple(headings)


SPOILT: Final = {
    2021: (_headings({1: 3, 2: 2, 6: 2, 7: 2}), _spoilt_2021),
    2022: (_headings({1: 2, 2: 2, 6: 2, 7: 2}), _spoilt_2022),
    2023: (_headings({6: 2}), _spoilt_2023),
}


def _wide(
    first: str, headings: Sequence[str], rows: Iterable[tuple[str, Sequence[int | None]]]
) -> Table:
    width = len(headings)
    body: list[tuple[str, ...]] = []
    for label, row in rows:
        cells = ["" if figure is None else _figure(figure) for figure in row]
        body.append((_broken(label), *cells, *[""] * (width - len(cells))))
    widths = (130.0, *(630.0 / width for _ in headings))
    return Table(((first, *headings), *body), widths, 5.0, headers=0)


def _broken(label: str) -> str:
    """Break long labels as narrow columns do, with the length mark doubled at the break."""
    if label == "自治体中間サーバー関連交付金":
        return "自治体中間サー ー バ ー 関 連 交 付 金"
    return label.replace("地方公共団体", "地方公共団体 ")


def _three(row: Row, at: int) -> tuple[str, str, str]:
    """Return before, change (its minus sign lost) and after."""
    if not row:
        return "", "", ""
    amount = row[at]
    change = amount // 7 // 1000 * 1000
    return _figure(amount + change), _figure(change), _figure(amount)


def _spaced(purpose: str) -> str:
    """Set letters and figures apart, brackets narrow, as the papers print purposes."""
    spread = re.sub(r"([A-Z0-9])", r" \1 ", purpose).replace("（", " (").replace("）", ")")
    return " ".join(spread.split())


def _only(place: int, amount: int) -> Row:
    return [amount if at == place else 0 for at in range(len(BUSINESSES))]


def _invented(what: str) -> int:
    """Return a number that stays the same for the same words."""
    return zlib.crc32(what.encode()) % 900_000 + 100_000


def _figure(amount: int) -> str:
    return f"{amount:,}"
