"""Encodings, codes and figures as offices write them: all the same population."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.files.source import open_source
from allocator.plans.variant import Overrides
from allocator.sources.measures.file import read_measure
from allocator.sources.register import japan
from allocator.tasks.compute import compute_plan
from tests.plans.plans import assert_says, refused
from tests.sources.files import (
    NAME,
    Row,
    amounts_of,
    as_csv,
    changed,
    population,
    residents_plan,
    run_with,
)

ROWS = population(date(2025, 1, 1))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    file = tmp_path_factory.mktemp("plain") / NAME
    file.write_text(as_csv(ROWS), encoding="utf-8")
    outcome = run_with(file)
    assert outcome.notes == ()
    return amounts_of(outcome)


def test_the_plain_file_gives_what_the_bundled_one_gives(
    expected: dict[str, int], tmp_path: Path
) -> None:
    plan = residents_plan(tmp_path)
    bundled = compute_plan(plan, Overrides(dates={"residents": date(2025, 1, 1)}))
    assert amounts_of(bundled) == expected
    assert len(expected) == 47


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings(encoding: str, line_end: str, expected: dict[str, int], tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(as_csv(ROWS).replace("\n", line_end).encode(encoding))
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert outcome.notes == ()


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_both_orders_of_utf_16(mark: bytes, expected: dict[str, int], tmp_path: Path) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    file = tmp_path / NAME
    file.write_bytes(mark + as_csv(ROWS).encode(order))
    assert amounts_of(run_with(file)) == expected


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_utf_16_that_does_not_say_so(
    order: str, line_end: str, expected: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / NAME
    file.write_bytes(as_csv(ROWS).replace("\n", line_end).encode(order))
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert outcome.notes == ()


NO_TEXT = {
    "nothing but zeros": bytes(500),
    "one zero": b"\0",
    "whole numbers of two bytes": bytes(range(256)) + b"\0".join(bytes([n]) for n in range(250)),
    "whole numbers of four bytes": b"".join(n.to_bytes(4, "little") for n in range(65, 990)),
    "text in UTF-32": as_csv(ROWS).encode("utf-32-le"),
    "zeros on both sides": b"c\0o\0d\0e\0,\0" + b"\0c\0o\0d\0e\0,",
    "UTF-16 with control characters": "code,amount\n\x01\x02,5\n".encode("utf-16-le"),
    "half of a pair": "code,amount\n".encode("utf-16-le") + b"\x3d\xd8\n\0",
    "a byte too many further down": as_csv(ROWS).encode("utf-16-le") + b"5",
}


@pytest.mark.parametrize("content", NO_TEXT.values(), ids=NO_TEXT.keys())
def test_bytes_that_are_no_text(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(content)
    (problem,) = refused(lambda: run_with(file))
    assert_says(problem, "text")


CODES: dict[str, Callable[[str], str]] = {
    "no leading zero": lambda code: code.lstrip("0"),
    "five digits": lambda code: code[:5],
    "five digits without leading zero": lambda code: code[:5].lstrip("0"),
    "full-width": lambda code: code.translate(WIDE),
    "blanks around": lambda code: f" {code} ",
    "as spreadsheets save whole floats": lambda code: f"{int(code)}.0",
}

SIGNS: dict[str, Callable[[str], str]] = {
    "an apostrophe before": lambda code: f"'{code}",
    "as a formula": lambda code: f'="{code}"',
    "the check digit set apart": lambda code: f"{code[:5]}-{code[5]}",
    "the prefecture set apart": lambda code: f"{code[:2]}－{code[2:]}",
}


@pytest.mark.parametrize("write", SIGNS.values(), ids=SIGNS.keys())
def test_signs_in_codes_are_taken_away_and_said(
    write: Callable[[str], str], expected: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / NAME
    rows = changed(ROWS, "011002", lambda row: row | {"code": write(row["code"])})
    file.write_text(as_csv(rows), encoding="utf-8")
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert [note.en for note in outcome.notes] == [
        f"{NAME}: codes read without quotes and hyphens: 1 (lines 3)"
    ]


# Subtotals and wards whose numbers, short of a digit, look like those of others: 11380 (児玉郡) and
# 11100 (清田区, or さいたま市 with its check digit).
OTHERS = {
    "113808": ("埼玉県", "児玉郡"),
    "011100": ("北海道", "札幌市清田区"),
    "023205": ("青森県", "東津軽郡"),
    "121061": ("千葉県", "千葉市緑区"),
    "143201": ("神奈川県", "三浦郡"),
}


@pytest.mark.parametrize("write", [CODES[name] for name in list(CODES)[:3]], ids=list(CODES)[:3])
def test_codes_among_those_of_wards_and_counties(
    write: Callable[[str], str], expected: dict[str, int], tmp_path: Path
) -> None:
    more = [
        {"code": code, "prefecture": where, "municipality": name, "population": "1000"}
        for code, (where, name) in OTHERS.items()
    ]
    file = tmp_path / NAME
    rows = [row | {"code": write(row["code"])} for row in [*ROWS, *more]]
    file.write_text(as_csv(rows), encoding="utf-8")
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert "3 county or island subtotals, 2 wards of designated cities" in outcome.notes[-1].en


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("133817", "三宅島三宅村"),
        ("134015", "八丈島 八丈町"),
        ("282219", "篠山市"),
        ("403440", "糟屋郡須惠町"),
        ("153427", "彌彦村"),
        ("082082", "竜ヶ崎市"),
        ("082082", "龍が崎市"),
        ("122246", "鎌ケ谷 市"),
        ("282278", "宍　粟市"),
        ("162116", "射水 市"),
        ("282146", "宝\N{CJK COMPATIBILITY IDEOGRAPH-FA10}市"),
    ],
)
def test_a_missing_code_is_told_by_the_name_as_it_is_written(
    code: str, written: str, expected: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / NAME
    rows = changed(ROWS, code, lambda row: row | {"code": "", "municipality": written})
    file.write_text(as_csv(rows), encoding="utf-8")
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert f"is {code} by its name" in outcome.notes[0].en


def test_a_total_is_known_by_any_word_for_it(expected: dict[str, int], tmp_path: Path) -> None:
    for word in ("合　計", "総数", "全国", "全国計"):
        total = {"code": "", "prefecture": "", "municipality": word, "population": "124,330,690"}
        file = tmp_path / NAME
        file.write_text(as_csv([total, *ROWS]), encoding="utf-8")
        outcome = run_with(file)
        assert amounts_of(outcome) == expected
        assert [note.en for note in outcome.notes] == [f"{NAME}: rows left out: 1 total rows"]


@pytest.mark.parametrize("written", ["01204x", "0120416", "n/a"])
def test_what_is_no_code_beside_a_known_name_is_refused(written: str, tmp_path: Path) -> None:
    file = tmp_path / NAME
    rows = changed(ROWS, "012041", lambda row: row | {"code": written})
    file.write_text(as_csv(rows), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert_says(problem, "line 6, column code", written, "012041")


@pytest.mark.parametrize("write", CODES.values(), ids=CODES.keys())
def test_codes(write: Callable[[str], str], expected: dict[str, int], tmp_path: Path) -> None:
    file = tmp_path / NAME
    rows = [row | {"code": write(row["code"])} for row in ROWS]
    file.write_text(as_csv(rows), encoding="utf-8")
    assert amounts_of(run_with(file)) == expected


def test_completed_codes_are_reported(tmp_path: Path) -> None:
    file = tmp_path / NAME
    rows = [row | {"code": row["code"].lstrip("0")} for row in ROWS]
    file.write_text(as_csv(rows), encoding="utf-8")
    mended = sum(row["code"].startswith("0") for row in ROWS)
    (note,) = run_with(file).notes
    assert f": {mended} " in note.en
    assert f"{mended} 件" in note.ja


FIGURES: dict[str, Callable[[str], str]] = {
    "separators": lambda figure: f"{int(figure):,}",
    "full-width": lambda figure: figure.translate(WIDE),
    "with 人": lambda figure: f"{figure}人",
    "as spreadsheets save whole floats": lambda figure: f"{figure}.0",
    "blanks around": lambda figure: f"  {figure} ",
}


@pytest.mark.parametrize("write", FIGURES.values(), ids=FIGURES.keys())
def test_figures(write: Callable[[str], str], expected: dict[str, int], tmp_path: Path) -> None:
    file = tmp_path / NAME
    rows = [row | {"population": write(row["population"])} for row in ROWS]
    file.write_text(as_csv(rows), encoding="utf-8")
    assert amounts_of(run_with(file)) == expected


ORDERS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "reversed": lambda rows: rows[::-1],
    "municipalities first": lambda rows: sorted(rows, key=lambda row: not row["municipality"]),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_the_order_of_rows_is_of_no_consequence(
    order: Callable[[list[Row]], list[Row]], expected: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / NAME
    file.write_text(as_csv(order(ROWS)), encoding="utf-8")
    assert amounts_of(run_with(file)) == expected


def test_japanese_headings_and_columns_nobody_asked_for(
    expected: dict[str, int], tmp_path: Path
) -> None:
    rows = [
        {
            "団体コード": row["code"],
            "都道府県名": row["prefecture"],
            "市区町村名": row["municipality"],
            "世帯数": "0",
            "人口": row["population"],
            "備考": "",
        }
        for row in ROWS
    ]
    file = tmp_path / NAME
    file.write_text(as_csv(rows), encoding="utf-8")
    assert amounts_of(run_with(file)) == expected


def test_blank_lines_and_a_total_row_below(expected: dict[str, int], tmp_path: Path) -> None:
    total = {"code": "", "prefecture": "合計", "municipality": "", "population": "124,330,690"}
    text = as_csv([*ROWS, total])
    file = tmp_path / NAME
    file.write_text(text.replace("\n011002,", "\n\n\n011002,", 1) + "\n\n", encoding="utf-8")
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert any("1 total rows" in note.en for note in outcome.notes)


@pytest.mark.parametrize(
    "code",
    [
        "全国・都道府県・市区町村 コード",
        "全国地方公共団体コード",
        "標準地域コード",
        "都道府県コード又は市区町村コード",
        "都道府県・市区町村コード",
        "市町村コード",
    ],
)
@pytest.mark.parametrize("figure", ["総数【人】", "A1101_総人口【人】", "総人口（人）"])
def test_files_of_e_stat(code: str, figure: str, expected: dict[str, int], tmp_path: Path) -> None:
    name = "全国・都道府県・市区町村"
    nation = {code: "00000", name: "全国", figure: "124330690"}
    rows = [
        {
            code: row["code"][:5],
            name: row["municipality"] or row["prefecture"],
            figure: row["population"],
        }
        for row in ROWS
    ]
    file = tmp_path / NAME
    file.write_text(as_csv([nation, *rows]), encoding="utf-8")
    outcome = run_with(file)
    assert amounts_of(outcome) == expected
    assert any("1 total rows" in note.en for note in outcome.notes)


def test_a_column_is_named_as_the_file_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("団体コード,職員数【人】,総数【人】\n011002,7,9\n", encoding="utf-8")
    measure = read_measure(open_source(file), "職員数【人】", japan())
    assert measure.frame["value"].to_list() == [7]
