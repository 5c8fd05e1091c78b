"""Registers of one's own, and whole populations: every row of them counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calls import Ended, call_inside
from tests.reading.known import Amounts, amounts_of, today
from tests.reading.routes import MEASURES, Question
from tests.reading.shapes import Cell, assert_exact, assert_refused, workbook

CODES: Final = tuple(
    amounts_of(
        {"北海道": 0, "北海道/札幌市": 0, "北海道/当別町": 0, "福島県": 0, "福島県/伊達市": 0}
    )
)
COLUMNS: Final = ("code", "prefecture", "municipality", "kind")


def register() -> list[list[Cell]]:
    """Return a register of five: a header and a row each."""
    rows: list[list[Cell]] = [list(COLUMNS)]
    rows += [[code, *(today()[code][name] for name in COLUMNS[1:])] for code in CODES]
    return rows


def as_csv(rows: Sequence[Sequence[Cell]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def run(folder: Path, name: str, content: bytes) -> Ended:
    """Split a total equally over the organisations of a register."""
    (folder / name).write_bytes(content)
    (folder / "plan.toml").write_text(
        f'fiscal_year = 2026\nprogrammes = ["x"]\norganisations = "{name}"\n', encoding="utf-8"
    )
    (folder / "x.toml").write_text(
        'id = "x"\npayers = "all"\nbasis = "rule"\ntotal = 5\n[[share]]\nweight = "1"\n'
        'by = "equal"\n[rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    return call_inside("run", folder, "--out", folder / "out", "--json")


def payers(folder: Path) -> list[tuple[str, str, str]]:
    with (folder / "out" / "allocation.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [
            (row["code"], row["prefecture"], row["municipality"]) for row in csv.DictReader(lines)
        ]


EXPECTED: Final = [
    (code, today()[code]["prefecture"], today()[code]["municipality"]) for code in CODES
]

WRITTEN: dict[str, Callable[[list[list[Cell]]], tuple[str, bytes]]] = {
    "plain": lambda rows: ("a.csv", as_csv(rows).encode()),
    "CP932": lambda rows: ("a.csv", as_csv(rows).encode("cp932")),
    "UTF-16": lambda rows: ("a.csv", as_csv(rows).encode("utf-16")),
    "tabs": lambda rows: ("a.tsv", as_csv(rows, "\t").encode()),
    "semicolons": lambda rows: ("a.csv", as_csv(rows, ";").encode()),
    "a workbook": lambda rows: ("a.xlsx", workbook({"Sheet1": rows})),
    "numbers in a workbook": lambda rows: (
        "a.xlsx",
        workbook({"Sheet1": [rows[0], *[[int(str(row[0])), *row[1:]] for row in rows[1:]]]}),
    ),
    "no leading zeros": lambda rows: (
        "a.csv",
        as_csv([rows[0], *[[str(row[0]).lstrip("0"), *row[1:]] for row in rows[1:]]]).encode(),
    ),
    "a title above": lambda rows: ("a.csv", as_csv([["団体一覧"], *rows]).encode()),
    "surplus empty fields": lambda rows: (
        "a.csv",
        as_csv([rows[0], *[[*row, "", ""] for row in rows[1:]]]).encode(),
    ),
    "prefectures merged": lambda rows: (
        "a.xlsx",
        workbook(
            {
                "Sheet1": [
                    [*row[:1], "" if at in {2, 3, 5} else row[1], *row[2:]]
                    for at, row in enumerate(rows)
                ]
            },
            ("B2:B4", "B5:B6"),
        ),
    ),
    "blank rows": lambda rows: ("a.csv", as_csv([*rows[:3], [""] * 4, *rows[3:], []]).encode()),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_register_in_any_writing(name: str, tmp_path: Path) -> None:
    ended = run(tmp_path, *WRITTEN[name](register()))
    assert ended.status == 0, ended.err
    assert payers(tmp_path) == EXPECTED


FAULTY: dict[str, tuple[Callable[[list[list[Cell]]], list[list[Cell]]], str]] = {
    "a field too many": (
        lambda rows: [*rows[:2], [*rows[2], "指定都市"], *rows[3:]],
        "line 3",
    ),
    "a row that ends early": (lambda rows: [*rows[:2], rows[2][:2], *rows[3:]], "line 3"),
    "a code with a wrong check digit": (
        lambda rows: [*rows[:2], ["011003", *rows[2][1:]], *rows[3:]],
        "line 3",
    ),
    "a code twice": (lambda rows: [*rows, rows[2]], "line 7"),
    "a row without a code": (lambda rows: [*rows[:2], ["", *rows[2][1:]], *rows[3:]], "line 3"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_row_of_a_register_is_refused(name: str, tmp_path: Path) -> None:
    injure, where = FAULTY[name]
    ended = run(tmp_path, "a.csv", as_csv(injure(register())).encode())
    assert ended.status == 2
    assert where in ended.err


# -- a whole population, through Japan's register ------------------------------------------------


def population() -> Amounts:
    """Return an invented population of every organisation of today."""
    municipal = {
        code: 100 + place * 7
        for place, (code, row) in enumerate(today().items())
        if row["kind"] != "prefecture"
    }
    of_prefecture = {
        code: sum(each for other, each in municipal.items() if other[:2] == code[:2])
        for code, row in today().items()
        if row["kind"] == "prefecture"
    }
    return {code: (of_prefecture | municipal)[code] for code in today()}


def whole(
    code: Callable[[str], Cell] = str,
    *,
    blank_below: bool = False,
    factor: int = 1,
    coded: bool = True,
) -> list[list[Cell]]:
    """Return the rows of a population file: title, unit, header, rows, total, note."""
    truth = population()
    head = ["団体コード"] if coded else []
    rows: list[list[Cell]] = [
        ["令和12年1月1日住民基本台帳人口（市区町村別）（総計）"],
        ["", "", "（単位：千人）" if factor == 1000 else "（単位：人）"],
        [*head, "都道府県名", "市区町村名", "人口"],
    ]
    before = ""
    for each, amount in truth.items():
        row = today()[each]
        shown = "" if blank_below and row["prefecture"] == before else row["prefecture"]
        before = row["prefecture"]
        figure = amount if factor == 1 else f"{amount // 1000:,}.{amount % 1000:03d}"
        keys = [code(each)] if coded else []
        rows.append([*keys, shown, row["county"] + row["municipality"], figure])
    total = sum(amount for each, amount in truth.items() if each[2:5] == "000")
    whole_figure = total if factor == 1 else f"{total // 1000}.{total % 1000:03d}"
    rows.append([*["合計", "", ""][: len(head) + 2], whole_figure])
    rows.append(["注1 試験用である。"])
    return rows


WHOLE: dict[str, Callable[[], list[list[Cell]]]] = {
    "six digits": whole,
    "numbers without the leading zero": lambda: whole(lambda code: code.lstrip("0")),
    "five digits": lambda: whole(lambda code: code[:5]),
    "floats": lambda: whole(lambda code: f"{int(code)}.0"),
    "prefectures blank below": lambda: whole(blank_below=True),
    "thousands of persons": lambda: whole(factor=1000),
    "without codes": lambda: whole(coded=False),
    "without codes, prefectures blank below": lambda: whole(coded=False, blank_below=True),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_population_is_sound(name: str, tmp_path: Path) -> None:
    """Every organisation has a figure, and each prefecture is the sum of its municipalities."""
    file = tmp_path / "population.csv"
    file.write_text(as_csv(WHOLE[name]()), encoding="utf-8")
    assert_exact(MEASURES["check (measure)"](Question(file, population())), population())


def test_a_whole_population_is_read_exactly(tmp_path: Path) -> None:
    file = tmp_path / "population.csv"
    file.write_text(as_csv(whole(coded=False, blank_below=True)), encoding="utf-8")
    ask = Question(file, population(), japan=True)
    assert_exact(MEASURES["run --population"](ask), population())


CUT: dict[str, Callable[[list[list[Cell]]], list[list[Cell]]]] = {
    "a row is missing": lambda rows: [*rows[:500], *rows[501:]],
    "a row stands twice": lambda rows: [*rows[:500], rows[500], *rows[500:]],
    "a field too many": lambda rows: [*rows[:500], [*rows[500], 3], *rows[501:]],
    "a figure is missing": lambda rows: [*rows[:500], [*rows[500][:-1], ""], *rows[501:]],
    "a figure is another": lambda rows: [*rows[:500], [*rows[500][:-1], 5], *rows[501:]],
    "figures shifted by a row": lambda rows: [
        *rows[:500],
        *[[*rows[at][:-1], rows[at + 1][-1]] for at in range(500, 510)],
        *rows[510:],
    ],
}


@pytest.mark.parametrize("name", CUT)
def test_a_population_with_a_fault_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "population.csv"
    file.write_text(as_csv(CUT[name](whole())), encoding="utf-8")
    assert_refused(MEASURES["check (measure)"](Question(file, population())))
