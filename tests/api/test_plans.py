"""Plans in Python: loaded, built, changed, saved; one way gives what the other gives."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import allocator
from tests.api.tables import FOLDER, by_staff, codes_of, tables


def test_a_bundled_plan_is_loaded_by_its_year_and_by_its_path() -> None:
    plan = allocator.load_plan(2023)

    assert plan.fiscal_year == 2023
    assert plan.programmes == ("residents", "jpki", "intermediate_server", "lgwan")
    assert repr(plan).startswith("Plan(fiscal_year=2023, programmes=residents, jpki")
    assert plan.frame().equals(allocator.load_plan(FOLDER).frame())
    assert plan.frame().equals(allocator.load_plan(str(FOLDER / "plan.toml")).frame())
    assert allocator.load_plan(plan) is plan
    assert "<table" in plan._repr_html_()


def test_a_year_without_a_plan_names_those_there_are() -> None:
    with pytest.raises(allocator.InputError, match="name one of: 2023") as caught:
        allocator.load_plan(1999)

    assert codes_of(caught.value) == ["unknown_plan"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write what three ways to the bundled plan give: as it is, built in Python, and saved."""
    folder = tmp_path_factory.mktemp("ways")
    keys, programmes = tables()
    built = allocator.build_plan(programmes, folder=folder / "plan", **keys)
    built.save(folder / "plan")
    plans: dict[str, allocator.PlanLike] = {
        "bundled": 2023,
        "built": built,
        "saved": folder / "plan",
    }
    for name, plan in plans.items():
        allocator.allocate(plan).write(folder / name)
    return {name: folder / name for name in plans}


def test_a_plan_in_toml_and_in_python_give_the_same_bytes(written: dict[str, Path]) -> None:
    names = sorted(each.name for each in written["saved"].iterdir())

    assert {"allocation.csv", "allocation.xlsx", "manifest.json", "report.html"} <= {*names}
    for name in names:
        assert (written["built"] / name).read_bytes() == (written["saved"] / name).read_bytes()


def test_the_plan_built_from_the_bundled_one_gives_its_amounts(written: dict[str, Path]) -> None:
    for name in ("allocation.csv", "breakdown.csv"):
        assert (written["built"] / name).read_bytes() == (written["bundled"] / name).read_bytes()
    one, other = (_Book(written[name] / "allocation.xlsx") for name in ("built", "bundled"))
    assert one.sheets == other.sheets
    assert one.parts.keys() == other.parts.keys()
    different = {name for name in one.parts if one.parts[name] != other.parts[name]}
    assert {one.sheets.get(name, name) for name in different} == {"入力データ", "来歴"}
    texts = one.texts ^ other.texts
    assert texts
    assert not [
        each for each in texts if not re.fullmatch(r".*\.toml|[0-9a-f]{64}|計画のフォルダー", each)
    ]


def test_the_manifest_names_no_place_of_this_machine(written: dict[str, Path]) -> None:
    inputs = json.loads((written["built"] / "manifest.json").read_text())["inputs"]

    assert not [each["file"] for each in inputs if each["file"].startswith("/")]


_TEXTS = "xl/sharedStrings.xml"


