"""What was extracted from a document, as tidy files: lists by fiscal year, budgets, totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Final

from allocator.outputs.files.folder import cannot_write, refuse_inputs, refuse_unwritable
from allocator.outputs.files.replacing import replace_files
from allocator.outputs.writers.csv_text import LF, Cell, csv_text
from allocator.outputs.writers.toml_text import Value, toml_keys
from allocator.sources.documents.results import BudgetLine, Extraction, Reconciliation
from allocator.sources.lists.table import PublishedList

UNDATED: Final = "undated"
"""The folder of lists whose heading and title name no fiscal year."""

PLACES: Final = "places.csv"
LISTS: Final = "lists.toml"
LEFT_OUT: Final = "left_out.csv"
RECONCILIATION: Final = "budget/reconciliation.toml"

_NAME: Final = re.compile(
    r"(?!(?:places|con|prn|aux|nul|com[0-9]|lpt[0-9])$)[a-z0-9_-]{1,60}", re.IGNORECASE
)
"""What programmes may be called in names of files, also where A is a and CON a device."""

_LIST_COLUMNS: Final = ("code", "prefecture", "municipality", "amount")
_PLACE_COLUMNS: Final = ("programme", "code", "prefecture", "municipality", "place")
_LEFT_OUT_COLUMNS: Final = ("file", "line", "reason", "text")
_BUDGET_COLUMNS: Final = (
    "id",
    "fiscal_year",
    "stage",
    "table",
    "business",
    "item",
    "amount_thousand_yen",
    "document",
    "place",
)


def write_extraction(extraction: Extraction, folder: Path, *, raw: bool = False) -> list[Path]:
    """Write everything that was found; where anything fails, the folder stays as it was.

    `raw`: without the mark before texts that a spreadsheet takes for formulas.

    Raises:
        InputError: the folder cannot be made or written.
    """
    refuse_unwritable(folder)
    files = contents(extraction, raw=raw)
    refuse_inputs([folder / name for name in files], [extraction.document.file])
    try:
        return replace_files(folder, files)
    except (OSError, ValueError) as error:
        raise cannot_write(folder, error) from None


def contents(extraction: Extraction, *, raw: bool = False) -> dict[str, bytes]:
    """Return the files: name below the folder, and content.

    `<fiscal year>/<programme>.csv` and `lists.toml` have the form of `data/published`, the files
    in `budget/` that of `data/budget`; `left_out.csv` has every row that is in none of them;
    `places.csv` says where in the document each row of the
    year's lists stands.
    """
    files: dict[str, bytes] = {}

    def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
        return csv_text(columns, rows, LF, raw=raw).encode("utf-8", "replace")

    named = list_files(extraction)
    years: dict[PurePosixPath, list[tuple[PublishedList, str]]] = {}
    for published, name in zip(extraction.lists, named, strict=True):
        files[name] = table(_LIST_COLUMNS, published.frame.select(_LIST_COLUMNS).iter_rows())
        years.setdefault(PurePosixPath(name).parent, []).append((published, name))
    for year, lists in years.items():
        files[f"{year}/{PLACES}"] = table(_PLACE_COLUMNS, _places(lists))
        files[f"{year}/{LISTS}"] = _lists_toml(extraction, lists).encode()
    by_year = sorted(extraction.lines, key=lambda line: line.stage.fiscal_year)
    for fiscal_year, lines in groupby(by_year, key=lambda line: line.stage.fiscal_year):
        rows = (_budget_row(line, extraction.title) for line in lines)
        files[f"budget/{fiscal_year}.csv"] = table(_BUDGET_COLUMNS, rows)
    files[LEFT_OUT] = table(_LEFT_OUT_COLUMNS, _left_out(extraction))
    if extraction.reconciliations:
        files[RECONCILIATION] = _reconciliation_toml(extraction.reconciliations).encode()
    return files


def list_files(extraction: Extraction) -> list[str]:
    """Return the name of each list's file: its year and programme; numbered where that repeats."""
    names: list[str] = []
    taken: set[str] = set()
    for published in extraction.lists:
        year = published.fiscal_year
        programme = published.programme if _NAME.fullmatch(published.programme) else "list"
        stem = f"{year.year if year else UNDATED}/{programme}"
        name, count = f"{stem}.csv", 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem}-{count}.csv"
        taken.add(name.casefold())
        names.append(name)
    return names


def _places(lists: Iterable[tuple[PublishedList, str]]) -> Iterator[tuple[str, ...]]:
    for published, name in lists:
        for code, prefecture, municipality, line in published.frame.select(
            "code", "prefecture", "municipality", "line"
        ).iter_rows():
            stem = PurePosixPath(name).stem
            yield stem, code, prefecture, municipality, published.place(line)


def _left_out(extraction: Extraction) -> Iterator[tuple[Cell, ...]]:
    """Yield every row of the document that is in none of the other files, and why."""
    source = extraction.document.source
    name = source.name if source is not None else extraction.document.file.name
    for each in extraction.left_out:
        yield name, each.line, each.reason, each.text


def _budget_row(line: BudgetLine, document: str) -> tuple[Cell, ...]:
    stage = line.stage
    places = "; ".join(map(str, (line.place, *line.also)))
    return (
        line.id,
        str(stage.fiscal_year),
        stage.name,
        line.table,
        line.business,
        line.item,
        line.amount,
        document,
        places,
    )


def _lists_toml(extraction: Extraction, lists: Sequence[tuple[PublishedList, str]]) -> str:
    year = lists[0][0].fiscal_year
    head: dict[str, Value] = {"fiscal_year": year.year} if year else {}
    parts = [toml_keys({**head, "document": extraction.title})]
    for published, name in lists:
        entry: dict[str, Value] = {
            "programme": published.programme,
            "file": PurePosixPath(name).name,
            "heading": published.heading,
            "title": published.title,
            "reference": published.reference,
        }
        if published.declared_total is not None:
            entry["declared_total"] = published.declared_total
        entry["rows"] = len(published.frame)
        entry["total_row"] = published.printed_total is not None
        parts.append("[[list]]\n" + toml_keys(entry))
    return "\n".join(parts)


def _reconciliation_toml(found: Iterable[Reconciliation]) -> str:
    parts = ["# Thousand yen. Which lines make which total; a list in yen is cut to thousands.\n"]
    for each in found:
        entry: dict[str, Value] = {
            "fiscal_year": each.stage.fiscal_year.year,
            "stage": each.stage.name,
            "programme": each.programme,
            "lines": list(each.lines),
        }
        if each.total is not None:
            entry["total_thousand_yen"] = each.total
        entry |= {"status": each.status, "why": each.why.ja, "why_en": each.why.en}
        if each.missing:
            entry["missing"] = list(each.missing)
        parts.append("[[reconciliation]]\n" + toml_keys(entry))
        parts += [
            "[[reconciliation.candidate]]\n"
            + toml_keys(
                {
                    "lines": list(candidate.lines),
                    "total_thousand_yen": candidate.total,
                    "why": candidate.why.ja,
                    "why_en": candidate.why.en,
                }
            )
            for candidate in each.candidates
        ]
    return "\n".join(parts)
