"""What an extraction from the papers has to be, by the data that were taken from them."""

import csv
import tomllib
from pathlib import Path
from typing import Any, Final

from allocator.outputs.files.extracted import contents
from allocator.sources.documents.results import Extraction
from tests.documents.budgets import DATA

LISTS: Final = {
    "residents": (47, 1_514_000_000),
    "jpki": (47, 2_406_000_000),
    "intermediate_server": (1788, 5_978_953_000),
    "lgwan": (47, 1_677_903_280),
}
"""第38回経営審議委員会, 参考資料5 to 8: rows, and their sum in yen."""

RECONCILED: Final = {
    (2023, "initial", "residents"): (1_514_000, "fact"),
    (2023, "initial", "jpki"): (2_406_000, "fact"),
    (2023, "initial", "intermediate_server"): (5_978_953, "fact"),
    (2023, "initial", "lgwan"): (1_677_903, "fact"),
    (2022, "march_supplementary", "residents"): (1_514_000, "inference"),
    (2022, "march_supplementary", "jpki"): (2_406_000, "inference"),
    (2022, "march_supplementary", "intermediate_server"): (5_978_953, "inference"),
    (2022, "march_supplementary", "lgwan"): (1_677_308, "inference"),
    (2021, "january_supplementary", "residents"): (1_514_000, "inference"),
    (2021, "january_supplementary", "jpki"): (2_406_000, "inference"),
    (2021, "january_supplementary", "intermediate_server"): (8_031_090, "inference"),
    (2021, "january_supplementary", "lgwan"): (None, "open"),
}
"""Thousand yen: the same papers, and those of 第41回代表者会議."""

OPEN: Final = [1_567_136, 1_661_895]
"""The two sums that FY2021 leaves open for lgwan."""

_SAID_ELSEWHERE: Final = {"document", "place"}


def check_lists(extraction: Extraction) -> None:
    """Compare the lists and their files with `data/published`, byte by byte."""
    assert [each.programme for each in extraction.lists] == list(LISTS)
    files = contents(extraction)
    for published in extraction.lists:
        rows, total = LISTS[published.programme]
        assert len(published.frame) == rows
        assert published.frame["amount"].sum() == total == published.declared_total
        name = f"2023/{published.programme}.csv"
        assert files[name] == (DATA / "published" / name).read_bytes(), name
    assert [each.heading_year == each.title_year for each in extraction.lists] == [
        True,
        False,  # the title of the jpki list names the year before
        True,
        True,
    ]


def check_lists_toml(extraction: Extraction) -> None:
    """Compare what is said of the lists with `data/published/2023/lists.toml`."""
    written = tomllib.loads(contents(extraction)["2023/lists.toml"].decode())
    known = tomllib.loads((DATA / "published" / "2023" / "lists.toml").read_text("utf-8"))
    assert written == known


def check_budgets(extraction: Extraction, *years: int) -> None:
    """Compare the budget lines with `data/budget`, and the totals with what is known of them."""
    files = contents(extraction)
    assert {name for name in files if name.startswith("budget/2")} == {
        f"budget/{year}.csv" for year in years
    }
    for year in years:
        assert _lines(files[f"budget/{year}.csv"].decode()) == _lines(
            (DATA / "budget" / f"{year}.csv").read_text("utf-8")
        )
    found = {
        (each.stage.fiscal_year.year, each.stage.name, each.programme): (each.total, each.status)
        for each in extraction.reconciliations
    }
    assert found == {key: value for key, value in RECONCILED.items() if key[0] in years}
    assert all(each.agrees for each in extraction.reconciliations)
    written = tomllib.loads(files["budget/reconciliation.toml"].decode())["reconciliation"]
    known = tomllib.loads((DATA / "budget" / "reconciliation.toml").read_text("utf-8"))
    assert written == [each for each in known["reconciliation"] if each["fiscal_year"] in years]
    if 2021 in years:
        (left_open,) = (each for each in extraction.reconciliations if each.status == "open")
        assert [candidate.total for candidate in left_open.candidates] == OPEN


def check_documents(extraction: Extraction, title: str) -> None:
    """Compare the title of the papers with that in the data."""
    assert extraction.title == title
    assert {row["document"] for row in _rows(DATA / "budget" / "2021.csv")} | {
        row["document"] for row in _rows(DATA / "budget" / "2023.csv")
    } >= {title}


def _lines(text: str) -> list[dict[str, Any]]:
    """Return budget lines without what each document says in its own way."""
    return [
        {key: value for key, value in row.items() if key not in _SAID_ELSEWHERE}
        for row in csv.DictReader(text.splitlines())
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
