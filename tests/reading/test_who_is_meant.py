"""Whose row it is, where names alone or beside a code say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.known import amounts_of
from tests.reading.routes import JAPAN, MEASURES
from tests.reading.shapes import Sample, ask, assert_exact, assert_told, named, pairs

HEAD = "都道府県名,市区町村名,<figure>\n"

BY_NAME = [
    Sample(
        "municipalities without codes",
        HEAD + "北海道,札幌市,1000\n北海道,函館市,2000\n東京都,千代田区,3000\n",
        amounts_of({"北海道/札幌市": 1000, "北海道/函館市": 2000, "東京都/千代田区": 3000}),
    ),
    Sample(
        "municipalities that bear their prefecture's name",
        HEAD + "青森県,青森市,1000\n福島県,福島市,2000\n広島県,広島市,3000\n鹿児島県,鹿児島市,4\n",
        amounts_of(
            {
                "青森県/青森市": 1000,
                "福島県/福島市": 2000,
                "広島県/広島市": 3000,
                "鹿児島県/鹿児島市": 4,
            }
        ),
    ),
    Sample(
        "with the county",
        HEAD + "北海道,石狩郡当別町,11\n福島県,伊達郡川俣町,22\n埼玉県,秩父郡 皆野町,33\n",
        amounts_of({"北海道/当別町": 11, "福島県/川俣町": 22, "埼玉県/皆野町": 33}),
    ),
    Sample(
        "without the county",
        HEAD + "北海道,当別町,11\n福島県,川俣町,22\n埼玉県,皆野町,33\n",
        amounts_of({"北海道/当別町": 11, "福島県/川俣町": 22, "埼玉県/皆野町": 33}),
    ),
    Sample(
        "a former name",
        HEAD + "兵庫県,篠山市,5\n兵庫県,神戸市,6\n",
        amounts_of({"兵庫県/丹波篠山市": 5, "兵庫県/神戸市": 6}),
    ),
    Sample(
        "small and large kana, old and new characters",
        HEAD + "千葉県,鎌ヶ谷市,1\n千葉県,袖ケ浦市,2\n茨城県,竜ヶ崎市,3\n高知県,檮原町,4\n"
        "福岡県,須惠町,5\n新潟県,彌彦村,6\n",
        amounts_of(
            {
                "千葉県/鎌ケ谷市": 1,
                "千葉県/袖ケ浦市": 2,
                "茨城県/龍ケ崎市": 3,
                "高知県/梼原町": 4,
                "福岡県/須恵町": 5,
                "新潟県/弥彦村": 6,
            }
        ),
    ),
    Sample(
        "islands before the names of their villages",
        HEAD
        + "東京都,三宅島 三宅村,1\n東京都,八丈島八丈町,2\n東京都,大島町,3\n東京都,青ヶ島村,4\n",
        amounts_of(
            {"東京都/三宅村": 1, "東京都/八丈町": 2, "東京都/大島町": 3, "東京都/青ヶ島村": 4}
        ),
    ),
    Sample(
        "names in kana",
        HEAD + "北海道,サッポロシ,1\n北海道,ﾊｺﾀﾞﾃｼ,2\n福島県,ダテシ,3\n",
        amounts_of({"北海道/札幌市": 1, "北海道/函館市": 2, "福島県/伊達市": 3}),
    ),
    Sample(
        "namesakes in two prefectures",
        HEAD + "北海道,伊達市,1\n福島県,伊達市,2\n東京都,府中市,3\n広島県,府中市,4\n"
        "宮城県,川崎町,5\n福岡県,川崎町,6\n",
        amounts_of(
            {
                "北海道/伊達市": 1,
                "福島県/伊達市": 2,
                "東京都/府中市": 3,
                "広島県/府中市": 4,
                "宮城県/川崎町": 5,
                "福岡県/川崎町": 6,
            }
        ),
    ),
    Sample(
        "blanks within the names",
        HEAD + "北 海 道,札　幌　市,1\n東京都, 港 区 ,2\n三重県,　津　市,3\n",
        amounts_of({"北海道/札幌市": 1, "東京都/港区": 2, "三重県/津市": 3}),
    ),
    Sample(
        "prefectures without their last character",
        HEAD + "北海道,札幌市,1\n東京,港区,2\n京都,京都市,3\n三重,津市,4\n",
        amounts_of({"北海道/札幌市": 1, "東京都/港区": 2, "京都府/京都市": 3, "三重県/津市": 4}),
    ),
    Sample(
        "prefectures by name",
        "都道府県名,<figure>\n北海道,1\n青森県,2\n東京,3\n神奈川県,4\n",
        amounts_of({"北海道": 1, "青森県": 2, "東京都": 3, "神奈川県": 4}),
    ),
    Sample(
        "prefectures among their municipalities",
        HEAD + "北海道,,3\n北海道,札幌市,1\n北海道,函館市,2\n青森県,,9\n青森県,青森市,9\n",
        amounts_of(
            {"北海道": 3, "北海道/札幌市": 1, "北海道/函館市": 2, "青森県": 9, "青森県/青森市": 9}
        ),
    ),
    Sample(
        "names in one column",
        "団体名,<figure>\n北海道札幌市,1\n北海道石狩郡当別町,2\n福島県伊達市,3\n東京都千代田区,4\n",
        amounts_of(
            {"北海道/札幌市": 1, "北海道/当別町": 2, "福島県/伊達市": 3, "東京都/千代田区": 4}
        ),
    ),
    Sample(
        "prefectures in the column of 団体名",
        "団体名,<figure>\n北海道,1\n青森県,2\n東京都,3\n",
        amounts_of({"北海道": 1, "青森県": 2, "東京都": 3}),
    ),
    Sample(
        "no prefecture, and names that nobody else bears",
        "市区町村名,<figure>\n札幌市,1\n函館市,2\n千代田区,3\n",
        amounts_of({"北海道/札幌市": 1, "北海道/函館市": 2, "東京都/千代田区": 3}),
    ),
]

OLD = [
    Sample(
        "a town that became a city of another code",
        HEAD + "宮城県,富谷町,1\n宮城県,仙台市,2\n福岡県,筑紫郡那珂川町,3\n",
        amounts_of({"宮城県/富谷市": 1, "宮城県/仙台市": 2, "福岡県/那珂川市": 3}),
        routes=("audit", "--against"),
    ),
    Sample(
        "a town that went into a city",
        HEAD + "栃木県,栃木市,10\n栃木県,下都賀郡岩舟町,20\n栃木県,佐野市,3\n",
        amounts_of({"栃木県/栃木市": 30, "栃木県/佐野市": 3}),
        routes=("audit", "--against"),
    ),
]

GAPS = [
    Sample(
        "a row or two without a code among those with one",
        "団体コード,都道府県名,市区町村名,<figure>\n011002,北海道,札幌市,1\n,北海道,函館市,2\n"
        "－,福島県,伊達市,3\n012033,北海道,小樽市,4\n",
        amounts_of(
            {"北海道/札幌市": 1, "北海道/函館市": 2, "福島県/伊達市": 3, "北海道/小樽市": 4}
        ),
    ),
]

TWO = amounts_of({"北海道/札幌市": 1000, "北海道/函館市": 2000})
ROWS = HEAD + "北海道,札幌市,1000\n北海道,函館市,2000\n"

UNKNOWN = [
    Sample("a name that nobody bears", ROWS + "北海道,どこか市,3000\n", TWO, says=("line 4",)),
    Sample("a misprint", ROWS + "北海道,小樽巾,3000\n", TWO, says=("line 4",)),
    Sample("another prefecture's city", ROWS + "青森県,札幌市,3000\n", TWO, says=("line 4",)),
    Sample("a prefecture that is none", ROWS + "北海県,札幌市,3000\n", TWO, says=("line 4",)),
    Sample("a county alone", ROWS + "北海道,石狩郡,3000\n", TWO, says=("line 4",)),
    Sample(
        "a name of two, without a prefecture",
        HEAD + "北海道,札幌市,1000\n,府中市,3000\n北海道,函館市,2000\n",
        TWO,
        says=("line 3",),
    ),
    Sample(
        "no prefectures, and a name of two",
        "市区町村名,<figure>\n札幌市,1000\n伊達市,3000\n函館市,2000\n",
        TWO,
        routes=JAPAN,
        says=("line 3",),
    ),
    Sample(
        "an organisation of no name",
        ROWS + ",,3000\n",
        TWO,
        says=("line 4",),
    ),
    Sample(
        "a ward without a code",
        ROWS + "北海道,札幌市中央区,3000\n",
        TWO,
        routes=JAPAN,
        says=("line 4",),
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(BY_NAME + OLD), ids=named)
def test_a_row_without_a_code_is_whose_names_it_bears(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(UNKNOWN), ids=named)
def test_a_row_of_nobody_is_told_with_its_line(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_told(ask(sample, route, tmp_path), sample.truth, *sample.says, route=route)


FORMS = [sample.in_form(form) for sample in BY_NAME[:3] for form in ("cp932", "utf-16", "xlsx")]


@pytest.mark.parametrize(("route", "sample"), pairs(FORMS), ids=named)
def test_names_in_any_kind_of_file(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(GAPS), ids=named)
def test_a_code_that_is_missing_is_told_by_the_name_or_found(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    """A measure takes the name; an audit calls an empty code an error, and says whose it is."""
    read = ask(sample, route, tmp_path)
    if route in MEASURES:
        assert_exact(read, sample.truth)
    assert_told(read, sample.truth, "line 3", route=route)
