"""Programmes of parts on the command line: what `show`, `run`, `check` say, and comparisons."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from allocator.sources.bundled import CONFIGS
from tests.acceptance.recompute import published
from tests.cli.calls import Caller, assert_refused, call_inside
from tests.outputs.report.plans import ROADS
from tests.sums import AMOUNTS, CHARGED, GIVEN, write_mixed

TOKYO, CHIYODA = "130001", "131016"
FOOTING = "82.5 % by rule, 17.5 % carried forward"
FOOTING_JA = "規則 82.5%、引継ぎ 17.5%"


@pytest.fixture(scope="module")
def tokyo() -> dict[str, Any]:
    """Give what Tokyo pays of the bundled sum."""
    ended = call_inside("show", TOKYO, "--json")
    assert (ended.status, ended.err) == (0, "")
    (found,) = [each for each in ended.object["programmes"] if each["id"] == "jpki"]
    assert isinstance(found, dict)
    return found


def values(steps: list[dict[str, str]]) -> dict[str, str]:
    """Return the exact values of steps by name; no name stands twice."""
    found = {step["name"]: step["value"] for step in steps}
    assert len(found) == len(steps)
    assert all(step["text"].strip() for step in steps)
    return found


# -- show ------------------------------------------------------------------------------------------


def test_every_part_has_its_steps_and_they_make_the_published_amount(
    tokyo: dict[str, Any],
) -> None:
    assert tokyo["basis"] == "parts"
    assert [(each["name"], each["basis"], each["given"], each["total"], each["amount"])
            for each in tokyo["parts"]] == [
        ("均等割", "rule", 662_000_000, 661_995_000, 14_085_000),
        ("割合表による額", "carried_forward", 420_000_000, 420_000_000, 83_576_000),
        ("人口割", "rule", 1_324_005_000, 1_324_005_000, 145_039_821),
    ]  # fmt: skip
    sums = values(tokyo["steps"])
    assert list(sums) == ["part_1", "part_2", "part_3", "amount"]
    assert sum(int(sums[f"part_{number}"]) for number in (1, 2, 3)) == int(sums["amount"])
    assert int(sums["amount"]) == tokyo["amount"] == published("jpki")[TOKYO]


def test_the_steps_of_the_parts_recombine(tokyo: dict[str, Any]) -> None:
    equal, ratio, people = (values(part["steps"]) for part in tokyo["parts"])
    assert Fraction(equal["quota"]) == Fraction(662_000_000, 47 * 1_000)
    assert int(equal["units"]) == Fraction(equal["quota"]) // 1
    assert "note_unsplit" in equal
    assert Fraction(ratio["quota"]) * 1_000 == int(ratio["amount"])
    assert int(people["rest_of_total"]) == 2_406_000_000 - 661_995_000 - 420_000_000
    assert Fraction(people["share"]) * 1_324_005_000 == Fraction(people["quota"])
    assert int(people["extra_unit"]) == 1
    assert int(people["amount"]) == round(Fraction(people["quota"])) + 1
    assert "note_difference" in people


def test_another_payer_has_no_note_on_a_difference_that_it_doesn_t_bear(call: Caller) -> None:
    (found,) = [e for e in call("show", "010006", "--json").object["programmes"] if "parts" in e]
    assert "note_difference" not in values(found["parts"][2]["steps"])


def test_a_derived_list_is_not_called_published(call: Caller) -> None:
    line = "list derived/2023/jpki_by_ratio.csv, worked out from the published list published/"
    assert line in call("show", TOKYO).out
    said = call("--lang", "ja", "show", TOKYO).out
    assert (
        "公表一覧(published/2023/jpki.csv)から逆算した一覧(derived/2023/jpki_by_ratio.csv)" in said
    )


def test_each_part_is_a_heading_with_its_totals(call: Caller) -> None:
    english, japanese = call("show", TOKYO).out, call("--lang", "ja", "show", TOKYO).out
    assert f"[jpki, {FOOTING}] 242,700,821" in english
    charged = "total 662,000,000 yen (661,995,000 charged, △5,000)"
    assert f"  (1) 均等割 [rule, {charged}] 14,085,000" in english
    assert "less 661,995,000 (均等割) and 420,000,000 (割合表による額): 1,324,005,000" in english
    assert f"[jpki, {FOOTING_JA}] 242,700,821" in japanese
    assert "  (3) 人口割 [規則による、総額 1,324,005,000円] 145,039,821" in japanese
    assert len(english.splitlines()) == len(japanese.splitlines())


def test_a_municipality_has_its_notional_figure_of_the_sum(call: Caller) -> None:
    (found,) = [
        e for e in call("show", CHIYODA, "--json").object["programmes"] if e["id"] == "jpki"
    ]
    assert found["notional"]
    assert "parts" not in found
    assert f"[jpki, {FOOTING}]" in call("show", CHIYODA).out


@pytest.mark.parametrize("code", AMOUNTS)
def test_limited_parts_unit_amounts_and_all_methods(
    code: str, tmp_path: Path, call: Caller
) -> None:
    ended = call("show", code, write_mixed(tmp_path / "plan"), "--json")
    assert (ended.status, ended.err) == (0, "")
    (found,) = ended.object["programmes"]
    assert tuple(part["amount"] for part in found["parts"]) == AMOUNTS[code]
    assert tuple(part["total"] for part in found["parts"]) == CHARGED
    assert tuple(part["given"] for part in found["parts"]) == GIVEN
    assert found["amount"] == sum(amount or 0 for amount in AMOUNTS[code])
    for part in found["parts"]:
        steps = values(part["steps"])
        assert ("outside" in steps) == (part["amount"] is None)
        if part["amount"] is not None:
            assert int(steps["amount"]) == part["amount"]


def test_a_payer_outside_a_part_is_said_to_be_outside(tmp_path: Path, call: Caller) -> None:
    said = call("show", "E2", write_mixed(tmp_path / "plan")).out
    assert "outside this part, which 2 of the payers bear" in said
    assert "outside this part, which 1 of the payers bear" in said
    assert "  均等割: 0 yen" in said


@pytest.mark.parametrize(
    ("method", "amount", "charged"), [("floor", 4_995, 9_990), ("ceiling", 5_010, 10_020),
                                      ("half_up", 4_995, 9_990)]
)  # fmt: skip
def test_methods_that_hand_nothing_out(
    method: str, amount: int, charged: int, tmp_path: Path, call: Caller
) -> None:
    """5,000 yen in units of 15 are 333 1/3: what the amounts add up to is charged."""
    text = ROADS.replace("total = 1_000_000", "total = 10_000").replace("unit = 100", "unit = 15")
    text = text.replace("largest_remainder", method).replace('weight = "1/3"', 'weight = "1"')
    share = '[[share]]\nweight = "2/3"\nby = "population"\n'
    assert share in text
    plan = write_mixed(tmp_path / "plan")
    (plan / "plan.toml").write_text(
        (plan / "plan.toml").read_text("utf-8").replace("mixed", "roads"), "utf-8"
    )
    (plan / "roads.toml").write_text(text.replace(share, ""), "utf-8")
    (found,) = call("show", "E", plan, "--json").object["programmes"]
    steps = values(found["steps"])
    assert Fraction(steps["quota"]) == Fraction(10_000, 2 * 15)
    assert int(steps["units"]) * 15 == int(steps["amount"]) == found["amount"] == amount
    assert "whole_units" not in steps
    said = call("show", "E", plan).out
    assert "share × 10,000 yen ÷ 15 yen, in units = 333.333333…" in said
    assert f"{charged:,} yen are charged of 10,000" in said


def test_a_tie_is_said_to_those_whom_it_concerns(tmp_path: Path, call: Caller) -> None:
    """Two equal claims on one yen: E gets it by its code."""
    plan = write_mixed(
        tmp_path / "plan",
        ("total = 10_000", "total = 10_001"),
        ('unit = 3\nmethod = "floor"', 'unit = 1\nmethod = "largest_remainder"'),
    )
    (found,) = call("show", "W", plan, "--json").object["programmes"]
    assert "note_tie_unit" in values(found["parts"][0]["steps"])
    (other,) = call("show", "E1", plan, "--json").object["programmes"]
    assert "note_tie_unit" not in values(other["parts"][0]["steps"])


def test_a_payer_that_a_part_exempts(tmp_path: Path, call: Caller) -> None:
    plan = write_mixed(tmp_path / "plan")
    with (plan / "mixed.toml").open("a", encoding="utf-8") as file:
        file.write('[[part.adjustment]]\nreason = "a closed town"\nexempt = ["W2"]\n')
    (found,) = call("show", "W2", plan, "--json").object["programmes"]
    assert [part["amount"] for part in found["parts"]] == [None, 7, None, 0]
    assert [step["name"] for step in found["parts"][3]["steps"]] == [
        "rest_of_total", "exempt", "amount",
    ]  # fmt: skip
    assert "a closed town" in found["parts"][3]["steps"][1]["text"]


# -- run -------------------------------------------------------------------------------------------


def test_the_parts_in_the_json_of_a_run(here: Path, call: Caller) -> None:
    found = {each["id"]: each for each in call("run", "--json", "--out", "r").object["programmes"]}
    assert found["jpki"]["basis"] == "parts"
    assert found["jpki"]["parts"] == [
        {"name": "均等割", "basis": "rule", "total": 661_995_000, "share_of_total": 0.275143},
        {
            "name": "割合表による額",
            "basis": "carried_forward",
            "total": 420_000_000,
            "share_of_total": 0.174564,
        },
        {"name": "人口割", "basis": "rule", "total": 1_324_005_000, "share_of_total": 0.550293},
    ]
    assert found["jpki"]["published"] is None
    assert "割合表による額" in found["jpki"]["reason"]
    assert [note.partition(":")[0] for note in found["jpki"]["notes"]] == ["均等割", "人口割"]
    assert all("parts" not in found[name] for name in ("residents", "intermediate_server", "lgwan"))
    assert (here / "r" / "parts.csv").is_file()


def test_the_table_of_a_run_never_calls_the_sum_reproduced(here: Path, call: Caller) -> None:
    said = call("run", "--out", "r").err
    (line,) = [line for line in said.splitlines() if "jpki " in line and "│" in line]
    assert FOOTING in line
    assert "not compared" in line
    assert "47/47" not in line
    assert "jpki: 均等割: each amount is rounded for itself" in said
    assert "jpki: 人口割: the rounding difference of +1 yen went to 130001" in said
    japanese = call("--lang", "ja", "run", "--out", here / "r").err
    (line,) = [line for line in japanese.splitlines() if "jpki " in line and "│" in line]
    assert FOOTING_JA in line
    assert "照合対象外" in line


def test_a_sum_that_is_not_computed_has_no_parts(here: Path, call: Caller) -> None:
    part = ("[part.unit_amount]\nby = \"population\"\nas_of = 2030-01-01\nmunicipalities = "
            "[{ from = 0, amount = 7 }, { from = 2_000, amount = 8 }]\n")  # fmt: skip
    carried = 'total = 100\n[part.carried_forward]\nlist = "none.csv"\n[part.rounding]\nunit = 1\nmethod = "floor"\n'  # noqa: E501
    plan = write_mixed(here / "plan", (part, carried), ('"estimated"', '"carried_forward"'))
    ended = call("run", plan, "--json", "--out", "r")
    assert ended.status == 2
    (found,) = ended.object["programmes"]
    assert found["basis"] == "not computed"
    assert "parts" not in found
    assert "none.csv" in found["reason"]
    assert len((here / "r" / "parts.csv").read_text("utf-8-sig").splitlines()) == 1
    assert call("check", here / "r").status == 0


# -- options ---------------------------------------------------------------------------------------


def test_options_by_the_short_name(here: Path, call: Caller) -> None:
    plan = write_mixed(here / "plan")
    found = call("run", plan, "--programme", "混合", "--total", "混合=100100", "--json").object
    (mixed,) = found["programmes"]
    assert mixed["total"] == mixed["allocated"] == 100_100
    assert [part["total"] for part in mixed["parts"]] == [9_996, 38, 1_200, 88_866]


def test_a_total_below_what_the_parts_charge_is_refused(here: Path, call: Caller) -> None:
    """11,000 yen are given to two parts, and 11,234 charged with the third: not to be met."""
    plan = write_mixed(here / "plan")
    assert call("run", plan, "--total", "mixed=11234", "--json").status == 0
    assert_refused(call("run", plan, "--total", "mixed=11233"), "mixed", "11,234", "11,233")
    assert_refused(call("run", plan, "--total", "mixed=10999"), "--total mixed=10999", "11,000")


# -- check, and the year before --------------------------------------------------------------------


def test_check_says_how_much_stands_on_which_basis(call: Caller, here: Path) -> None:
    assert (
        f"jpki 2,406,000,000 ({FOOTING})"
        in call("check", CONFIGS / "2023", "--json").object["text"]
    )
    plan = write_mixed(here / "plan")
    ended = call("check", plan, "--json")
    assert ended.status == 0
    assert "mixed 100,000 (over 99.9 % by rule, under 0.1 % estimated)" in ended.object["text"]
    ended = call("--lang", "ja", "check", plan, "--json")
    assert "mixed 100,000(規則 99.9%超、推計 0.1%未満)" in ended.object["text"]


def test_a_sum_as_the_year_before_is_no_published_amount(here: Path, call: Caller) -> None:
    earlier = write_mixed(here / "earlier", year=2029)
    plan = write_mixed(here / "plan", ("total = 100_000", "total = 100_500"))
    words = ("run", plan, "--previous", f"混合={earlier}", "--out", here / "r")
    said = call(*words).err
    assert (
        "mixed: +500 yen against the plan of FY2029 (over 99.9 % by rule, under 0.1 % estimated, "
        "not a published amount)"
    ) in said
    found = call(*words, "--json").object["programmes"][0]["previous"]
    assert (found["kind"], found["basis"], found["total"]) == ("plan", "parts", 100_000)
    japanese = call("--lang", "ja", *words).err
    assert "令和11年度の計画(規則 99.9%超、推計 0.1%未満。公表額ではない)に対し +500 円" in japanese


def test_a_sum_wholly_by_rule_is_said_like_a_rule(here: Path, call: Caller) -> None:
    by_rule = ('basis = "estimated"', 'basis = "rule"')
    earlier = write_mixed(here / "earlier", by_rule, year=2029)
    said = call("run", write_mixed(here / "plan", by_rule), "--previous", earlier).err
    assert "mixed: 0 yen against the plan of FY2029 (100.0 % by rule)" in said
    assert "not a published amount" not in said


# -- parts.csv is no list --------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [("audit",), ("compare", "2023"), ("check",)])
def test_parts_csv_is_refused_by_name(words: tuple[str, ...], call: Caller) -> None:
    assert call("run", "--programme", "jpki", "--out", "r").status == 0
    assert_refused(call(*words, "r/parts.csv"), "parts.csv", "allocation.csv", "no list")
    assert call("check", "r").status == 0
    assert call("compare", "r", "2023").status == 0


def test_the_folder_of_outputs_is_compared_without_its_parts(here: Path, call: Caller) -> None:
    plan = write_mixed(here / "plan")
    assert call("run", plan, "--out", "r").status == 0
    ended = call("compare", "r/allocation.csv", plan, "--json")
    assert (ended.status, ended.err) == (0, "")
    (found,) = ended.object["programmes"]
    assert (found["left_total"], found["right_total"]) == (100_000, 100_000)
    assert len(found["rows"]) == 7


def test_an_audit_of_a_sum_says_that_no_rule_verifies_it(here: Path, call: Caller) -> None:
    plan = write_mixed(here / "plan")
    assert call("run", plan, "--out", "r").status == 0
    ended = call("audit", "r/allocation.csv", "--plan", plan, "--json")
    assert (ended.status, ended.err) == (0, "")
    (found,) = ended.object["audits"]
    assert (found["basis"], found["rows"], found["matched"]) == ("parts", 7, 7)
    assert any("no rule verifies them" in check for check in found["checked"])


def test_a_plan_of_parts_is_compared_as_any_other(here: Path, call: Caller) -> None:
    """The rest takes the 1,000 yen more: 88,766 + 1,000 by population, half up."""
    write_mixed(here / "a")
    write_mixed(here / "b", ("total = 100_000", "total = 101_000"))
    ended = call("compare", "a", "b", "--json")
    assert (ended.status, ended.err) == (0, "")
    (found,) = ended.object["programmes"]
    assert (found["programme"], found["left_total"], found["right_total"]) == (
        "mixed",
        100_000,
        101_000,
    )
    rows = {row["code"]: (row["left"], row["right"], row["difference"]) for row in found["rows"]}
    whole = {code: sum(part or 0 for part in parts) for code, parts in AMOUNTS.items()}
    assert {code: left for code, (left, _, _) in rows.items()} == whole
    assert sum(difference for _, _, difference in rows.values()) == 1_000
    assert rows["E2"][1:] == (1_959, 21)  # 8 and 1,951.4 in place of 8 and 1,929.7
