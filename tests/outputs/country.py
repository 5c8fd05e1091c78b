"""An invented country of two prefectures and five municipalities, with names that make trouble."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.workbook import render_workbook
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan

TROUBLE: Final = (
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "<r>&</r>",
    "_x0041_ a,b\n_x0042_x0043_",
    "http://example.org/",
)
"""Names that must come out of a spreadsheet as they went in."""

PLAN: Final = """\
fiscal_year = 2030
programmes = ["roads", "wells"]
organisations = "organisations.csv"
codes = "text"
[[measure]]
name = "staff"
file = "staff.csv"
"""

ROADS: Final = """\
id = "roads"
name = "道路[1]: 'に係る負担金"
payers = "prefectures"
basis = "rule"
total = 1000000
source = "=1+1"
[[share]]
weight = "1/3"
by = "equal"
[[share]]
weight = "2/3"
by = "staff"
[rounding]
unit = 100
method = "largest_remainder"
[breakdown]
by = "staff"
"""

WELLS: Final = """\
id = "wells"
payers = "all"
basis = "rule"
[unit_amount]
by = "staff"
prefectures = [{ from = 0, amount = 5 }]
municipalities = [{ from = 0, amount = 7 }, { from = 10, amount = 8 }]
"""


def organisations(names: tuple[str, ...] = TROUBLE) -> str:
    """Return the register as CSV."""
    rows = [("E", "東国", "", "prefecture"), ("W", "西国", "", "prefecture")]
    rows += [
        (
            f"E{number}" if number < 3 else f"W{number}",
            "東国" if number < 3 else "西国",
            name,
            "town",
        )
        for number, name in enumerate(names)
    ]
    lines = ["code,prefecture,municipality,kind"]
    lines += [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def write_country(folder: Path, names: tuple[str, ...] = TROUBLE, **files: str) -> Path:
    """Write the plan into `folder`; `files` (plan, roads, wells) replace what stands above."""
    folder.mkdir(parents=True)
    texts = {"plan": PLAN, "roads": ROADS, "wells": WELLS} | files
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    (folder / "organisations.csv").write_text(organisations(names), encoding="utf-8")
    figures = {"E": 60, "W": 40, "E0": 10, "E1": 20, "E2": 30, "W3": 39, "W4": 1}
    lines = ["code,staff", *(f"{code},{figure}" for code, figure in figures.items())]
    (folder / "staff.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def rendered(outcome: Outcome) -> bytes:
    """Return the bytes of a workbook."""
    return render_workbook(outcome, provenance_of(outcome))


def opened(plan: Path) -> Workbook:
    """Compute a plan and return its workbook, read back."""
    return load_workbook(BytesIO(rendered(compute_plan(plan))), data_only=True)


def part(content: bytes, name: str) -> str:
    """Return a part of a workbook as it stands in the file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def sheet(workbook: Workbook, start: str) -> Worksheet:
    """Return the sheet whose name is `start`, or begins with it and a blank."""
    found = [
        each
        for each in workbook.worksheets
        if each.title == start or each.title.startswith(f"{start} ")
    ]
    assert len(found) == 1, f"{start}: {[each.title for each in workbook.worksheets]}"
    return found[0]


def rows(of: Worksheet, first: int = 1) -> list[tuple[object, ...]]:
    """Return the values of a sheet from row `first` on (counted from 1)."""
    return list(of.iter_rows(min_row=first, values_only=True))


def named(workbook: Workbook, name: str) -> list[object]:
    """Return the values of the cells that a defined name stands for."""
    ((title, cells),) = workbook.defined_names[name].destinations
    found = workbook[title][cells]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]
