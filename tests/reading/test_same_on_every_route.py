"""What one route makes of a doubtful table, every other makes of it too, or refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.known import today
from tests.reading.routes import has_compare
from tests.reading.shapes import Sample, ask, named
from tests.reading.test_codes import AMBIGUOUS, OUTSIDERS
from tests.reading.test_merged_cells import DOUBTFUL
from tests.reading.test_who_is_meant import UNKNOWN

DIFFERENT = ("[[measure]]", "carried_forward", "run --previous", "extract", "compare")


@pytest.mark.parametrize("sample", [*DOUBTFUL, *UNKNOWN, *OUTSIDERS, *AMBIGUOUS], ids=named)
def test_no_two_routes_read_a_table_differently(sample: Sample, tmp_path: Path) -> None:
    found: dict[str, dict[str, int]] = {}
    for number, route in enumerate(DIFFERENT):
        folder = tmp_path / str(number)
        folder.mkdir()
        if route == "compare" and not has_compare():
            continue
        read = ask(sample, route, folder)
        if read.status == 0 and read.amounts is not None:
            for code, amount in read.amounts.items():
                if code in today():
                    found.setdefault(code, {})[route] = amount
    assert all(len(set(amounts.values())) == 1 for amounts in found.values()), found
