"""A comparison as a file: a paper (xlsx, HTML, Markdown) or data (JSON, CSV), by its ending."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from allocator.auditing.side_by_side import CHANGES, Compared, Comparison
from allocator.domain.errors import refuse
from allocator.domain.progress import step
from allocator.domain.text import Language, Text
from allocator.domain.yen import group
from allocator.files.paths import same_file
from allocator.outputs.compare_paper.content import (
    COLUMNS,
    FIGURES,
    NOTES,
    TITLE,
    cells,
    figures,
    name_of,
    scope,
)
from allocator.outputs.files.places import places_of, portable_in
from allocator.outputs.files.replacing import replace_report

_MARKED: Final = re.compile(r"([\\`*_{}\[\]<>#|&~])")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text of a CSV for a formula."""


def write_report(
    comparison: Comparison, file: Path, language: Language, files: Iterable[Path] = ()
) -> None:
    """Write a comparison into `file`; what stood there stays until the new one is whole.

    In papers what is compared, and `files` that were read for it, bear their names and not their
    places on this machine; JSON is data, and names them as the call did.

    Raises:
        InputError: the ending is not one of those supported, a sheet cannot hold so many rows, or
            the file cannot be written.
    """
    step(Text("writing the report", "報告書を書出し中"))
    named = [Path(text) for each in (comparison.left, comparison.right) for text in each]
    places = places_of([*files, *named])
    render = _renderer(file)
    if render is not _as_json:  # which is what `--json` prints, to the letter
        comparison = comparison.with_paths(lambda text: portable_in(text, places))
    content = render(comparison, language)
    replace_report(file, content)


def refuse_unsupported(file: Path, inputs: Iterable[Path] = ()) -> None:
    """Refuse a report of another kind, or in the place of what is compared.

    Raises:
        InputError: the ending is not one of those supported, or the file is one of `inputs`.
    """
    _renderer(file)
    if any(same_file(file, given) for given in inputs):
        raise refuse(
            f"--report {file}",
            Text("this is a file that is compared", "比較するファイル自体です"),
            Text("give --report another place", "--report で別の場所を指定してください"),
            code="would_overwrite_input",
        )


def _renderer(file: Path) -> Callable[[Comparison, Language], bytes]:
    found = _RENDERERS.get(file.suffix.lower())
    if found is None:
        endings = ", ".join(_RENDERERS)
        raise refuse(
            f"--report {file}",
            Text("the ending says no format that is written", "拡張子から形式が判りません"),
            Text(f"end the name in one of: {endings}", f"使える拡張子: {endings}"),
            code="unknown_format",
        )
    return found


def _as_json(comparison: Comparison, _: Language) -> bytes:
    return json.dumps(comparison.as_dict(), ensure_ascii=False, indent=2).encode() + b"\n"


def _as_csv(comparison: Comparison, language: Language) -> bytes:
    """Return a line a row, the columns named as in JSON; with a mark for spreadsheets."""
    text = io.StringIO()
    keys = ["programme", "code", "prefecture", "municipality", "left", "right", "difference"]
    writer = csv.DictWriter(text, [*keys, "change"], lineterminator="\r\n")
    writer.writeheader()
    for each in comparison.programmes:
        for row in each.rows:
            found = {
                "programme": each.programme,
                **row.as_dict(),
                "change": CHANGES[row.change].in_(language),
            }
            writer.writerow({key: _no_formula(value) for key, value in found.items()})
    return text.getvalue().encode("utf-8-sig", "replace")


def _no_formula(value: str | int | None) -> str | int | None:
    """Return a cell that a spreadsheet takes for text where it is one."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _as_markdown(comparison: Comparison, language: Language) -> bytes:
    """Return a paper: what was compared, then each programme with all its rows."""
    lines = [f"# {TITLE.in_(language)}", "", *_pairs(scope(comparison, language), language)]
    lines += _notes(comparison.notes, language)
    for each in comparison.programmes:
        lines += ["", f"## {_cell(name_of(each, language))}", ""]
        lines += [*([_cell(each.title), ""] if each.title and each.programme else [])]
        lines += _pairs(figures(each, language), language)
        lines += _notes(each.notes, language)
        lines += ["", *_table(each, language)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _pairs(rows: Iterable[tuple[str, str]], language: Language) -> list[str]:
    head = f"| {Text('what', '項目').in_(language)} | |"
    return [head, "|---|---|", *(f"| {name} | {_cell(value)} |" for name, value in rows)]


def _notes(notes: Sequence[Text], language: Language) -> list[str]:
    if not notes:
        return []
    return [
        "",
        f"{NOTES.in_(language)}:",
        "",
        *(f"- {_cell(note.in_(language))}" for note in notes),
    ]


def _table(each: Compared, language: Language) -> list[str]:
    lines = [
        "| " + " | ".join(column.in_(language) for column in COLUMNS.values()) + " |",
        "|" + "".join("---:|" if key in FIGURES else "---|" for key in COLUMNS),
    ]
    for row in each.rows:
        shown = (
            group(cell) if isinstance(cell, int) else _cell(cell or "")
            for cell in cells(row, language).values()
        )
        lines.append("| " + " | ".join(shown) + " |")
    return lines


def _cell(text: str) -> str:
    """Return text that stays one cell, and stays text: nothing in it is markup."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def _as_html(comparison: Comparison, language: Language) -> bytes:
    from allocator.outputs.report import page
    from allocator.outputs.report.shell import fragment

    sections = [
        {
            "anchor": f"programme-{number}",
            "name": name_of(each, language),
            "title": each.title if each.programme else "",
            "figures": figures(each, language),
            "notes": [note.in_(language) for note in each.notes],
            "rows": [cells(row, language) for row in each.rows],
        }
        for number, each in enumerate(comparison.programmes, start=1)
    ]
    body = fragment(
        "compare.html.j2",
        scope=scope(comparison, language),
        notes=[note.in_(language) for note in comparison.notes],
        notes_heading=NOTES.in_(language),
        figures=FIGURES,
        columns={key: column.in_(language) for key, column in COLUMNS.items()},
        sections=sections,
    )
    links = [(str(section["anchor"]), str(section["name"])) for section in sections]
    return page(TITLE.in_(language), body, links=links, language=language)


def _as_workbook(comparison: Comparison, language: Language) -> bytes:
    from allocator.outputs.compare_paper.workbook import render

    return render(comparison, language)


_RENDERERS: Final = {
    ".xlsx": _as_workbook,
    ".html": _as_html,
    ".md": _as_markdown,
    ".json": _as_json,
    ".csv": _as_csv,
}
