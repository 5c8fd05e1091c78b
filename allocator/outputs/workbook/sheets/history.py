"""来歴: the inputs with their sha256, the options of the call, the versions, notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from allocator.domain.years import FiscalYear
from allocator.outputs.files.provenance import PLACES, Provenance, portable_notes
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import headings, put, set_widths, title, width
from allocator.results.outcome import Outcome

NAME: Final = "来歴"
HASH: Final = "SHA-256"
NOTE: Final = "注記"
_YEAR: Final = "年度"
_VERSION: Final = "版: "
_DAY: Final = "負担団体の基準日"
_SHA256: Final = 68.0
_OPTIONS: Final = {
    "total": "総額の指定(--total)",
    "as_of": "基準日の指定(--as-of)",
    "programme": "事業の限定(--programme)",
}


def write(book: Book, outcome: Outcome, provenance: Provenance) -> None:
    """Write the sheet. No clock time, no place of this computer."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    names = [each.name for each in provenance.inputs]
    widths = [width([*names, *_OPTIONS.values()], 30), 20.0, _SHA256]
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 来歴", widths, styles["title"])
    headings(sheet, 2, ["入力ファイル", "所在", HASH], styles["heading"])
    row = 3
    for each in provenance.inputs:
        put(sheet, row, 0, each.name, styles["text"])
        put(sheet, row, 1, PLACES[each.place].ja, styles["text"])
        put(sheet, row, 2, each.sha256, styles["text"])
        row += 1
    told = facts(
        outcome.plan.fiscal_year.year,
        f"{outcome.plan.table.payers_on}",
        provenance.options,
        provenance.versions,
    )
    for name, value in told.items():
        row += 1
        put(sheet, row, 0, name, styles["label"])
        put(sheet, row, 1, value, styles["text"])
    for note in portable_notes(outcome):
        row += 1
        put(sheet, row, 0, NOTE, styles["label"])
        put(sheet, row, 1, note.ja, styles["plain"])
    sheet.freeze_panes(3, 0)
    book.protect(sheet)


def facts(
    year: int, payers_as_of: str, options: Mapping[str, object], versions: Mapping[str, str]
) -> dict[str, str]:
    """Return what the sheet says besides its inputs and notes: label and value, in order."""
    return {
        _YEAR: f"{year}({FiscalYear(year).japanese})",
        _DAY: payers_as_of,
        **{_OPTIONS[name]: _words(value) for name, value in options.items()},
        **{f"{_VERSION}{name}": version for name, version in versions.items()},
    }


def key_of(label: str) -> str:
    """Return the key of the manifest that holds what stands beside a label."""
    if label.startswith(_VERSION):
        return f"versions.{label.removeprefix(_VERSION)}"
    options = {words: f"options.{name}" for name, words in _OPTIONS.items()}
    return {_YEAR: "fiscal_year", _DAY: "payers_as_of", **options}.get(label, label)


def _words(value: object) -> str:
    if isinstance(value, dict):
        return "、".join(f"{name}={given}" for name, given in value.items())
    return "、".join(value) if isinstance(value, list) else f"{value}"
