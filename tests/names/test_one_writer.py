"""Each kind of output has one writer, in which names are data; nothing is written beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "allocator"

BOOK: Final = "outputs/workbook/book/"
WRITERS: Final[Mapping[str, tuple[str, ...]]] = {
    # CSV
    "writer": ("outputs/writers/csv_text.py",),
    "DictWriter": (),
    "write_csv": ("outputs/writers/csv_text.py",),
    # JSON and TOML
    "dumps": (
        "outputs/writers/json_text.py",
        "outputs/writers/toml_text.py",
        "plans/written.py",
        "plans/changed.py",
        # what no reader of outputs sees: a journal, what a seal is the hash of, a pipe of our own
        "sources/reading/pdf/child.py",
        "outputs/files/claim.py",
        "outputs/files/manifest_form.py",
    ),
    "dump": (),
    "write_json": (),
    "write_ndjson": (),
    # workbooks
    "Workbook": (BOOK,),
    "write_excel": (),
    "write_string": (),
    "write_formula": (),
    "CellStringTuple": (BOOK,),
    "CellFormulaTuple": (BOOK,),
    "write_array_formula": (),
    "write_dynamic_array_formula": (),
    "write_rich_string": (),
    "write_row": (),
    "write_column": (),
    "write_url": (BOOK,),
    "write_comment": (),
    "insert_textbox": (),
    "define_name": (BOOK,),
    "set_header": (BOOK,),
    "set_footer": (BOOK,),
    "set_properties": (BOOK,),
    "set_custom_property": (),
    # HTML
    "Markup": ("outputs/report/shell.py", "outputs/report/__init__.py"),
    "write_html": (),
    # the terminal; a trace is for who asks for it by ALLOCATOR_DEBUG
    "print": ("cli/terminal.py", "sources/reading/pdf/child.py"),
    "echo": ("cli/terminal.py",),
    "secho": (),
    "print_json": (),
    "print_exception": ("cli/main.py",),
    "stdout": ("cli/streams.py", "cli/delivery.py", "sources/reading/pdf/apart.py"),
    "stderr": (
        "cli/terminal.py",
        "cli/audit.py",
        "cli/progress.py",
        "cli/streams.py",
        "cli/delivery.py",
    ),
}
"""Names of functions that write, and the modules (or rooms) that may call them."""


def used(source: str) -> Iterator[tuple[str, int]]:
    """Yield the names of `WRITERS` that a module uses, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [each.name for each in node.names if node.module != "pathlib"]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names = [node.func.id]
        else:
            continue
        yield from ((name, node.lineno) for name in names if name in WRITERS)


def beside(place: str, source: str) -> list[str]:
    """Return where a module writes what others are there for."""
    return [
        f"{place}, line {line}: {name}"
        for name, line in used(source)
        if not place.startswith(WRITERS[name] or ("-",))
    ]


def test_nothing_is_written_beside_the_writers() -> None:
    found = [
        each
        for file in sorted(PACKAGE.rglob("*.py"))
        for each in beside(file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_every_writer_is_still_one() -> None:
    everywhere = {
        (name, place)
        for file in PACKAGE.rglob("*.py")
        for place in [file.relative_to(PACKAGE).as_posix()]
        for name, _ in used(file.read_text(encoding="utf-8"))
    }
    for name, allowed in WRITERS.items():
        for place in allowed:
            assert any(name == one and at.startswith(place) for one, at in everywhere), (
                name,
                place,
            )


@pytest.mark.parametrize(
    "source",
    [
        "import csv\ncsv.writer(file)",
        "from csv import DictWriter",
        "frame.write_csv(file)",
        "import json\njson.dumps(1)",
        "from json import dumps as d",
        "import click\nclick.echo('x')",
        "print('x')",
        "console.print('x')",
        "import sys\nsys.stdout.write('x')",
        "write = sheet.write_formula",
        "from xlsxwriter import Workbook",
        "from xlsxwriter.worksheet import CellFormulaTuple",
        "book.workbook.define_name('a', '=A1')",
        "from markupsafe import Markup",
    ],
)
def test_whatever_writes_is_found(source: str) -> None:
    assert len(beside("tasks/compute.py", source)) == 1


def test_templates_and_scripts_take_text_for_text() -> None:
    folder = PACKAGE / "outputs" / "report"
    written = re.compile(
        r"\|\s*safe\b|autoescape\s+false|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
        r"|\beval\(|new Function|createContextualFragment|\bsrcdoc\b|setHTML"
    )
    files = [*(folder / "templates").glob("*.j2"), *(folder / "assets").glob("*.js")]
    assert len(files) > 5
    for file in files:
        assert written.search(file.read_text(encoding="utf-8")) is None, file
