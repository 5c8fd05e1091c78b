"""Units: from the nearest place that states one, exact, and never a thousand times too small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.routes import LISTS, MEASURES, lists
from tests.reading.shapes import Sample, ask, assert_exact, assert_refused, named, pairs

THOUSANDS = {"011002": 397_800_697, "012025": 5_177_000}
PLAIN = {"011002": 397_800, "012025": 5_177}
KILO = {"011002": 397_800_000, "012025": 5_177_000}
MEGA = {"011002": 3_000_000, "012025": 12_500_000}

MONEY = tuple(LISTS)

STATED = [
    Sample("in the heading", "団体コード,<figure>(<k>)\n011002,397800\n012025,5177\n", KILO),
    Sample(
        "in the heading, wide", "団体コード,<figure>（<k>）\n011002,397800\n012025,5177\n", KILO
    ),
    Sample(
        "in the heading, with the word for it",
        "団体コード,<figure>（単位：<k>）\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "in the heading, in corner brackets",
        "団体コード,<figure>【<k>】\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "in the heading, after a break",
        '団体コード,"<figure>\n（<k>）"\n011002,397800\n012025,5177\n',
        KILO,
    ),
    Sample(
        "in a row below the heading",
        "団体コード,市区町村名,<figure>\n,,(<k>)\n011002,札幌市,397800\n012025,函館市,5177\n",
        KILO,
    ),
    Sample(
        "in a row below the heading, without brackets",
        "団体コード,市区町村名,<figure>\n,,<k>\n011002,札幌市,397800\n012025,函館市,5177\n",
        KILO,
    ),
    Sample(
        "on a line of its own above",
        "（単位：<k>）,\n団体コード,<figure>\n011002,397800.697\n012025,5177\n",
        THOUSANDS,
    ),
    Sample(
        "on a line of its own, to the right",
        ",（単位：<k>）\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "on a line with other words before it",
        "令和5年度<kind>一覧　(単位:<k>),\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "on a line with other words after it",
        "単位：<k>　<date>現在,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "without brackets or colon",
        "市町村別一覧,\n単位　<k>,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "with a blank within the brackets",
        "（単位 <k>）,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "between title and table, with a blank line",
        "<kind>一覧,\n(単位：<k>),\n,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "millions in the title",
        "<kind>一覧（単位　<M>）,\n団体コード,<figure>\n011002,3\n012025,12.5\n",
        MEGA,
        routes=MONEY,
    ),
    Sample(
        "millions in the heading",
        "団体コード,<figure>(<M>)\n011002,3\n012025,12.5\n",
        MEGA,
        routes=MONEY,
    ),
    Sample(
        "hundreds of millions",
        "単位:億円,\n団体コード,<figure>\n011002,3.00000001\n012025,0.5\n",
        {"011002": 300_000_001, "012025": 50_000_000},
        routes=MONEY,
    ),
    Sample(
        "decimals in the heading's unit",
        "団体コード,<figure>(<k>)\n011002,397800.697\n012025,5177.000\n",
        THOUSANDS,
    ),
    Sample(
        "thousands with separators and decimals",
        '団体コード,<figure>(<k>)\n011002,"397,800.697"\n012025,"5,177"\n',
        THOUSANDS,
    ),
    Sample(
        "written into each cell",
        "団体コード,<figure>\n011002,397800<k>\n012025,5177<k>\n",
        KILO,
        routes=MONEY,
    ),
    Sample(
        "single units in the heading below a title in thousands",
        "市町村別概況,\n（単位　千円）,\n団体コード,<figure>(<unit>)\n011002,397800\n012025,5177\n",
        PLAIN,
    ),
    Sample(
        "single units in a row below the heading, below a title in thousands",
        "市町村別概況,,\n（単位　千円）,,\n団体コード,<figure>,歳入総額\n,(<unit>),\n"
        "011002,397800,555\n012025,5177,222\n",
        PLAIN,
    ),
    Sample(
        "thousands in the heading below a title in single units",
        "市町村別概況（単位：円）,\n団体コード,<figure>（<k>）\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "the line right above goes before the title's",
        "市町村別概況（単位：百万円）,\n(単位:<k>),\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        KILO,
    ),
    Sample(
        "another column's unit is not this one's",
        "団体コード,歳入総額(百万円),<figure>(<unit>),世帯数(世帯)\n011002,1,397800,2\n012025,2,5177,3\n",
        PLAIN,
    ),
    Sample(
        "another column's unit, in the row of units",
        "団体コード,歳入総額,<figure>\n,(千円),(<unit>)\n011002,1,397800\n012025,2,5177\n",
        PLAIN,
    ),
    Sample(
        "single units in the heading",
        "団体コード,<figure>(<unit>)\n011002,397800\n012025,5177\n",
        PLAIN,
    ),
    Sample(
        "single units on the line above",
        "（単位：<unit>）,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        PLAIN,
    ),
    Sample(
        "words that only look like units",
        "千円札の発行に関する<kind>,\n団体コード,<figure>\n011002,397800\n012025,5177\n",
        PLAIN,
    ),
    Sample(
        "a note below the table in another unit",
        "団体コード,<figure>(<unit>)\n011002,397800\n012025,5177\n注1 歳入の単位は千円である。,\n",
        PLAIN,
    ),
]

BOOKS = [
    sample.in_form(form)
    for sample in STATED
    for form in ("xlsx", "cp932")
    if sample.name
    in {
        "in the heading, after a break",
        "in a row below the heading",
        "on a line of its own, to the right",
        "single units in a row below the heading, below a title in thousands",
        "decimals in the heading's unit",
    }
]

NO_WHOLE = [
    Sample(
        "less than one yen",
        "団体コード,<figure>(<k>)\n011002,0.0005\n012025,5177\n",
        PLAIN,
        says=("line 2", "0.0005"),
    ),
    Sample(
        "a fraction below a line of thousands",
        "（単位：<k>）,\n団体コード,<figure>\n011002,397800\n012025,5177.0001\n",
        PLAIN,
        says=("line 4", "5177.0001"),
    ),
    Sample(
        "a fraction of single units",
        "団体コード,<figure>(<unit>)\n011002,397800.5\n012025,5177\n",
        PLAIN,
        says=("line 2", "397800.5"),
    ),
    Sample(
        "a fraction of no unit",
        "団体コード,<figure>\n011002,397800\n012025,5177.25\n",
        PLAIN,
        says=("line 3", "5177.25"),
    ),
    Sample(
        "more digits than millions have",
        "団体コード,<figure>(<M>)\n011002,3.0000001\n012025,1\n",
        PLAIN,
        says=("line 2", "3.0000001"),
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(STATED + BOOKS), ids=named)
def test_the_nearest_statement_of_a_unit_counts(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(NO_WHOLE), ids=named)
def test_what_is_no_whole_yen_is_refused(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_refused(ask(sample, route, tmp_path), *sample.says)


NO_UNITS = [
    Sample(
        words,
        f"{words},\n団体コード,<figure>\n011002,1000\n012025,2\n",
        {"011002": 1000, "012025": 2},
    )
    for words in ("（単位未満切捨て）", "（単位以下四捨五入）", "単位数による割当て一覧")
]


@pytest.mark.parametrize(("route", "sample"), pairs(NO_UNITS), ids=named)
def test_words_that_only_begin_like_a_unit(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


CONTRADICTIONS = {
    "a unit of money over persons": "（単位：千円）,\n団体コード,<figure>\n011002,1\n012025,2\n",
    "a unit that nobody knows": "（単位：千石）,\n団体コード,<figure>\n011002,1\n012025,2\n",
    "one without its colon": "（単位　千石）,\n団体コード,<figure>\n011002,1\n012025,2\n",
    "one in a line of its own": "単位 千ドル,\n団体コード,<figure>\n011002,1\n012025,2\n",
    "one behind a title": "<kind>一覧【単位 千両】,\n団体コード,<figure>\n011002,1\n012025,2\n",
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
@pytest.mark.parametrize("route", [*MEASURES, *lists()])
def test_a_unit_of_another_kind_is_never_taken_in_silence(
    name: str, route: str, tmp_path: Path
) -> None:
    """Thousands of yen over staff are nonsense; over amounts they are thousands of yen."""
    sample = Sample(name, CONTRADICTIONS[name], {"011002": 1_000, "012025": 2_000})
    read = ask(sample, route, tmp_path)
    if route in LISTS and name == "a unit of money over persons":
        assert_exact(read, sample.truth)
    else:
        assert_refused(read, "千")
