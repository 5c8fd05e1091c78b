"""Rows with more or fewer fields than the header has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.shapes import Sample, ask, assert_exact, assert_refused, named, pairs

TRUTH = {"011002": 1_111_000, "012025": 222_000, "012033": 333}

SURPLUS = [
    Sample(
        "thousands in the last column, every row",
        "団体コード,都道府県名,市区町村名,<figure>\n"
        "011002,北海道,札幌市,1,111,000\n012025,北海道,函館市,222,000\n012033,北海道,小樽市,333\n",
        TRUTH,
        says=("line 2", "000"),
    ),
    Sample(
        "thousands in one row alone",
        "団体コード,都道府県名,市区町村名,<figure>\n"
        '012033,北海道,小樽市,333\n011002,北海道,札幌市,"1,111,000"\n012025,北海道,函館市,222,000\n',
        TRUTH,
        says=("line 4", "000"),
    ),
    Sample(
        "thousands in the first of two columns of figures",
        "団体コード,<figure>,備考\n011002,1,111,000,\n012025,222000,\n012033,333,\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "thousands in another column, before that of the figures",
        "団体コード,面積,<figure>\n011002,1,121,1111000\n012025,678,222000\n012033,244,333\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "thousands below a title",
        "<kind>一覧,,,\n\n団体コード,都道府県名,市区町村名,<figure>\n"
        "011002,北海道,札幌市,1,111,000\n012025,北海道,函館市,222,000\n012033,北海道,小樽市,333\n",
        TRUTH,
        says=("line 4", "000"),
    ),
    Sample(
        "a title with a comma of its own does no harm, but thousands do",
        "<kind>一覧,令和5年度,総額,1,333,333\n団体コード,市区町村名,<figure>\n"
        "012033,小樽市,333\n012025,函館市,222000\n011002,札幌市,1,111,000\n",
        TRUTH,
        says=("line 5", "000"),
    ),
    Sample(
        "thousands in a file of CP932",
        "団体コード,市区町村名,<figure>\n"
        "011002,札幌市,1,111,000\n012025,函館市,222,000\n012033,小樽市,333\n",
        TRUTH,
        form="cp932",
        says=("line 2",),
    ),
    Sample(
        "thousands in a file of UTF-16",
        "団体コード,市区町村名,<figure>\n"
        "011002,札幌市,1,111,000\n012025,函館市,222,000\n012033,小樽市,333\n",
        TRUTH,
        form="utf-16",
        says=("line 2",),
    ),
    Sample(
        "thousands in the last row, after quoted breaks",
        '団体コード,市区町村名,<figure>\n011002,"札幌\n市",1111000\n012033,小樽市,333\n'
        "012025,函館市,222,000\n",
        TRUTH,
        says=("line 5", "000"),
    ),
    Sample(
        "a note at the end of a row",
        "団体コード,市区町村名,<figure>\n"
        "011002,札幌市,1111000\n012025,函館市,222000,うち精算分 5\n012033,小樽市,333\n",
        TRUTH,
        says=("line 3", "うち精算分"),
    ),
    Sample(
        "a second figure without a heading",
        "団体コード,<figure>\n011002,1111000,5\n012025,222000,6\n012033,333,7\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "a blank heading and thousands",
        "団体コード,<figure>,\n011002,1,111\n012025,222,000\n012033,333,\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "a blank before the comma of a name",
        "団体コード,市区町村名,<figure>\n011002,札幌市, (政令市),1111000\n012025,函館市,222000\n"
        "012033,小樽市,333\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "tabs: a field too many",
        "団体コード\t市区町村名\t<figure>\n011002\t札幌市\t1111000\n012025\t函館市\t222\t000\n"
        "012033\t小樽市\t333\n",
        TRUTH,
        says=("line 3",),
    ),
    Sample(
        "a workbook with a figure to the right of its header",
        [
            ["団体コード", "市区町村名", "<figure>"],
            ["011002", "札幌市", 1_111_000],
            ["012025", "函館市", 222_000, 5],
            ["012033", "小樽市", 333],
        ],
        TRUTH,
        form="xlsx",
        says=("line 3",),
    ),
]

SHORT = [
    Sample(
        "a row that ends before the figure",
        "団体コード,市区町村名,<figure>\n011002,札幌市,1111000\n012025,函館市\n012033,小樽市,333\n",
        TRUTH,
        says=("line 3",),
    ),
    Sample(
        "a row that lacks its name, so that the figure stands below the name",
        "団体コード,市区町村名,<figure>\n011002,札幌市,1111000\n012025,222000\n012033,小樽市,333\n",
        TRUTH,
        says=("line 3",),
    ),
    Sample(
        "every row lacks the name",
        "団体コード,市区町村名,<figure>\n011002,1111000\n012025,222000\n012033,333\n",
        TRUTH,
        says=("line 2",),
    ),
    Sample(
        "the last row is cut off",
        "団体コード,市区町村名,<figure>\n011002,札幌市,1111000\n012033,小樽市,333\n012025\n",
        TRUTH,
        says=("line 4",),
    ),
    Sample(
        "a row in semicolons among commas",
        "団体コード,市区町村名,<figure>\n011002,札幌市,1111000\n012025;函館市;222000\n"
        "012033,小樽市,333\n",
        TRUTH,
        says=("line 3",),
    ),
]

SOUND = [
    Sample(
        "surplus fields that are empty",
        "団体コード,<figure>\n011002,1111000,\n012025,222000,,\n012033,333,,,,\n",
        TRUTH,
    ),
    Sample(
        "surplus fields of blanks alone",
        "団体コード,<figure>\n011002,1111000, \n012025,222000,　,\n012033,333\n",
        TRUTH,
    ),
    Sample(
        "empty headings over empty fields",
        "団体コード,市区町村名,<figure>,,\n011002,札幌市,1111000,,\n012025,函館市,222000,,\n"
        "012033,小樽市,333,,\n",
        TRUTH,
    ),
    Sample(
        "a wide title above a narrow table",
        "令和5年度,<kind>,一覧,,,,,1\n団体コード,<figure>\n011002,1111000\n012025,222000\n"
        "012033,333\n",
        TRUTH,
    ),
    Sample(
        "thousands in quotes",
        '団体コード,市区町村名,<figure>\n011002,札幌市,"1,111,000"\n012025,函館市,"222,000"\n'
        "012033,小樽市,333\n",
        TRUTH,
    ),
    Sample(
        "tabs, with thousands in commas",
        "団体コード\t市区町村名\t<figure>\n011002\t札幌市\t1,111,000\n012025\t函館市\t222,000\n"
        "012033\t小樽市\t333\n",
        TRUTH,
    ),
    Sample(
        "an empty row of commas in between",
        "団体コード,市区町村名,<figure>\n011002,札幌市,1111000\n,,\n012025,函館市,222000\n\n,,,\n"
        "012033,小樽市,333\n",
        TRUTH,
    ),
]


EITHER = [
    Sample(
        "rows that are shorter by empty fields at the end",
        "団体コード,市区町村名,<figure>,備考\n011002,札幌市,1111000\n012025,函館市,222000,\n"
        "012033,小樽市,333,注\n",
        TRUTH,
    ),
    Sample(
        "semicolons, with thousands in commas",
        "団体コード;市区町村名;<figure>\n011002;札幌市;1,111,000\n012025;函館市;222,000\n"
        "012033;小樽市;333\n",
        TRUTH,
    ),
    Sample(
        "an old workbook with a figure to the right of its header",
        [
            ["団体コード", "市区町村名", "<figure>"],
            ["011002", "札幌市", 1_111_000],
            ["012025", "函館市", 222_000],
            ["012033", "小樽市", 333, "", 5],
        ],
        TRUTH,
        form="xls",
    ),
    Sample(
        "a workbook whose heading has a year above and thousands cut",
        [
            ["団体コード", "令和5年度"],
            ["", "<figure>"],
            ["011002", 1, "111", "000"],
            ["012025", 222_000],
            ["012033", 333],
        ],
        TRUTH,
        form="xlsx",
        says=("line 3",),
    ),
    Sample(
        "thousands in the words of the heading",
        "団体コード,市区町村名,<figure>(総額1,333,333<unit>)\n"
        "011002,札幌市,1111000\n012025,函館市,222000\n012033,小樽市,333\n",
        TRUTH,
    ),
    Sample(
        "thousands in the heading of another column",
        "団体コード,定員(1,000人以上),<figure>\n011002,5,1111000\n012025,6,222000\n012033,7,333\n",
        TRUTH,
    ),
    Sample(
        "thousands that fill the column of remarks",
        "団体コード,<figure>,備考\n011002,1111000,\n012025,222,000\n012033,333,\n",
        TRUTH,
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(EITHER), ids=named)
def test_commas_elsewhere_never_move_the_figures(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    """Refused or read exactly: no figure is another column's, or a piece of its own."""
    read = ask(sample, route, tmp_path)
    if not read.is_refused and not read.errors:
        assert_exact(read, sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(SURPLUS), ids=named)
def test_a_row_of_more_fields_than_the_header_is_refused(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    assert_refused(ask(sample, route, tmp_path), *sample.says)


@pytest.mark.parametrize(("route", "sample"), pairs(SHORT), ids=named)
def test_a_row_of_fewer_fields_than_its_figure_is_refused(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    assert_refused(ask(sample, route, tmp_path), *sample.says)


@pytest.mark.parametrize(("route", "sample"), pairs(SOUND), ids=named)
def test_empty_fields_are_no_fault(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


def test_two_lists_with_thousands_that_stand_open_do_not_agree(tmp_path: Path) -> None:
    """Cut at the first comma, both would begin with 1 and 222."""
    sample = Sample(
        "open",
        "code,prefecture,municipality,amount\n011002,北海道,札幌市,1,999,000\n"
        "012025,北海道,函館市,222,500\n",
        {"011002": 1, "012025": 222},
    )
    for route in ("audit", "--against"):
        assert_refused(ask(sample, route, tmp_path), "line 2", "999")
