"""The house: which room imports which, no circles, and no file too long to be read in one go.

The rooms are the folders of `allocator/`; docs/architecture.md says what is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from allocator.cli.main import COMMANDS
from tests.imports import Import, imports_in, imports_of, in_circles, modules_of

ROOT: Final = Path(__file__).parents[1]

LEVELS: Final = (
    ("__init__", "__main__"),
    ("cli", "app"),
    ("api",),
    ("tasks",),
    ("outputs",),
    ("words", "auditing", "results"),
    ("sources",),
    ("plans",),
    ("files", "engine"),
    ("domain",),
)
"""The rooms from the top down: each imports those below it."""

NEIGHBOURS: Final = frozenset(("words", "auditing", "results"))
"""Rooms of one level that import one another; those of other levels don't."""

NOT_FOR_THE_ENGINE: Final = (
    "tomllib",
    "pathlib",
    "allocator.domain.text",
    "allocator.domain.errors",
)
"""No files and no language: what is to be said of an error is not said in the engine."""

FOR_NOW: Final[frozenset[tuple[str, str]]] = frozenset()
"""Imports against the rules that are still there: from where, of what.

None is to be added; who mends one takes it out.
"""

MOST_LINES: Final = 400
LONG: Final = frozenset({"tests/data/test_data.py"})
"""A longer one: what is known of every bundled file."""

WRITTEN: Final = (".py", ".js", ".css", ".j2", ".toml")
"""The endings of what is written by hand."""

LEVEL: Final = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
MODULES: Final = modules_of(ROOT / "allocator")
IMPORTS: Final = [
    *imports_of(MODULES),
    # The command line imports its commands by their names.
    *(Import("allocator.cli.main", f"allocator.cli.{name}") for name in COMMANDS),
]


def test_every_room_has_its_level() -> None:
    assert {_room(name) for name in MODULES} <= LEVEL.keys()


def test_arrows_between_rooms_run_down() -> None:
    _refuse(upward(_without(IMPORTS, FOR_NOW)), "a room imports one that is not below it")


def test_there_are_no_circles() -> None:
    _refuse(circles(_without(IMPORTS, FOR_NOW)), "modules import one another")


def test_the_engine_knows_no_files_and_no_language() -> None:
    found = not_for_the_engine(_without(IMPORTS, FOR_NOW))
    _refuse(found, "the engine imports what it has to do without")


def test_what_is_allowed_for_now_is_still_needed() -> None:
    mended = [
        f"{importer} of {imported}"
        for importer, imported in FOR_NOW
        if not _broken(_without(IMPORTS, FOR_NOW - {(importer, imported)}))
    ]
    assert not mended, f"take out of FOR_NOW: {', '.join(mended)}"


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): path.read_bytes().count(b"\n")
        for folder in ("allocator", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in WRITTEN and "vendor" not in path.parts
    }
    long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}
    assert len(lengths) > len(MODULES)
    assert long.keys() <= LONG, f"more than {MOST_LINES} lines: {long}"


# -- the rules -------------------------------------------------------------------------------------


def upward(imports: Iterable[Import]) -> list[Import]:
    """Return the imports between rooms whose arrow doesn't run down."""
    return [
        each for each in _within(imports) if not _may(_room(each.importer), _room(each.imported))
    ]


def _may(room: str, other: str) -> bool:
    return room == other or {room, other} <= NEIGHBOURS or LEVEL[room] < LEVEL[other]


def circles(imports: Iterable[Import]) -> list[Import]:
    """Return the imports that go round in a circle.

    One arrow that runs up closes many circles: it is found as such, and left out here.
    """
    own = _within(imports)
    up = upward(own)
    return in_circles(each for each in own if each not in up)


def not_for_the_engine(imports: Iterable[Import]) -> list[Import]:
    """Return what the engine imports of other rooms than domain, of files and of language."""
    of_engine = [each for each in imports if _is_in(each.importer, "allocator.engine")]
    return [
        each
        for each in of_engine
        if any(_is_in(each.imported, name) for name in NOT_FOR_THE_ENGINE)
        or (
            _is_in(each.imported, "allocator")
            and each.imported != "allocator"
            and _room(each.imported) not in ("engine", "domain")
        )
    ]


def _broken(imports: Collection[Import]) -> bool:
    return any(rule(imports) for rule in (upward, circles, not_for_the_engine))


def _within(imports: Iterable[Import]) -> list[Import]:
    """Return the imports of our own modules.

    The package itself has the version, which any room may import: no arrow leads to it.
    """
    return [each for each in imports if each.imported.startswith("allocator.")]


def _without(imports: Iterable[Import], allowed: Collection[tuple[str, str]]) -> list[Import]:
    """Return the imports that are not among the `allowed` ones."""
    return [
        each
        for each in imports
        if not any(_is_in(each.importer, by) and _is_in(each.imported, of) for by, of in allowed)
    ]


