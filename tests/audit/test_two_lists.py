"""A list against another one, across changes of codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.auditing.findings import Audit
from allocator.domain.errors import InputError
from allocator.domain.progress import watched
from allocator.sources.bundled import DATA, newest_plan
from allocator.tasks.audit_lists import audit_two

SERVER = DATA / "published/2023/intermediate_server.csv"


def audit(folder: Path, lines: list[str], other: list[str]) -> Audit:
    for name, content in (("list.csv", lines), ("other.csv", other)):
        (folder / name).write_text("\n".join(content), encoding="utf-8")
    (found,) = audit_two(folder / "list.csv", folder / "other.csv", newest_plan())
    return found


def found_in(each: Audit) -> list[tuple[str, str, str | None]]:
    return [(finding.kind, finding.reason, finding.code) for finding in each.findings]


HEAD = "code,prefecture,municipality,amount"


@pytest.mark.parametrize("programme", ["residents", "jpki", "lgwan", "intermediate_server"])
def test_a_list_agrees_with_itself(programme: str) -> None:
    file = DATA / f"published/2023/{programme}.csv"
    (each,) = audit_two(file, file, newest_plan())
    assert each.findings == ()
    assert each.matched == each.rows
    assert (each.programme, each.basis) == (None, "list")


def test_reading_both_lists_is_told_to_who_watches() -> None:
    """They are read at once, in threads of their own."""
    jpki = DATA / "published/2023/jpki.csv"
    told: list[str] = []
    with watched(lambda text, _done, _of: told.append(text.en)):
        audit_two(SERVER, jpki, newest_plan())
    assert {"reading intermediate_server.csv", "reading jpki.csv"} <= set(told)


def test_the_first_of_two_wrong_lists_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        audit(tmp_path, [HEAD, "010006,北海道,,five"], [HEAD, "010006,北海道,,six"])
    assert [problem.where for problem in found.value.problems] == [
        f"{tmp_path / 'list.csv'}: line 2, column amount"
    ]


def test_differences_of_two_lists(tmp_path: Path) -> None:
    lines = [HEAD, "010006,北海道,,5", "020001,青森県,,7", "030007,岩手県,,8"]
    other = [HEAD, "010006,北海道,,5", "020001,青森県,,6", "040002,宮城県,,9"]
    each = audit(tmp_path, lines, other)
    assert found_in(each) == [
        ("amount", "other", "020001"),
        ("unexpected", "no_payer", "030007"),
        ("missing", "no_row", "040002"),
    ]
    assert (each.matched, each.listed_total, each.expected_total) == (1, 20, 20)


@pytest.mark.parametrize("turned", [False, True])
def test_a_changed_code(tmp_path: Path, turned: bool) -> None:
    old = [HEAD, "044237,宮城県,黒川郡富谷町,5", "403059,福岡県,筑紫郡那珂川町,6"]
    new = [HEAD, "042161,宮城県,富谷市,5", "402311,福岡県,那珂川市,6"]
    each = audit(tmp_path, new, old) if turned else audit(tmp_path, old, new)
    assert each.findings == ()
    assert each.matched == 2
    assert "044237" in each.checked[0].in_("en")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("whole", [30, 31])
def test_a_merger_adds_up(tmp_path: Path, turned: bool, whole: int) -> None:
    """岩舟町 (093670) went into 栃木市 (092037) on 2014-04-05."""
    old = [
        HEAD,
        "092037,栃木県,栃木市,10",
        "092045,栃木県,佐野市,3",
        "093670,栃木県,下都賀郡岩舟町,20",
    ]
    new = [HEAD, f"092037,栃木県,栃木市,{whole}", "092045,栃木県,佐野市,3"]
    each = audit(tmp_path, new, old) if turned else audit(tmp_path, old, new)
    if whole == 30:
        assert each.findings == ()
    else:
        (finding,) = each.findings
        assert (finding.kind, finding.code) == ("amount", "092037")
        assert finding.difference == (1 if turned else -1)


def test_a_former_name_under_the_same_code(tmp_path: Path) -> None:
    each = audit(
        tmp_path,
        [HEAD, "282219,兵庫県,篠山市,1"],
        [HEAD, "282219,兵庫県,丹波篠山市,1"],
    )
    assert found_in(each) == [("name", "former", "282219")]


def test_the_county_may_be_printed_in_one_list_alone(tmp_path: Path) -> None:
    each = audit(
        tmp_path,
        [HEAD, "013030,北海道,当別町,1"],
        [HEAD, "013030,北海道,石狩郡当別町,1"],
    )
    assert each.findings == ()


def test_a_list_without_names_beside_one_with_names(tmp_path: Path) -> None:
    bare = ["code,amount", "013030,1", "010006,2"]
    named = [HEAD, "013030,北海道,石狩郡当別町,1", "010006,北海道,,2"]
    assert [finding.kind for finding in audit(tmp_path, bare, named).findings] == ["order"] * 0
    assert audit(tmp_path, named, bare).findings == ()


def test_declared_totals_may_differ_as_long_as_each_fits_its_rows(tmp_path: Path) -> None:
    one = [HEAD, "010006,北海道,,5", "合計,,,5"]
    other = [HEAD, "010006,北海道,,6", "合計,,,6"]
    assert [kind for kind, *_ in found_in(audit(tmp_path, one, other))] == ["amount"]
    one[-1] = "合計,,,7"
    assert [kind for kind, *_ in found_in(audit(tmp_path, one, other))] == ["amount", "total"]


def test_the_order_is_that_of_the_other_list(tmp_path: Path) -> None:
    rows = ["010006,北海道,,5", "020001,青森県,,7", "030007,岩手県,,8"]
    assert audit(tmp_path, [HEAD, *rows[::-1]], [HEAD, *rows[::-1]]).findings == ()
    assert found_in(audit(tmp_path, [HEAD, *rows[::-1]], [HEAD, *rows])) == [
        ("order", "swapped", "030007")
    ]


def test_an_unclear_other_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stands twice"):
        audit(
            tmp_path,
            [HEAD, "010006,北海道,,5"],
            [HEAD, "010006,北海道,,5", "010006,北海道,,5"],
        )
    with pytest.raises(InputError, match="without a code"):
        audit(tmp_path, [HEAD, "010006,北海道,,5"], ["都道府県名,金額", "どこか,5"])


def test_a_bad_code_in_one_list_is_found_by_its_name(tmp_path: Path) -> None:
    lines = SERVER.read_text(encoding="utf-8").splitlines()
    wrong = [line.replace("131016", "131017") for line in lines]
    assert found_in(audit(tmp_path, wrong, lines)) == [("bad_code", "check_digit", "131017")]
