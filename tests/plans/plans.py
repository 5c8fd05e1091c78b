"""A plan with one programme of each rule, to be written into a folder with a fault or two in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from allocator.domain.errors import InputError, Problem

PLAN: Final = """\
fiscal_year = 2023
programmes = ["split", "units", "carried"]
payers_as_of = 2023-04-01
[[measure]]
name = "staff"
as_of = 2021-04-01
file = "staff.csv"
column = "persons"
"""

SPLIT: Final = """\
id = "split"
name = "負担金"
payers = "prefectures"
basis = "rule"
total = 1_514_000_000
source = "document, page 1"
legal_basis = "an act"
published = "published/2023/residents.csv"
[[share]]
weight = "1/3"
by = "equal"
[[share]]
weight = "2/3"
by = "population"
as_of = 2022-01-01
[rounding]
unit = 1000
method = "largest_remainder"
ties = "weight"
rest = "first"
[[adjustment]]
reason = "its own system"
fixed = ["130001", "270008"]
amount = 5_000_000
[[adjustment]]
reason = "a floor"
minimum = 1_000_000
[breakdown]
by = "population"
as_of = 2021-01-01
unit = 10
"""

UNITS: Final = """\
id = "units"
payers = "all"
basis = "rule"
[unit_amount]
by = "population"
as_of = 2019-01-01
prefectures = [{ from = 0, amount = 100 }, { from = 1_000_000, amount = 200 }]
municipalities = [
    { from = 0, amount = 10 },
    { from = 5_000, amount = 20 },
    { from = 9_000, amount = 30 },
]
[[adjustment]]
reason = "a closed town"
exempt = ["131016"]
"""

CARRIED: Final = """\
id = "carried"
payers = "prefectures"
basis = "carried_forward"
total = 2_406_000_000
[carried_forward]
list = "published/2023/jpki.csv"
[rounding]
unit = 1
method = "largest_remainder"
"""

FILES: Final = {"plan": PLAN, "split": SPLIT, "units": UNITS, "carried": CARRIED}

_JAPANESE: Final = re.compile("[ぁ-んァ-ヶ一-龥]")


class Change(NamedTuple):
    """Replace `old`, which stands in the file once, by `new`."""

    file: str
    old: str
    new: str


def write_plan(folder: Path, *changes: Change) -> Path:
    """Write the plan, changed, into `folder` and return the folder."""
    texts = dict(FILES)
    for file, old, new in changes:
        assert texts[file].count(old) == 1, f"{old!r} stands {texts[file].count(old)} times"
        texts[file] = texts[file].replace(old, new)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def refused(call: Callable[[], object]) -> tuple[Problem, ...]:
    """Return the problems that `call` is refused for: each whole, and in both languages."""
    with pytest.raises(InputError) as caught:
        call()
    for problem in caught.value.problems:
        assert_whole(problem)
    return caught.value.problems


def assert_whole(problem: Problem) -> None:
    """Assert that where, what and how to mend it are there, in English and in Japanese."""
    assert problem.where.strip()
    for text in (problem.what, problem.mend):
        assert re.search("[a-z]{2}", text.en), f"not English: {text.en}"
        assert _JAPANESE.search(text.ja), f"not Japanese: {text.ja}"


def assert_says(problem: Problem, *pieces: str) -> None:
    """Assert that both languages name every one of `pieces` (keys, codes, figures)."""
    for piece in pieces:
        assert piece in problem.in_("en"), f"{piece!r} is not in: {problem.in_('en')}"
        japanese = re.sub(r"\bline ([0-9]+), column ", r"\1行目、列 ", piece)
        japanese = re.sub(r"\bline ([0-9]+)", r"\1行", japanese)
        japanese = re.sub(r"^line$", "行", japanese)
        assert japanese in problem.in_("ja"), f"{japanese!r} is not in: {problem.in_('ja')}"
