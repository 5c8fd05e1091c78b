"""docs/plan.md names the keys that plans have, with their defaults, and its examples hold."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from allocator.plans import plan, programme, tables
from allocator.plans.plan import MeasureSource, PlanTable
from allocator.plans.programme import Part, Programme
from allocator.plans.rules import RuleTable
from allocator.plans.tables import Table
from docs.build import ROOT
from tests.docs.pages import page

PLAN: Final = page("docs/plan.md")

# Which table of the page describes which table of a plan: heading, and which of its tables.
DESCRIBED: Final[dict[type[Table], tuple[str, str]]] = {
    PlanTable: ("plan.toml", "key"),
    MeasureSource: ("`[[measure]]`", "key"),
    Programme: ("A programme", "key"),
    Part: ("`[[part]]`", "key"),
    tables.Share: ("`[[share]]`", "key"),
    tables.Rounding: ("`[rounding]`", "key"),
    tables.UnitAmount: ("`[unit_amount]`", "key"),
    tables.Band: ("`[unit_amount]`", "key of a band"),
    tables.CarriedForward: ("`[carried_forward]`", "key"),
    tables.Adjustment: ("`[[adjustment]]`", "key"),
    tables.Breakdown: ("`[breakdown]`", "key"),
}
IDS: Final = [table.__name__ for table in DESCRIBED]


def rows_of(table: type[Table]) -> dict[str, dict[str, str]]:
    """Return the rows that describe a table of a plan, by key."""
    heading, first = DESCRIBED[table]
    rows = next(rows for rows in PLAN.sections[heading].tables if first in rows[0])
    return {row[first].strip("`"): row for row in rows}


def fields_of(table: type[Table]) -> dict[str, FieldInfo]:
    """Return the fields of a table as they are written in TOML."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


def test_every_table_of_a_plan_is_described() -> None:
    known = {
        each
        for module in (tables, programme, plan)
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Table) and each not in (Table, RuleTable)
    }

    assert set(DESCRIBED) == known


@pytest.mark.parametrize("table", DESCRIBED, ids=IDS)
def test_the_keys_are_those_of_the_program(table: type[Table]) -> None:
    assert sorted(rows_of(table)) == sorted(fields_of(table))


@pytest.mark.parametrize("table", DESCRIBED, ids=IDS)
def test_the_defaults_are_those_of_the_program(table: type[Table]) -> None:
    rows = rows_of(table)
    for key, field in fields_of(table).items():
        said = rows[key]["default"]
        assert (said == "required") == field.is_required(), key
        if field.is_required() or field.default in (None, "", ()):
            assert not said.startswith("`") or said.strip("`") in rows, key
        else:
            assert _toml(said.strip("`")) == field.default, key


@pytest.mark.parametrize("table", DESCRIBED, ids=IDS)
def test_the_examples_are_allowed(table: type[Table]) -> None:
    rows = rows_of(table)
    for key, field in fields_of(table).items():
        example = rows[key]["example"]
        if example == "see below":
            assert _is_table(field.annotation), key
            continue
        kind: Any = field.annotation
        adapter: TypeAdapter[Any] = TypeAdapter(
            Annotated[kind, *field.metadata] if field.metadata else kind
        )
        adapter.validate_python(_toml(example.strip("`")))


@pytest.mark.parametrize("table", DESCRIBED, ids=IDS)
def test_every_allowed_word_is_named(table: type[Table]) -> None:
    rows = rows_of(table)
    for key, field in fields_of(table).items():
        row = rows[key]["type"] + rows[key]["meaning"]
        for word in _words(field.annotation):
            assert re.search(rf'`"?{word}"?`', row), f"{key}: {word}"


def test_examples_in_toml_are_valid() -> None:
    blocks = [block for section in PLAN.sections.values() for block in section.code("toml")]
    kinds = []
    for block in blocks:
        content = tomllib.loads(block)
        kind = PlanTable if "programmes" in content else Programme
        kind.model_validate(content)
        kinds.append(kind)

    assert kinds.count(PlanTable) >= 2
    assert kinds.count(Programme) >= 4


def test_the_invented_country_computes_what_the_page_says(tmp_path: Path) -> None:
    section = PLAN.sections["Payers of your own"]
    for block in section.code("toml") + section.code("csv"):
        name, content = re.fullmatch(r"# (\S+)\n(.*)", block, re.DOTALL).groups()  # type: ignore[union-attr]
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "allocator", "run", str(tmp_path), "--out", str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "allocation.csv").read_text(encoding="utf-8-sig")
    computed = {row.split(",")[4]: int(row.split(",")[5]) for row in text.splitlines()[1:]}
    last = section.text.strip().splitlines()[-1]
    said = {
        name: int(amount.replace(",", ""))
        for name, amount in re.findall(r"([A-Z]\w+)(?: pays)? ([\d,]+\d)", last)
    }

    assert said == computed
    assert sum(said.values()) == 1_000_000


def _toml(value: str) -> Any:
    return tomllib.loads(f"value = {value}")["value"]


def _words(annotation: Any) -> set[str]:
    """Return the words of every Literal in an annotation; those of other tables aside."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    if get_origin(annotation) in (Union, UnionType, Annotated):
        return set().union(*(_words(inner) for inner in get_args(annotation)))
    return set()


def _is_table(annotation: Any) -> bool:
    if inspect.isclass(annotation) and get_origin(annotation) is None:
        return issubclass(annotation, Table)
    return any(_is_table(inner) for inner in get_args(annotation))
