"""Wherever a file is asked for, a FIFO, a device or a socket is refused at once, by its name."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.sources.bundled import DATA
from tests.cli.calls import Caller, assert_refused, snapshot
from tests.plans.plans import CARRIED, UNITS

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no FIFOs."),
    pytest.mark.timeout(300),
]

LIST = DATA / "published/2023/residents.csv"
PLAN = """\
fiscal_year = 2023
programmes = ["units", "carried"]
payers_as_of = 2023-04-01
"""


def a_fifo(at: Path) -> None:
    os.mkfifo(at)


def a_socket(at: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(at.name)  # in the folder of the call: paths of sockets have to be short


def a_link_to_a_device(at: Path) -> None:
    at.symlink_to("/dev/zero")


LINK = "link to a device"
KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "FIFO": (a_fifo, "this is a named pipe (FIFO), not a file"),
    "socket": (a_socket, "this is a socket, not a file"),
    LINK: (a_link_to_a_device, "this is a device, not a file"),
}

CALLS: dict[str, list[str]] = {
    "check": ["check", "x"],
    "audit": ["audit", "x"],
    "audit, by a plan": ["audit", str(LIST), "--plan", "x"],
    "audit, against": ["audit", str(LIST), "--against", "x"],
    "extract": ["extract", "x", "--out", "out"],
    "run": ["run", "x", "--out", "out"],
    "run, population": ["run", "--population", "x", "--out", "out"],
    "run, previous": ["run", "--previous", "residents=x", "--out", "out"],
    "show": ["show", "131016", "x"],
}


@pytest.mark.parametrize(
    ("kind", "name"), [*(("FIFO", name) for name in CALLS), ("socket", "check"), (LINK, "extract")]
)
def test_on_the_command_line(kind: str, name: str, here: Path, call: Caller) -> None:
    make, what = KINDS[kind]
    make(here / "x")
    assert_refused(call(*CALLS[name]), f"x: {what}")
    assert not (here / "out").exists()


def with_measure(plan: Path) -> Path:
    table = '\n[[measure]]\nname = "people"\nas_of = 2019-01-01\nfile = "x"\n'
    (plan / "plan.toml").write_text(PLAN + table, encoding="utf-8")
    units = UNITS.replace('by = "population"', 'by = "people"')
    (plan / "units.toml").write_text(units, encoding="utf-8")
    return plan / "x"


def with_key(key: str) -> Callable[[Path], Path]:
    def written(plan: Path) -> Path:
        (plan / "plan.toml").write_text(f"{PLAN}{key}\n", encoding="utf-8")
        return plan / "x"

    return written


def with_carried(plan: Path) -> Path:
    carried = CARRIED.replace("published/2023/jpki.csv", "x")
    (plan / "carried.toml").write_text(carried, encoding="utf-8")
    return plan / "x"


def with_published(plan: Path) -> Path:
    units = UNITS.replace('basis = "rule"', 'basis = "rule"\npublished = "x"')
    (plan / "units.toml").write_text(units, encoding="utf-8")
    return plan / "x"


def as_programme(plan: Path) -> Path:
    (plan / "units.toml").unlink()
    return plan / "units.toml"


def as_plan(plan: Path) -> Path:
    (plan / "plan.toml").unlink()
    return plan / "plan.toml"


PLACES: dict[str, Callable[[Path], Path]] = {
    "measure": with_measure,
    "organisations": with_key('organisations = "x"'),
    "previous": with_key('previous = ["x"]'),
    "carried_forward": with_carried,
    "published": with_published,
    "a programme": as_programme,
    "plan.toml": as_plan,
}


@pytest.mark.parametrize(
    ("kind", "place"),
    [*(("FIFO", place) for place in PLACES), (LINK, "measure"), (LINK, "plan.toml")],
)
def test_in_a_plan(
    kind: str, place: str, here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = here / "plan"
    plan.mkdir()
    for name, text in (("plan", PLAN), ("units", UNITS), ("carried", CARRIED)):
        (plan / f"{name}.toml").write_text(text, encoding="utf-8")
    at = PLACES[place](plan)
    make, what = KINDS[kind]
    monkeypatch.chdir(plan)
    make(at)
    calls: list[list[str | Path]] = [["check", plan], ["run", plan, "--out", here / "out"]]
    for words in calls:
        if place == "plan.toml":
            words[1] = at
        assert_refused(call(*words), f"{at}: {what}")
    assert not (here / "out").exists()


def test_a_device_by_its_own_name(here: Path, call: Caller) -> None:
    for device in ("/dev/null", "/dev/zero"):
        assert_refused(call("check", device), f"{device}: this is a device, not a file")
    assert snapshot(here) == {}


def test_beside_a_list_it_describes_nothing(here: Path, call: Caller) -> None:
    shutil.copy(LIST, here / "residents.csv")
    a_fifo(here / "lists.toml")
    ended = call("run", "--programme", "residents", "--previous", "residents.csv", "--out", "out")
    assert ended.status == 0, ended.err


def test_among_the_outputs_it_is_not_the_file_of_the_manifest(here: Path, call: Caller) -> None:
    assert call("run", "--programme", "residents", "--out", "out", "--quiet").status == 0
    (here / "out/allocation.csv").unlink()
    a_fifo(here / "out/allocation.csv")
    assert_refused(call("check", "out"), "out/allocation.csv: this is a named pipe (FIFO)")


@pytest.mark.parametrize("kind", ["FIFO", LINK])
def test_as_the_manifest_it_describes_nothing(kind: str, here: Path, call: Caller) -> None:
    assert call("run", "--programme", "residents", "--out", "out", "--quiet").status == 0
    (here / "out/manifest.json").unlink()
    make, what = KINDS[kind]
    make(here / "out/manifest.json")
    ended = call("check", "out")
    assert ended.status == 2
    assert what in ended.err or "neither a plan" in ended.err
