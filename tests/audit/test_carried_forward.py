"""The list that a programme carries forward itself, and other lists against carried amounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.auditing.findings import Audit
from allocator.auditing.verdict import verdict
from allocator.sources.bundled import DATA, newest_plan
from allocator.tasks.audit_plan import audit_file

JPKI = (DATA / "published/2023/jpki.csv").read_text(encoding="utf-8").splitlines()


def audit(folder: Path, lines: list[str], programme: str = "jpki") -> Audit:
    file = folder / "list.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    (found,) = audit_file(file, newest_plan(), programme)
    return found


def kinds(found: Audit) -> list[tuple[str, str]]:
    return [(finding.kind, finding.reason) for finding in found.findings]


def why_not(found: Audit) -> str:
    return next(check.in_("en") for check in found.not_checked if check.what == "amounts")


@pytest.mark.parametrize(("programme", "basis"), [("jpki", "parts"), ("lgwan", "carried_forward")])
def test_amounts_are_not_checkable(programme: str, basis: str) -> None:
    (found,) = audit_file(DATA / f"published/2023/{programme}.csv", newest_plan())
    assert (found.programme, found.basis) == (programme, basis)
    assert found.findings == ()
    assert found.matched is None
    assert "amounts" not in [check.what for check in found.checked]
    assert "not checkable" in why_not(found)
    assert "not checkable" in verdict(found).en
    assert found.listed_total == found.expected_total
    checked = [check.what for check in found.checked]
    assert checked == ["codes", "payers", "duplicates", "sum", "names", "order"]


def test_a_wrong_amount_shows_in_the_sum_alone(tmp_path: Path) -> None:
    lines = [*JPKI]
    lines[1] = lines[1].replace("79254246", "79254247")
    found = audit(tmp_path, lines)
    assert kinds(found) == [("total", "sum")]
    (finding,) = found.findings
    assert (finding.published, finding.expected, finding.difference) == (
        2_406_000_001,
        2_406_000_000,
        1,
    )
    assert "010006" in why_not(found)


def test_swapped_amounts_show_nowhere_but_are_told(tmp_path: Path) -> None:
    lines = [*JPKI]
    first, second = lines[1].rpartition(","), lines[2].rpartition(",")
    lines[1], lines[2] = f"{first[0]},{second[2]}", f"{second[0]},{first[2]}"
    found = audit(tmp_path, lines)
    assert found.findings == ()
    assert "010006, 020001" in why_not(found)


def test_a_missing_row_explains_the_sum(tmp_path: Path) -> None:
    found = audit(tmp_path, JPKI[:5] + JPKI[6:])
    assert kinds(found) == [("missing", "no_row")]
    assert found.findings[0].expected is None


def test_a_missing_row_does_not_explain_another_yen(tmp_path: Path) -> None:
    lines = JPKI[:5] + JPKI[6:]
    lines[1] = lines[1].replace("79254246", "79254247")
    assert sorted(kinds(audit(tmp_path, lines))) == [("missing", "no_row"), ("total", "sum")]


def test_a_repeated_row_explains_the_sum(tmp_path: Path) -> None:
    assert kinds(audit(tmp_path, [*JPKI[:6], JPKI[5], *JPKI[6:]])) == [("duplicate", "repeated")]


def test_codes_and_order_are_checked(tmp_path: Path) -> None:
    lines = [*JPKI]
    lines[1] = lines[1].replace("010006", "010016")
    lines[10], lines[20] = lines[20], lines[10]
    assert kinds(audit(tmp_path, lines)) == [("bad_code", "check_digit"), ("order", "swapped")]


def test_the_declared_total_is_checked(tmp_path: Path) -> None:
    assert audit(tmp_path, [*JPKI, ",合計,,2406000000"]).findings == ()
    found = audit(tmp_path, [*JPKI, ",合計,,2406000001"])
    assert kinds(found) == [("total", "declared")]
    assert found.findings[0].line == 49


def test_a_wrong_declared_total_beside_a_wrong_amount(tmp_path: Path) -> None:
    lines = [*JPKI, ",合計,,2406000005"]
    lines[1] = lines[1].replace("79254246", "79254247")
    assert sorted(kinds(audit(tmp_path, lines))) == [("total", "declared"), ("total", "sum")]


def test_another_list_is_compared_and_never_called_verified(tmp_path: Path) -> None:
    lgwan = (DATA / "published/2023/lgwan.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{line}0" if at else line for at, line in enumerate(lgwan)]
    found = audit(tmp_path, lines, "lgwan")
    assert len(found.findings) == 47
    assert {finding.kind for finding in found.findings} == {"amount"}
    assert all("not verified" in finding.message.en for finding in found.findings)
    amounts = next(check.in_("en") for check in found.checked if check.what == "amounts")
    assert "no rule verifies" in amounts
    assert "no rule verifies" in verdict(found).en


def test_a_plan_whose_carried_list_is_the_faulty_one_itself(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.toml").write_text('fiscal_year = 2023\nprogrammes = ["jpki"]\n', encoding="utf-8")
    (plan / "jpki.toml").write_text(
        'id = "jpki"\npayers = "prefectures"\nbasis = "carried_forward"\ntotal = 2406000000\n'
        'published = "list.csv"\n[carried_forward]\nlist = "list.csv"\n'
        '[rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    lines = [*JPKI]
    lines[1] = lines[1].replace("010006", "010016")
    (plan / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    (found,) = audit_file(plan / "list.csv", plan)
    assert kinds(found) == [("bad_code", "check_digit")]


def test_a_carried_list_that_is_not_there(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.toml").write_text('fiscal_year = 2023\nprogrammes = ["jpki"]\n', encoding="utf-8")
    (plan / "jpki.toml").write_text(
        'id = "jpki"\npayers = "prefectures"\nbasis = "carried_forward"\ntotal = 2406000000\n'
        '[carried_forward]\nlist = "gone.csv"\n'
        '[rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    (found,) = audit_file(DATA / "published/2023/jpki.csv", plan)
    assert found.findings == ()
    assert "gone.csv" in why_not(found)


def test_what_was_computed_is_told_from_a_list_like_it(tmp_path: Path) -> None:
    """Most payers of little pay what they did before: the new amounts are compared all the same."""
    (tmp_path / "plan.toml").write_text(
        'fiscal_year = 2030\nprogrammes = ["roads"]\n'
        'organisations = "organisations.csv"\ncodes = "text"\n',
        encoding="utf-8",
    )
    (tmp_path / "organisations.csv").write_text(
        "code,prefecture,municipality,kind\nA,A国,,prefecture\nB,B国,,prefecture\n"
        "C,C国,,prefecture\nD,D国,,prefecture\n",
        encoding="utf-8",
    )
    (tmp_path / "list.csv").write_text(
        "code,amount\nA,10000\nB,100\nC,100\nD,100\n", encoding="utf-8"
    )
    (tmp_path / "roads.toml").write_text(
        'id = "roads"\npayers = "prefectures"\nbasis = "carried_forward"\ntotal = 10400\n'
        'carried_forward = { list = "list.csv" }\n'
        'rounding = { unit = 100, method = "largest_remainder" }\n',
        encoding="utf-8",
    )
    for name, amounts, matched in (
        ("list.csv", {"A": 10_000, "B": 100, "C": 100, "D": 100}, None),
        ("computed.csv", {"A": 10_100, "B": 100, "C": 100, "D": 100}, 4),
        ("wrong.csv", {"A": 10_100, "B": 100, "C": 200, "D": 100}, 3),
    ):
        lines = [f"{code},{amount}" for code, amount in amounts.items()]
        (tmp_path / name).write_text("\n".join(["code,amount", *lines]), encoding="utf-8")
        (found,) = audit_file(tmp_path / name, tmp_path)
        assert found.matched == matched, name
