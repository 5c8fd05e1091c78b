"""A plan with a programme of parts: limited payers, unit amounts, several methods, a rest.

Four parts of 100,000 yen over two prefectures and five municipalities, computed by hand below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.outputs.report.plans import write_plan

MIXED: Final = """\
id = "mixed"
short = "混合"
name = "混合事業に係る負担金"
payers = "all"
total = 100_000
source = "invented"
note = "四つの部分の和。"
[[part]]
name = "均等割"
basis = "rule"
total = 10_000
payers = "prefectures"
[[part.share]]
weight = "1"
by = "equal"
[part.rounding]
unit = 3
method = "floor"
[[part]]
name = "単価"
basis = "estimated"
payers = "municipalities"
[part.unit_amount]
by = "population"
as_of = 2030-01-01
municipalities = [{ from = 0, amount = 7 }, { from = 2_000, amount = 8 }]
[[part]]
name = "開催地"
basis = "rule"
total = 1_000
codes = ["E1"]
[[part.share]]
weight = "1"
by = "equal"
[part.rounding]
unit = 300
method = "ceiling"
[[part]]
name = "人口割"
basis = "rule"
total = "rest"
[[part.share]]
weight = "1"
by = "population"
as_of = 2030-01-01
[part.rounding]
unit = 1
method = "half_up_then_largest"
"""

AMOUNTS: Final[dict[str, tuple[int | None, int | None, int | None, int]]] = {
    "E": (4_998, None, None, 5_789),
    "E1": (None, 7, 1_200, 965),
    "E2": (None, 8, None, 1_930),
    "E3": (None, 8, None, 2_895),
    "W": (4_998, None, None, 38_593),
    "W1": (None, 8, None, 37_629),
    "W2": (None, 7, None, 965),
}
"""Each payer's yen in the four parts. Of 10,000 yen 9,996 are charged in threes, of 1,000 yen 1,200

in three hundreds; 88,766 are left for 92,000 residents. Half up they make 88,767: W has one less.
"""

CHARGED: Final = (9_996, 38, 1_200, 88_766)
GIVEN: Final = (10_000, None, 1_000, 88_766)
NAMES: Final = ("均等割", "単価", "開催地", "人口割")


def write_mixed(folder: Path, *changes: tuple[str, str], year: int = 2030) -> Path:
    """Write the plan into `folder`, each (old, new) changed; each old text stands there once."""
    text = MIXED
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return write_plan(folder, {"mixed": text}, year=year)