class _Book:
    """The parts of a workbook, and the texts that its cells share."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        names = re.findall(r'<sheet name="([^"]+)"', self.parts["xl/workbook.xml"].decode())
        self.sheets = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(names, 1)}
        texts = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", self.parts.pop(_TEXTS).decode())
        self.texts = set(texts)
        for name in self.sheets:
            self.parts[name] = re.sub(
                rb't="s"><v>([0-9]+)</v>',
                lambda found: texts[int(found[1])].encode(),
                self.parts[name],
            )


def test_fractions_and_text_are_the_same_weight() -> None:
    keys, programmes = tables()
    residents = programmes[0]
    as_fractions = {
        **residents,
        "share": [{**share, "weight": Fraction(share["weight"])} for share in residents["share"]],
    }

    one, other = (
        allocator.build_plan([each], fiscal_year=keys["fiscal_year"])
        for each in (residents, as_fractions)
    )

    assert one.loaded.sources == other.loaded.sources


def test_none_is_a_key_left_out() -> None:
    keys, programmes = tables()
    programmes[0]["note"] = None

    plan = allocator.build_plan(programmes[:1], **keys)

    assert plan.loaded.programmes[0].note == ""
    assert b"note" not in plan.loaded.sources[1].content


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"total": 1.5e9}, "x.toml: total", "not_exact"),
        ({"id": None}, "programmes[1]", "missing_key"),
        ({"total": None}, "plan/x.toml", "wrong_total"),
        ({"colour": 1}, "plan/x.toml: colour", "unknown_key"),
        ({"basis": "guess"}, "plan/x.toml: basis", "wrong_value"),
        (
            {"source": 5},
            "plan/x.toml: source",
            "wrong_type",
        ),
        ({"share": [{"weight": "1/2", "by": "equal"}]}, "plan/x.toml", "wrong_rule"),
    ],
)
def test_faults_of_a_built_plan_are_those_of_its_file(
    change: dict[str, Any], where: str, code: str
) -> None:
    programme: dict[str, Any] = {
        "id": "x",
        "payers": "prefectures",
        "basis": "rule",
        "total": 1000,
        "share": [{"weight": 1, "by": "equal"}],
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }

    with pytest.raises(allocator.InputError) as caught:
        allocator.build_plan([{**programme, **change}], fiscal_year=2026)

    assert [(each.where, each.code) for each in caught.value.problems] == [(where, code)]


def test_two_programmes_of_one_id_are_refused() -> None:
    with pytest.raises(allocator.InputError, match="stands twice"):
        allocator.build_plan([{"id": "x"}, {"id": "x"}], fiscal_year=2026)


def test_a_changed_plan_keeps_what_it_comes_from() -> None:
    plan = allocator.load_plan(2023)

    total: Any = np.int64(1_600_000_000)
    changed = plan.with_(totals={"residents": total})
    again = changed.with_(as_of={"residents": datetime(2023, 1, 1, 12)}, only="residents")  # noqa: DTZ001

    assert plan.frame()["total"][0] == 1_514_000_000
    assert changed.frame()["total"][0] == 1_600_000_000
    assert again.programmes == ("residents",)
    assert again.overrides.dates == {"residents": date(2023, 1, 1)}
    assert allocator.allocate(again)["residents"].total == 1_600_000_000


def test_a_short_name_is_as_good_as_the_id() -> None:
    plan = allocator.load_plan(2023)
    short = plan.loaded.programmes[1].short
    assert short

    assert plan.with_(totals={short: 3_000_000_000}).frame()["total"][1] == 3_000_000_000
    assert plan.with_(only=[short]).programmes == ("jpki",)
    assert allocator.allocate(plan)[short].id == "jpki"
    assert allocator.bind(plan)[short].id == "jpki"


def test_programmes_left_out_later_take_their_changes_along() -> None:
    changed = allocator.load_plan(2023).with_(totals={"residents": 1_000_000})

    assert changed.with_(only="lgwan").overrides.totals == {}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"totals": {"jpki": 1.5e9}}, "totals['jpki']"),
        ({"totals": {"jpki": True}}, "totals['jpki']"),
        ({"totals": {"jpki": -1}}, "totals['jpki']"),
        ({"totals": {"nothing": 1}}, "totals['nothing']"),
        ({"totals": {"residents": 1}}, "totals: residents=1"),
        ({"totals": {"intermediate_server": 1}}, "totals: intermediate_server=1"),
        ({"as_of": {"residents": "2023-01-01"}}, "as_of['residents']"),
        ({"as_of": {"lgwan": date(2023, 1, 1)}}, "as_of: lgwan=2023-01-01"),
        ({"only": ["nothing"]}, "only"),
        ({"only": "lgwan", "totals": {"residents": 1_000}}, "totals: residents"),
    ],
)
def test_what_a_rule_cannot_take_is_refused(change: dict[str, Any], where: str) -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.load_plan(2023).with_(**change)

    assert [each.where for each in caught.value.problems] == [where]


def test_a_changed_plan_is_saved_as_it_is_computed(tmp_path: Path) -> None:
    changed = allocator.load_plan(2023).with_(
        totals={"residents": 1_600_000_000},
        as_of={"residents": date(2023, 1, 1)},
        only=["residents", "intermediate_server"],
    )

    files = changed.save(tmp_path / "plan")

    assert [file.name for file in files] == [
        "plan.toml",
        "residents.toml",
        "intermediate_server.toml",
    ]
    original = (FOLDER / "intermediate_server.toml").read_bytes()
    assert (tmp_path / "plan" / "intermediate_server.toml").read_bytes() == original
    saved = allocator.allocate(tmp_path / "plan")
    assert saved.frame().equals(allocator.allocate(changed).frame())


def test_nothing_is_saved_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("mine")

    with pytest.raises(allocator.InputError, match="already"):
        by_staff().save(tmp_path)

    assert [each.name for each in tmp_path.iterdir()] == ["x.toml"]
    assert (tmp_path / "x.toml").read_text() == "mine"