def _is_in(module: str, name: str) -> bool:
    """Tell whether a module is the one of that name, or in the package of that name."""
    return f"{module}.".startswith(f"{name}.")


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def _refuse(found: Collection[Import], what: str) -> None:
    assert not found, "\n".join([f"{what}:", *map(str, found)])


# -- the rules can fail ----------------------------------------------------------------------------

SOURCE: Final = '''
"""A module with every kind of import."""
import numpy as np
from typing import TYPE_CHECKING
from allocator.domain import codes, text
from allocator.domain.yen import LARGEST, group
if TYPE_CHECKING:
    from allocator.auditing.search import Fault
def late():
    import allocator.cli.main
    from allocator import __version__
'''


def test_imports_are_found_wherever_they_stand() -> None:
    modules = {"allocator.domain.codes", "allocator.domain.text", "allocator.domain.yen"}
    assert list(imports_in("allocator.auditing.past", SOURCE, modules)) == [
        Import("allocator.auditing.past", name, line)
        for name, line in [
            ("numpy", 3),
            ("typing", 4),
            ("allocator.domain.codes", 5),
            ("allocator.domain.text", 5),
            ("allocator.domain.yen", 6),
            ("allocator.auditing.search", 8),
            ("allocator.cli.main", 10),
            ("allocator", 11),
        ]
    ]


@pytest.mark.parametrize("source", ["from . import codes", "from .codes import bare"])
def test_relative_imports_are_refused(source: str) -> None:
    with pytest.raises(AssertionError, match="line 1: a relative import"):
        list(imports_in("allocator.domain.names", source, ()))


ALLOWED: Final = [
    Import("allocator.__main__", "allocator.cli.main"),
    Import("allocator.cli.main", "allocator.api"),
    Import("allocator.cli.main", "allocator.cli.terminal"),
    Import("allocator.words.payer", "allocator.results.outcome"),
    Import("allocator.results.outcome", "allocator.auditing.findings"),
    Import("allocator.plans.load", "allocator.files.toml"),
    Import("allocator.plans.load", "allocator.engine.rule"),
    Import("allocator.outputs.files.manifest", "allocator"),
    Import("allocator", "allocator.api"),
    Import("allocator.engine.exact", "numpy"),
    Import("allocator.engine.exact", "allocator"),
    Import("allocator.engine.exact", "allocator.domain.yen"),
]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("domain.codes", "engine.exact"),
        ("engine.exact", "plans.tables"),
        ("files.source", "engine.exact"),
        ("engine.exact", "files.source"),
        ("sources.register", "auditing.search"),
        ("sources.register", "results.outcome"),
        ("outputs.report", "cli.terminal"),
        ("tasks.compute", "api"),
        ("cli.main", "app.window"),
        ("domain.codes", "__main__"),
    ],
)
def test_an_arrow_that_runs_up_or_sideways_is_found(importer: str, imported: str) -> None:
    wrong = Import(f"allocator.{importer}", f"allocator.{imported}", 7)
    assert upward([*ALLOWED, wrong]) == [wrong]


def test_what_is_allowed_is_not_found() -> None:
    assert not _broken(ALLOWED)


@pytest.mark.parametrize("between", [(), ("b",), ("b", "c", "d")], ids=len)
def test_a_circle_is_found_however_long_it_is(between: tuple[str, ...]) -> None:
    names = [f"allocator.auditing.{each}" for each in ("a", *between, "a")]
    around = [Import(*each) for each in pairwise(names)]
    into = Import("allocator.auditing.z", "allocator.auditing.a")
    out = Import("allocator.auditing.a", "allocator.domain.codes")
    assert circles([into, *around, out]) == around


@pytest.mark.parametrize(
    "imported",
    [
        "tomllib",
        "pathlib",
        "allocator.domain.text",
        "allocator.domain.errors",
        "allocator.plans.tables",
        "allocator.files.source",
        "allocator.words.rule",
    ],
)
def test_what_the_engine_has_to_do_without_is_found(imported: str) -> None:
    wrong = Import("allocator.engine.compute", imported, 3)
    elsewhere = Import("allocator.plans.load", imported, 3)
    assert not_for_the_engine([*ALLOWED, wrong, elsewhere]) == [wrong]


def test_only_what_is_named_is_allowed_for_now() -> None:
    named = Import("allocator.engine.compute", "allocator.plans.tables")
    others = [
        Import("allocator.engines.compute", "allocator.plans.tables"),
        Import("allocator.engine.compute", "allocator.plans_of_old"),
        Import("allocator.plans.tables", "allocator.engine.compute"),
    ]
    allowed = {("allocator.engine", "allocator.plans")}
    assert _without([named, *others], allowed) == others


def test_the_message_names_the_imports() -> None:
    with pytest.raises(AssertionError) as caught:
        _refuse(upward([Import("allocator.domain.codes", "allocator.cli.main", 12)]), "upward")
    assert "allocator.domain.codes, line 12: imports allocator.cli.main" in str(caught.value)
