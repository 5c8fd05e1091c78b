"""Plans computed: amounts, parts, notes, explanations, files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import allocator
from tests.api.tables import by_staff, codes_of, staff

PAYER = ["code", "prefecture", "municipality"]


@pytest.fixture(scope="module")
def outcome() -> allocator.Outcome:
    return allocator.allocate(2023)


def test_an_outcome_is_a_mapping_of_its_programmes(outcome: allocator.Outcome) -> None:
    assert list(outcome) == ["residents", "jpki", "intermediate_server", "lgwan"]
    assert len(outcome) == 4
    assert "jpki" in outcome
    assert [each.id for each in outcome.values()] == list(outcome)
    assert outcome.fiscal_year == 2023
    assert outcome.complete
    assert repr(outcome["residents"]) == "Amounts(residents, rule, total=1514000000)"


def test_a_name_that_is_none_says_which_there_are(outcome: allocator.Outcome) -> None:
    with pytest.raises(KeyError, match="no programme 'nothing': there are residents, jpki"):
        _ = outcome["nothing"]
    with pytest.raises(KeyError, match="no programme 'nothing': there are residents, jpki"):
        _ = allocator.bind(2023)["nothing"]


def test_frames_have_whole_yen_beside_codes_of_six_digits(outcome: allocator.Outcome) -> None:
    frame = outcome.frame()

    assert frame.schema == {
        **dict.fromkeys(["programme", *PAYER], pl.String),
        "amount": pl.Int64,
    }
    assert frame["code"].str.len_chars().unique().to_list() == [6]
    for name, amounts in outcome.items():
        own = frame.filter(pl.col("programme") == name).drop("programme")
        assert own.equals(amounts.frame())
        assert own["amount"].sum() == amounts.total


def test_the_frame_is_that_of_the_file(outcome: allocator.Outcome, tmp_path: Path) -> None:
    files = outcome.write(str(tmp_path / "out"))
    written = pl.read_csv(tmp_path / "out" / "allocation.csv", schema_overrides={"code": pl.String})

    assert {each.name for each in files} == {each.name for each in (tmp_path / "out").iterdir()}
    assert all(each.is_file() for each in files)
    written = written.with_columns(pl.col("municipality").fill_null(""))
    assert written.drop("fiscal_year").equals(outcome.frame())


def test_parts_add_up_to_their_programme(outcome: allocator.Outcome) -> None:
    jpki = outcome["jpki"]

    assert [part.id for part in jpki.parts] == ["jpki_part_1", "jpki_part_2", "jpki_part_3"]
    assert [part.total for part in jpki.parts] == [661_995_000, 420_000_000, 1_324_005_000]
    assert [part.basis for part in jpki.parts] == ["rule", "carried_forward", "rule"]
    assert jpki.basis == "parts"
    columns = [part.frame()["amount"].to_list() for part in jpki.parts]
    assert [sum(row) for row in zip(*columns, strict=True)] == jpki.frame()["amount"].to_list()
    assert outcome["residents"].parts == ()
    assert jpki.steps().columns == ["code", "part_1", "part_2", "part_3", "amount"]


def test_what_was_decided_on_the_way_is_told(outcome: allocator.Outcome) -> None:
    even = dict.fromkeys(staff()["code"].to_list(), 1)

    tie = allocator.allocate(by_staff(), measures={"staff": even})["x"]

    assert len(tie.notes()) == 1
    assert "equal claims on the last unit: 010006" in tie.notes()[0]
    assert "同順位" in tie.notes("ja")[0]
    assert "rounded for itself" in outcome["jpki"].parts[0].notes()[0]


def test_a_summary_says_how_far_amounts_agree(outcome: allocator.Outcome) -> None:
    summary = outcome.summary()

    assert summary["programme"].to_list() == list(outcome)
    assert summary["agreement"][0] == "47 of 47 equal"
    assert summary["agreement"][1].startswith("not compared")
    assert summary["total"].to_list()[:2] == [1_514_000_000, 2_406_000_000]
    assert outcome.summary("ja")["agreement"][0] != summary["agreement"][0]


@pytest.mark.parametrize("code", ["130001", "13000", 130001, 13000], ids=repr)
def test_a_payer_is_explained(outcome: allocator.Outcome, code: str | int) -> None:
    explanation = outcome.explain(code)
    frame = explanation.frame()

    assert (explanation.code, explanation.name) == ("130001", "東京都")
    amounts = {name: each.allocation.by_code["130001"] for name, each in outcome.items()}
    assert explanation.pays == sum(amounts.values())
    last = frame.filter((pl.col("step") == "amount") & pl.col("part").is_null())
    assert dict(last.select("programme", "value").iter_rows()) == {
        name: str(amount) for name, amount in amounts.items()
    }
    assert frame["programme"].unique(maintain_order=True).to_list() == list(outcome)


def test_the_steps_of_parts_are_told_apart(outcome: allocator.Outcome) -> None:
    frame = outcome.explain("010006").frame().filter(pl.col("programme") == "jpki")

    assert frame["part"].unique(maintain_order=True).to_list() == [1, 2, 3, None]
    amounts = frame.filter((pl.col("step") == "amount") & pl.col("part").is_not_null())["value"]
    own = [part.allocation.by_code["010006"] for part in outcome["jpki"].parts]
    assert amounts.to_list() == [str(each) for each in own]


def test_an_explanation_is_printed_and_shown(outcome: allocator.Outcome) -> None:
    explanation = outcome.explain("010006")

    assert str(explanation).splitlines()[0] == "010006 北海道 (fiscal year 2023)"
    assert "[residents, rule] 47,267,000" in str(explanation)
    assert "規則による" in explanation.text("ja")
    assert explanation.frame("ja")["text"].to_list() != explanation.frame()["text"].to_list()
    assert "北海道" in explanation._repr_html_()


@pytest.mark.parametrize(
    ("code", "found"),
    [("011011", "unknown_code"), ("999", "not_a_code"), ("010007", "wrong_check_digit")],
)
def test_a_code_that_is_nobody_is_refused(
    outcome: allocator.Outcome, code: str, found: str
) -> None:
    with pytest.raises(allocator.InputError) as caught:
        outcome.explain(code)

    assert codes_of(caught.value) == [found]


def test_what_a_notebook_shows(outcome: allocator.Outcome) -> None:
    amounts = [outcome["jpki"], outcome["jpki"].parts[0]]

    assert "<table" in outcome._repr_html_()
    assert all("<table" in each._repr_html_() for each in amounts)
    assert "公的個人認証" in outcome["jpki"]._repr_html_()


@pytest.mark.parametrize(
    "previous",
    [2023, "2023", [2023], ["residents=data/published/2023/residents.csv"]],
    ids=repr,
)
def test_amounts_are_compared_with_earlier_ones(previous: int | str | list[str | int]) -> None:
    plan = allocator.load_plan(2023).with_(only="residents")

    earlier = allocator.allocate(plan, previous=previous).computed.previous

    assert earlier is not None


def test_an_earlier_plan_that_is_none_names_the_argument() -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.allocate(2023, previous="nothing")

    assert [each.where for each in caught.value.problems] == ["previous: nothing"]


def test_a_programme_without_its_list_is_not_computed(tmp_path: Path) -> None:
    text = {
        "id": "x",
        "payers": "prefectures",
        "basis": "carried_forward",
        "total": 1000,
        "carried_forward": {"list": "missing.csv"},
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }
    plan = allocator.build_plan([text], fiscal_year=2023)

    outcome = allocator.allocate(plan)

    assert not outcome.complete
    assert repr(outcome["x"]) == "Amounts(x, carried_forward, not computed)"
    assert "not computed" in outcome["x"]._repr_html_()
    with pytest.raises(LookupError, match=r"x was not computed: the list .*missing\.csv"):
        _ = outcome["x"].total
    assert outcome.frame().is_empty()
    with pytest.raises(allocator.InputError) as caught:
        allocator.bind(plan)
    assert codes_of(caught.value) == ["missing_file"]
    outcome.write(tmp_path)
    programmes = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["programmes"]
    assert [each["id"] for each in programmes] == ["x"]


def test_a_folder_that_cannot_be_written_is_refused(
    outcome: allocator.Outcome, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(allocator.InputError) as caught:
        outcome.write(tmp_path / "file")

    assert codes_of(caught.value) == ["in_the_way"]
