"""Plans that reports are made of: the bundled one, and small ones with trouble in them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final

SCRIPT: Final = "</script><script>window.broken = true</script>"
MARKUP: Final = '<img src=x onerror="window.broken = true">&amp;"\''

Organisation = tuple[str, str, str, str, int]
"""Code, prefecture, municipality, kind, residents."""

COUNTRY: Final[tuple[Organisation, ...]] = (
    ("E", "東国", "", "prefecture", 6_000),
    ("E1", "東国", SCRIPT, "town", 1_000),
    ("E2", "東国", "中町", "town", 2_000),
    ("E3", "東国", "曾ヶ町", "town", 3_000),
    ("W", f"西国{MARKUP}", "", "prefecture", 40_000),
    ("W1", f"西国{MARKUP}", '"引用",町', "town", 39_000),
    ("W2", f"西国{MARKUP}", "=1+1", "village", 1_000),
)

ROADS: Final = """\
id = "roads"
name = "道路に係る負担金"
payers = "prefectures"
basis = "rule"
total = 1_000_000
[[share]]
weight = "1/3"
by = "equal"
[[share]]
weight = "2/3"
by = "population"
[rounding]
unit = 100
method = "largest_remainder"
[breakdown]
by = "population"
"""

WELLS: Final = """\
id = "wells"
payers = "all"
basis = "rule"
[unit_amount]
by = "population"
prefectures = [{ from = 0, amount = 5 }]
municipalities = [{ from = 0, amount = 7 }, { from = 2_000, amount = 8 }]
"""


def write_plan(
    folder: Path,
    programmes: Mapping[str, str] | None = None,
    organisations: Iterable[Organisation] = COUNTRY,
    year: int = 2030,
) -> Path:
    """Write a plan with a register and a population of its own into `folder`."""
    programmes = {"roads": ROADS, "wells": WELLS} if programmes is None else programmes
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(
        f"fiscal_year = {year}\nprogrammes = {json.dumps(list(programmes))}\n"
        'organisations = "organisations.csv"\ncodes = "text"\n'
        '[[measure]]\nname = "population"\nas_of = 2030-01-01\nfile = "population.csv"\n',
        encoding="utf-8",
    )
    for name, text in programmes.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    rows = list(organisations)
    with (folder / "organisations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "prefecture", "municipality", "kind"])
        writer.writerows(row[:4] for row in rows)
    with (folder / "population.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "population"])
        writer.writerows((row[0], row[4]) for row in rows)
    return folder


def data_of(page: bytes) -> dict[str, Any]:
    """Return what the scripts of a page read."""
    found = re.search(
        r'<script type="application/json" id="report-data">(.*?)</script>', page.decode(), re.DOTALL
    )
    assert found is not None
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def words(page: bytes, section: str) -> str:
    """Return the text of a section, without markup."""
    found = re.search(rf'<section id="{section}".*?</section>', page.decode(), re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", found[0])))
