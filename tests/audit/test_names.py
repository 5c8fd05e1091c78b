"""Names: which differences are spellings, which are misread, which are neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.auditing.compare import compare
from allocator.auditing.spelling import difference, is_misread
from allocator.domain.names import fold, spellings
from tests.audit.bundled import MISREAD, VARIANTS, bundled


def test_the_published_list_differs_in_the_23_known_places() -> None:
    each = bundled("intermediate_server")
    found = compare(each.published, each.reference, each.knowledge).findings
    assert {finding.kind for finding in found} == {"name"}
    by_reason: dict[str, set[str | None]] = {}
    for finding in found:
        by_reason.setdefault(finding.reason, set()).add(finding.code)
    assert by_reason == {"misreading": set(MISREAD), "variant": set(VARIANTS)}
    assert len(found) == 23


@pytest.mark.parametrize("programme", ["residents", "jpki", "lgwan"])
def test_lists_of_prefectures_have_no_wrong_names(programme: str) -> None:
    each = bundled(programme)
    assert compare(each.published, each.reference).findings == ()


def test_a_list_without_counties_differs_in_fewer_places() -> None:
    each = bundled("intermediate_server")
    register = each.reference.frame.select("code", "bare")
    frame = each.published.frame.join(register, on="code", maintain_order="left")
    bare = each.published.frame.with_columns(municipality=frame["bare"])
    published = each.sound.published()
    found = compare(type(published)(published.file, bare), each.reference, each.knowledge).findings
    assert found == ()


@pytest.mark.parametrize(
    ("printed", "name", "expected"),
    [
        ("龍ヶ崎市", "龍ケ崎市", "variant"),
        ("竜ケ崎市", "龍ケ崎市", "variant"),
        ("梼原町", "檮原町", "variant"),
        ("須惠町", "須恵町", "variant"),
        ("三宅島　三宅村", "三宅村", "variant"),
        ("千代田 区", "千代田区", "variant"),
        ("ﾆｾｺ町", "ニセコ町", "variant"),
        ("山之内町", "山ノ内町", "variant"),
        ("二セコ町", "ニセコ町", "misreading"),
        ("鮎ヶ沢町", "鰺ヶ沢町", "misreading"),
        ("長瀬町", "長瀞町", "misreading"),
        ("札幌布", "札幌市", "misreading"),
        ("ロ之島村", "口之島村", "misreading"),
        ("未広町", "末広町", "misreading"),
        ("堺市", "津市", "other"),
        ("さいたま市", "札幌市", "other"),
        ("函館市", "札幌市", "other"),
        ("札幌", "札幌市", "other"),
        ("", "札幌市", "other"),
    ],
)
def test_kinds_of_difference(printed: str, name: str, expected: str) -> None:
    assert difference(printed, [name], [], []) == expected


def test_a_former_name_is_called_so() -> None:
    assert difference("篠山市", ["丹波篠山市"], ["篠山市"], []) == "former"


def test_the_name_of_another_was_not_misread() -> None:
    assert difference("八戸市", ["二戸市"], [], []) == "misreading"
    assert difference("八戸市", ["二戸市"], [], ["八戸市"]) == "other"


def test_the_island_before_a_name_is_a_spelling_only_of_the_name_behind_it() -> None:
    assert spellings("八丈島 八丈町") == ("八丈島八丈町", "八丈町")
    assert spellings("広島市") == ("広島市",)


@given(st.text(alphabet="一二三ニロ口ヶケ曾曽市町村 　", max_size=8))
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(alphabet="東西南北中市町村", min_size=5, max_size=9), st.data())
def test_one_wrong_character_of_several_is_misread(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    wrong = data.draw(st.sampled_from("東西南北中市町村"))
    printed = name[:place] + wrong + name[place + 1 :]
    assert is_misread(printed, name) == (printed != name)
    assert is_misread(name, printed) == (printed != name)
