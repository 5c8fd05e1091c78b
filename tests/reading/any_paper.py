"""Lists as council papers print them, drawn from a known truth, with faults or without."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from tests.documents.drawing import Papers, Table, as_pdf, as_text, as_workbook, paragraph, write
from tests.reading.any_table import MUNICIPALITIES, PREFECTURES
from tests.reading.known import Amounts, prefecture_of, today

SUBJECTS: Final = (
    "総合行政ネットワークに係る",
    "公的個人認証サービスに係る",
    "本人確認情報処理事務等に係る",
)
UNITS: Final = {"(単位:円)": 1, "（単位：円）": 1, "(単位:千円)": 1000, "": 1}
FAULTS: Final = (
    "a figure that cannot be read",
    "a row without a figure",
    "a row twice",
    "a wrong total",
    "a figure of another",
)
DECLARED: Final = (
    (),
    ("2 負担金総額", "{:,}円"),
    ("2 負担金総額 {:,}円",),
    ("(2)負担金総額：{}円",),
    ("負担金総額 金{:,}円",),
)
"""The lines that declare a total."""

_WIDTHS: Final = (80.0, 100.0, 150.0, 100.0)


@dataclass(frozen=True)
class Paper:
    """Papers with one list; `fault` is what was done to it."""

    papers: Papers
    truth: Amounts
    form: str
    fault: str

    def written(self, folder: Path) -> Path:
        """Write the papers in their form."""
        if self.form == "pdf":
            return write(folder / "list.pdf", as_pdf(self.papers))
        if self.form == "xlsx":
            return write(folder / "list.xlsx", as_workbook(self.papers))
        return write(folder / "list.txt", as_text(self.papers))


@st.composite
def papers(draw: st.DrawFn, forms: tuple[str, ...] = ("text", "text", "xlsx", "pdf")) -> Paper:
    """Draw papers: heading, declared total, title and header again on each page."""
    by_code = draw(st.booleans())
    pool = MUNICIPALITIES if by_code else PREFECTURES
    codes = sorted(draw(st.lists(st.sampled_from(pool), min_size=4, max_size=9, unique=True)))
    if by_code and draw(st.booleans()):
        codes = sorted({*codes, *map(prefecture_of, codes)})
    unit = draw(st.sampled_from(list(UNITS)))
    factor = UNITS[unit]
    truth = {code: factor * draw(st.integers(1_000, 99_999_999)) for code in codes}
    fault = draw(st.sampled_from(("",) * 6 + FAULTS))
    rows = [_row(code, f"{amount // factor:,}", by_code=by_code) for code, amount in truth.items()]
    _injure(draw, rows, fault)
    total = sum(truth.values()) + factor * (fault == "a wrong total")
    head = (
        ("団体コード", "都道府県名", "市区町村名", "負担金") if by_code else ("都道府県名", "金額")
    )
    drawn = Papers()
    subject = draw(st.sampled_from(SUBJECTS))
    heading = paragraph(f"{subject}令和 8 年度負担金について")
    declared = draw(st.sampled_from(DECLARED))
    if declared:
        lines = [paragraph(each.format(total)) for each in declared]
        drawn.add(heading, paragraph("1 概要"), *lines, paragraph("3 負担団体"))
    elif fault == "a wrong total" or draw(st.booleans()):
        rows.append(("合計", *[""] * (len(head) - 2), f"{total // factor:,}"))
    size = draw(st.integers(2, len(rows)))
    for start in range(0, len(rows), size):
        above = [paragraph(unit)] if unit else []
        drawn.add(
            paragraph(f"{subject}令和8年度負担金一覧"),
            *above,
            Table((head, *rows[start : start + size]), _WIDTHS[: len(head)]),
        )
    return Paper(drawn, truth, draw(st.sampled_from(forms)), fault)


def _row(code: str, figure: str, *, by_code: bool) -> tuple[str, ...]:
    row = today()[code]
    if not by_code:
        return row["prefecture"], figure
    return code, row["prefecture"], row["county"] + row["municipality"], figure


def _injure(draw: st.DrawFn, rows: list[tuple[str, ...]], fault: str) -> None:
    place = draw(st.integers(1, len(rows) - 1))
    row = rows[place]
    if fault == "a figure that cannot be read":
        rows[place] = (*row[:-1], f"{row[-1]}O")
    elif fault == "a row without a figure":
        rows[place] = (*row[:-1], "")
    elif fault == "a row twice":
        rows.insert(place, row)
    elif fault == "a figure of another":
        rows[place] = (*row[:-1], f"{int(row[-1].replace(',', '')) + 1:,}")
