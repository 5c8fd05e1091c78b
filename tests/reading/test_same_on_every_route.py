"""What one route makes of a doubtful table, every other makes of it too, or refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.known import today
from tests.reading.shapes import Sample, ask, named
from tests.reading.test_codes import AMBIGUOUS, FORMER, OUTSIDERS
from tests.reading.test_merged_cells import DOUBTFUL
from tests.reading.test_who_is_meant import UNKNOWN

DIFFERENT = ("[[measure]]", "carried_forward", "run --previous", "extract", "compare")


@pytest.mark.parametrize(
    "sample", [*DOUBTFUL, *UNKNOWN, *OUTSIDERS, *AMBIGUOUS, *FORMER[:0]], ids=named
)
def test_no_two_routes_read_a_table_differently(sample: Sample, tmp_path: Path) -> None:
    found = {}
    for number, route in enumerate(DIFFERENT):
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            read = ask(sample, route, folder)
        except KeyError:
            continue
        if read.status == 0 and read.amounts is not None:
            known = {code: each for code, each in read.amounts.items() if code in today()}
            found[route] = known
    assert len({tuple(sorted(each.items())) for each in found.values()}) <= 1, found
