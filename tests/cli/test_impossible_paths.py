"""Names that no file can have, and links that lead nowhere: a sentence, exit status 2."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calls import ROOT, Caller, assert_refused, snapshot

PLAN: Final = ROOT / "configs" / "2023"
LIST: Final = ROOT / "data" / "published" / "2023" / "residents.csv"
RESIDENTS: Final = ("--programme", "residents")

NAMES: Final = {
    "too long": "x" * 300,
    "too deep": "x/" * 3_000 + "x",
    "a NUL": "a\0b",
    "a loop": "loop",
    "below a loop": "loop/plan.toml",
    "a link to nothing": "dangling",
    "below a file": "file/below",
    "surrogates": "\udcff\udcfe",
    "too long, with an ending": "x" * 300 + ".toml",
    "too long, with text": "表" * 100 + ".csv",
}
CALLS: Final[dict[str, Callable[[str], list[str | Path]]]] = {
    "run": lambda name: ["run", name],
    "run --out": lambda name: ["run", PLAN, *RESIDENTS, "--out", name],
    "run --population": lambda name: ["run", PLAN, "--population", name],
    "run --previous": lambda name: ["run", PLAN, "--previous", name],
    "run --previous ID=": lambda name: ["run", PLAN, "--previous", f"residents={name}"],
    "audit": lambda name: ["audit", name],
    "audit --against": lambda name: ["audit", LIST, *RESIDENTS, "--against", name],
    "audit --plan": lambda name: ["audit", LIST, "--plan", name],
    "audit --report": lambda name: ["audit", LIST, *RESIDENTS, "--report", f"{name}/x.html"],
    "check": lambda name: ["check", name],
    "extract": lambda name: ["extract", name, "--out", "out"],
    "extract --out": lambda name: ["extract", LIST, "--out", name],
    "show": lambda name: ["show", "131016", name],
}


@pytest.fixture
def trouble(here: Path) -> Path:
    """Give a folder with a link to itself, one to nothing, and a file."""
    (here / "loop").symlink_to("loop")
    (here / "dangling").symlink_to("nothing")
    (here / "file").write_text("", encoding="utf-8")
    return here


IN_ARGUMENTS: Final = [
    (words, name)
    for words in CALLS
    for name in NAMES
    if name != "surrogates" or words not in {"run --out", "extract --out", "audit --report"}
]
"""Every name in every place, but for names in bytes that are no text: they do for a folder."""


@pytest.mark.parametrize(("words", "name"), IN_ARGUMENTS)
def test_in_an_argument(words: str, name: str, call: Caller, trouble: Path) -> None:
    before = snapshot(trouble)
    assert_refused(call(*CALLS[words](NAMES[name])))
    assert snapshot(trouble) == before


IN_KEYS: Final = [name for name in NAMES if name != "surrogates"]  # TOML has none

KEYS: Final[dict[str, tuple[str, str, str]]] = {
    "previous": ("plan.toml", "fiscal_year", 'previous = "{}"\nfiscal_year'),
    "measure file": (
        "plan.toml",
        "payers_as_of",
        'payers_as_of = 2023-04-01\n[[measure]]\nname = "x"\nfile = "{}"\n#',
    ),
    "organisations": ("plan.toml", "fiscal_year", 'organisations = "{}"\nfiscal_year'),
    "carried_forward.list": ("jpki.toml", "list", 'list = "{}"\n#'),
    "published": ("residents.toml", "published", 'published = "{}"\n#'),
    "adjustment.previous": (
        "residents.toml",
        "[breakdown]",
        '[[adjustment]]\nreason = "x"\nmax_increase = "1/10"\nprevious = "{}"\n[breakdown]',
    ),
}


def plan_with(folder: Path, key: str, name: str) -> Path:
    """Write the bundled plan with another value of a key."""
    shutil.copytree(PLAN, folder)
    file, before, after = KEYS[key]
    text = (folder / file).read_text(encoding="utf-8")
    at = text.index(f"\n{before}") + 1
    value = name.replace("\0", "\\u0000")
    changed = text[:at] + after.format(value) + text[at + len(before) :]
    (folder / file).write_text(changed, encoding="utf-8")
    return folder


def written_with(folder: Path, key: str, name: str) -> Path:
    """Write the plan with a key that has a name, and what the name may lead to beside it."""
    plan = plan_with(folder / "plan", key, NAMES[name])
    (plan / "loop").symlink_to("loop")
    (plan / "dangling").symlink_to("nothing")
    (plan / "file").write_text("", encoding="utf-8")
    return plan


REFUSED: Final = ("previous", "measure file", "organisations", "adjustment.previous")


@pytest.mark.parametrize("name", IN_KEYS)
@pytest.mark.parametrize("key", REFUSED)
def test_in_a_key_of_a_plan(key: str, name: str, call: Caller, trouble: Path) -> None:
    plan = written_with(trouble, key, name)
    before = snapshot(trouble)
    assert_refused(call("run", plan, "--out", trouble / "out"), "is not there")
    assert snapshot(trouble) == before


@pytest.mark.parametrize("name", ["too long", "a NUL", "a loop"])
@pytest.mark.parametrize("key", REFUSED)
@pytest.mark.parametrize("words", [("check",), ("show", "131016"), ("audit", LIST, "--plan")])
def test_in_a_key_of_a_plan_that_another_command_reads(
    words: tuple[str, ...], key: str, name: str, call: Caller, trouble: Path
) -> None:
    ended = call(*words, written_with(trouble, key, name))
    if key == "previous" and words[0] != "check":
        assert ended.status == 0  # these compare with no earlier year
    else:
        assert_refused(ended, "is not there")


@pytest.mark.parametrize("name", IN_KEYS)
def test_a_list_to_carry_forward_leaves_its_programme_not_computed(
    name: str, call: Caller, trouble: Path
) -> None:
    plan = written_with(trouble, "carried_forward.list", name)
    ended = call("run", plan, "--out", "out", "--json")
    assert ended.status == 2
    assert ended.err == ""
    found = {each["id"]: each for each in ended.object["programmes"]}
    assert found["jpki"]["allocated"] is None
    assert "is not there" in found["jpki"]["reason"]
    assert found["residents"]["allocated"] == 1_514_000_000


@pytest.mark.parametrize("name", IN_KEYS)
def test_a_published_list_leaves_its_programme_not_compared(
    name: str, call: Caller, trouble: Path
) -> None:
    plan = written_with(trouble, "published", name)
    ended = call("run", plan, "--out", "out", "--json", *RESIDENTS)
    assert ended.status == 0
    (found,) = ended.object["programmes"]
    assert "is not there" in found["reason"]
    assert found["published"] is None


def pipe(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def a_folder(file: Path) -> None:
    file.mkdir()


def huge(file: Path) -> None:
    file.touch()
    os.truncate(file, 2**36)


def deep(file: Path) -> None:
    file.write_text("[[list]]\nfile = " + "[" * 100_000, encoding="utf-8")


def many_parts(file: Path) -> None:
    file.write_text(".".join(["a"] * 100_000) + " = 1", encoding="utf-8")


TRAPS: Final = [pipe, device, a_folder, huge, deep, many_parts]


@pytest.mark.parametrize("trap", TRAPS)
def test_a_description_beside_a_list_is_no_trap(
    trap: Callable[[Path], None], call: Caller, here: Path
) -> None:
    shutil.copy(LIST, here / "list.csv")
    words = ("run", PLAN, *RESIDENTS, "--previous", "residents=list.csv", "--out", "out", "--json")
    plain = call(*words)
    assert plain.status == 0, plain.err
    trap(here / "lists.toml")
    ended = call(*words)
    assert ended.object["programmes"] == plain.object["programmes"]


@pytest.mark.parametrize(
    ("words", "name", "trap"),
    [(("run",), name, trap) for name in ("plan.toml", "jpki.toml") for trap in TRAPS]
    + [(words, "jpki.toml", pipe) for words in [("check",), ("show", "131016"), ("audit", LIST)]],
)
def test_a_file_of_a_plan_is_no_trap(
    words: tuple[str, ...], name: str, trap: Callable[[Path], None], call: Caller, here: Path
) -> None:
    plan = here / "plan"
    shutil.copytree(PLAN, plan)
    (plan / name).unlink()
    trap(plan / name)
    given = "plan" if words == ("check",) and name == "jpki.toml" else "plan/plan.toml"
    option = ["--plan"] if words[0] == "audit" else []
    assert_refused(call(*words, *option, given), name)
