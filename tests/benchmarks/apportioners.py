"""Public libraries that divide seats by votes, each called in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.benchmarks.peers import environment

_PROGRAM: Final = """
import json
import sys
import time

{source}

cases = json.load(sys.stdin)
found = []
for weights, seats in cases:
    try:
        found.append([int(each) for each in divide(weights, seats)])
    except Exception as error:
        found.append(repr(error))
times = []
while len(times) < {rounds} or sum(times) < {seconds}:
    began = time.process_time()
    divide(*cases[0])
    times.append(time.process_time() - began)
print(json.dumps([found, min(times)]))
"""

_OURS: Final = """
import allocator

def divide(weights, seats):
    return allocator.apportion(seats, weights, {method!r}).units
"""

_APPORTIONMENT: Final = """
from apportionment.methods import compute

def divide(weights, seats):
    names = [str(place) for place in range(len(weights))]
    return compute({method!r}, weights, seats, fractions={fractions}, parties=names)
"""

_APPORTIONPY: Final = """
from apportionpy.methods.{module} import calculate_{module}

def divide(weights, seats):
    return calculate_{module}(seats, weights)[1]
"""

_VOTELIB: Final = """
from votelib.evaluate.proportional import HighestAverages, LargestRemainder

def divide(weights, seats):
    found = {evaluator}.evaluate(dict(enumerate(weights)), seats)
    return [found.get(place, 0) for place in range(len(weights))]
"""

_LARGEST_REMAINDER: Final = """
from largest_remainder import LargestRemainder

def divide(weights, seats):
    return LargestRemainder.round(weights, seats)
"""

SECONDS: Final = 0.3
"""How long a library is called at least."""

Case = tuple[Sequence[int], int]
"""Weights, and how many seats (units) they divide."""


@dataclass(frozen=True)
class Apportioner:
    """A library: the source of its function `divide`; without a version it is ours."""

    name: str
    source: str
    version: str = ""

    @property
    def label(self) -> str:
        """Its name in a table."""
        name, comma, kind = self.name.partition(",")
        return f"{name} {self.version}".rstrip() + comma + kind

    def divide(self, cases: Sequence[Case], rounds: int) -> tuple[list[list[int] | str], float]:
        """Return what it gives for each case, and the seconds that the first takes at best.

        What it refuses is the words of its refusal.
        """
        name = self.name.partition(",")[0]
        python = str(environment(name, self.version) / "python") if self.version else sys.executable
        program = _PROGRAM.format(source=self.source, rounds=rounds, seconds=SECONDS)
        done = subprocess.run(
            [python, "-c", program],
            input=json.dumps(cases),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        result: Any = json.loads(done.stdout)
        return result[0], result[1]


def ours(method: str) -> Apportioner:
    """Return `allocator.apportion` by a method."""
    return Apportioner("`allocator.apportion`", _OURS.format(method=method))


LARGEST_REMAINDER: Final = (
    Apportioner(
        "apportionment, fractions",
        _APPORTIONMENT.format(method="largest_remainder", fractions=True),
        "1.0",
    ),
    Apportioner(
        "apportionment",
        _APPORTIONMENT.format(method="largest_remainder", fractions=False),
        "1.0",
    ),
    Apportioner("apportionpy", _APPORTIONPY.format(module="hamilton"), "0.3.1"),
    Apportioner("votelib", _VOTELIB.format(evaluator='LargestRemainder("hare")'), "0.4.0"),
    Apportioner("largest-remainder", _LARGEST_REMAINDER, "0.1.0"),
)

# (apportionment would need hours for its fractions here: a table of all seats by all payers.)
WEBSTER: Final = (
    Apportioner("apportionment", _APPORTIONMENT.format(method="webster", fractions=False), "1.0"),
    Apportioner("apportionpy", _APPORTIONPY.format(module="webster"), "0.3.1"),
    Apportioner("votelib", _VOTELIB.format(evaluator='HighestAverages("sainte_lague")'), "0.4.0"),
)
