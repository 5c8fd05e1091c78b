"""A comparison as a file: a paper (xlsx, HTML, Markdown) or data (JSON, CSV), by its ending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from allocator.outputs.files.replacing import ANOTHER_PLACE, by_ending, replace_report
from allocator.outputs.writers import markdown
from allocator.outputs.writers.csv_text import CR_LF, csv_of_mappings
from allocator.outputs.writers.json_text import json_text


def write_report(
    comparison: Comparison,
    file: Path,
    language: Language,
    files: Iterable[Path] = (),
    *,
    raw_csv: bool = False,
) -> None:
    """Write a comparison into `file`; what stood there stays until the new one is whole.

    In papers what is compared, and `files` that were read for it, bear their names and not their
    places on this machine; JSON is data, and names them as the call did. `raw_csv`: a CSV has no
    mark before texts that a spreadsheet takes for formulas.

    Raises:
        InputError: the ending is not one of those supported, a sheet cannot hold so many rows, or
            the file cannot be written.
    """
    step(Text("writing the report", "報告書を書出し中"))
    named = [Path(text) for each in (comparison.left, comparison.right) for text in each]
    places = places_of([*files, *named])
    render = by_ending(_RENDERERS, file)
    if render is not _as_json:  # which is what `--json` prints, to the letter
        comparison = comparison.with_paths(lambda text: portable_in(text, places))
    if raw_csv and render is _as_csv:
        content = _as_csv(comparison, language, raw=True)
    else:
        content = render(comparison, language)
    replace_report(file, content)


def refuse_unsupported(file: Path, inputs: Iterable[Path] = ()) -> None:
    """Refuse a report of another kind, or in the place of what is compared.

    Raises:
        InputError: the ending is not one of those supported, or the file is one of `inputs`.
    """
    by_ending(_RENDERERS, file)
    if any(same_file(file, given) for given in inputs):
        raise refuse(
            f"--report {file}",
            Text("this is a file that is compared", "比較するファイル自体です"),
            ANOTHER_PLACE,
            code="would_overwrite_input",
        )


def _as_json(comparison: Comparison, _: Language) -> bytes:
    return f"{json_text(comparison.as_dict(), indent=2)}\n".encode()


def _as_csv(comparison: Comparison, language: Language, *, raw: bool = False) -> bytes:
    """Return a line a row, the columns named as in JSON; with a mark for spreadsheets."""
    keys = ["programme", "code", "prefecture", "municipality", "left", "right", "difference"]
    rows = (
        {
            "programme": each.programme,
            **row.as_dict(),
            "change": CHANGES[row.change].in_(language),
        }
        for each in comparison.programmes
        for row in each.rows
    )
    text = csv_of_mappings([*keys, "change"], rows, CR_LF, raw=raw)
    return text.encode("utf-8-sig", "replace")


def _as_markdown(comparison: Comparison, language: Language) -> bytes:
    """Return a paper: what was compared, then each programme with all its rows."""
    lines = [markdown.heading(1, TITLE.in_(language)), ""]
    lines += _pairs(scope(comparison, language), language)
    lines += _notes(comparison.notes, language)
    for each in comparison.programmes:
        lines += ["", markdown.heading(2, name_of(each, language)), ""]
        lines += [*([markdown.plain(each.title), ""] if each.title and each.programme else [])]
        lines += _pairs(figures(each, language), language)
        lines += _notes(each.notes, language)
        lines += ["", *_table(each, language)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _pairs(rows: Iterable[tuple[str, str]], language: Language) -> list[str]:
    return markdown.table((Text("what", "項目").in_(language), ""), rows)


def _notes(notes: Sequence[Text], language: Language) -> list[str]:
    if not notes:
        return []
    items = [markdown.item(note.in_(language)) for note in notes]
    return ["", f"{NOTES.in_(language)}:", "", *items]


def _table(each: Compared, language: Language) -> list[str]:
    rows = (
        [group(cell) if isinstance(cell, int) else cell or "" for cell in found.values()]
        for found in (cells(row, language) for row in each.rows)
    )
    heads = [column.in_(language) for column in COLUMNS.values()]
    return markdown.table(heads, rows, [key in FIGURES for key in COLUMNS])


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
