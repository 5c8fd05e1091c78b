"""A programme's rule line by line, and that every output has these very lines."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from openpyxl import load_workbook

from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.report import render_report
from allocator.outputs.workbook import render_workbook
from allocator.plans.programme import Part
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from allocator.words.rule_text import Line, rule_lines
from docs.build import ROOT
from tests.sums import write_mixed


@pytest.fixture(scope="module")
def bundled() -> Outcome:
    """Compute the bundled plan."""
    return compute_plan(newest_plan())


def said(outcome: ProgrammeOutcome, part: Part | None = None) -> dict[str, tuple[str, str]]:
    """Return name and text in Japanese, then the text in English, by key; the last of a key."""
    return {
        line.key: (line.text.en, f"{line.name.ja}: {line.text.ja}")
        for line in rule_lines(outcome, part)
    }


def test_a_rule_of_shares(bundled: Outcome) -> None:
    found = said(bundled.programmes[0])
    assert [line.name.ja for line in rule_lines(bundled.programmes[0])] == [
        "根拠法令",
        "出典",
        "備考",
        "算定の根拠",
        "負担団体",
        "総額",
        "割合1",
        "割合2",
        "端数処理",
        "参考",
        "公表一覧との照合",
    ]
    assert found["basis"][1] == (
        "算定の根拠: 規則による。計画に定めた規則により、人口等の入力データから算定した額"
    )
    assert found["payers"] == ("prefectures (47)", "負担団体: 都道府県(47団体)")
    assert found["total"] == ("1,514,000,000 yen", "総額: 1,514,000,000円")
    assert found["share"] == (
        "1/2 (50%) of the total: part by population of 2022-01-01",
        "割合2: 総額の 1/2(50%): 人口(2022年1月1日現在)による按分",
    )
    assert found["rounding"] == (
        "largest remainder, unit 1,000 yen; equal claims are served by the lower code",
        "端数処理: 最大剰余法、単位 1,000 円。同順位の団体は団体コードの小さい順とする",
    )
    assert found["notional"][1] == (
        "参考: 人口(2022年1月1日現在)による按分(最大剰余法、単位 1 円)。"
        "都道府県の負担額を市区町村に按分した目安で、市区町村が負担するものではない"
    )


def test_a_sum_and_its_parts(bundled: Outcome) -> None:
    jpki = bundled.programmes[1]
    whole = said(jpki)
    equal, ratio, rest = (
        said(part, table) for part, table in zip(jpki.parts, jpki.programme.part, strict=True)
    )
    assert whole["basis"][1].startswith("算定の根拠: 部分の合算(規則 82.5%、引継ぎ 17.5%)。")
    assert "rounding" not in whole
    assert equal["total"] == (
        "662,000,000 yen (661,995,000 charged, △5,000)",
        "総額: 662,000,000円(請求する額 661,995,000円、差 △5,000円)",
    )
    assert ratio["basis"][1].startswith("算定の根拠: 公表割合の引継ぎ。公表一覧から逆算した")
    assert rest["total"][1] == "総額: 1,324,005,000円(総額から他の部分の額を除いた残り)"
    for part in (equal, ratio, rest):
        assert not part.keys() & {"source", "agreement"}


def test_bands_have_their_limits_and_how_many_are_in_them(bundled: Outcome) -> None:
    lines = [line for line in rule_lines(bundled.programmes[2]) if line.key == "band"]
    assert lines[-1].text.ja.startswith("市区町村 ")
    assert any(
        line.text.ja == "市区町村 10,000以上100,000未満: 3,101,000円(942団体)" for line in lines
    )
    assert any(
        line.text.en == "prefectures from 10,000,000: 16,143,000 yen (payers: 1)" for line in lines
    )


def lines_of(outcome: Outcome) -> Iterator[Line]:
    """Yield the lines of every programme and of its parts."""
    for each in outcome.programmes:
        yield from rule_lines(each)
        for part, table in zip(each.parts, each.programme.part, strict=True):
            yield from rule_lines(part, table)


@pytest.mark.parametrize("plan", ["bundled", "mixed"])
def test_workbook_and_report_have_the_same_lines(
    plan: str, bundled: Outcome, tmp_path: Path
) -> None:
    outcome = bundled if plan == "bundled" else compute_plan(write_mixed(tmp_path / "plan"))
    book = BytesIO(render_workbook(outcome, provenance_of(outcome)))
    sheet = load_workbook(book, read_only=True)["算定方法"]
    cells = {row[1] for row in sheet.iter_rows(values_only=True)}
    page = render_report(outcome).decode()
    shown = {unescape(text) for text in re.findall(r"<dd>(.*?)</dd>", page)}
    lines = list(lines_of(outcome))
    assert len(lines) > 20
    assert {line.text.ja for line in lines} <= cells
    own_place = ("band", "note", "agreement")  # a table, a section, the cards
    assert {line.text.ja for line in lines if line.key not in own_place} <= shown


# -- once ------------------------------------------------------------------------------------------

ROOMS: Final = ("words", "outputs")
LEAST: Final = 10
"""Characters from which a text is a statement, and no heading."""


def statements(source: str) -> set[str]:
    """Return the Japanese statements of a module, without its docstrings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.strip()
            if len(re.findall(r"[ぁ-んァ-ヶ一-龠]", text)) >= LEAST:
                found.add(text)
    return found


def twice(sources: dict[str, str]) -> dict[str, list[str]]:
    """Return the statements that stand in several modules, with their names."""
    places = defaultdict(list)
    for name, source in sources.items():
        for text in statements(source):
            places[text].append(name)
    return {text: names for text, names in places.items() if len(names) > 1}


def test_no_statement_stands_in_two_modules() -> None:
    package = ROOT / "allocator"
    sources = {
        file.relative_to(package).as_posix(): file.read_text(encoding="utf-8")
        for room in ROOMS
        for file in sorted((package / room).rglob("*.py"))
    }
    assert len(sources) > 50
    assert twice(sources) == {}


def test_a_statement_that_stands_twice_is_found() -> None:
    again = 'X = "単位未満の額は先頭の団体に加える"'
    assert twice({"a": again, "b": f"{again}\nY = f'{{1}}円、按分'", "c": "Z = '負担額'"}) == {
        "単位未満の額は先頭の団体に加える": ["a", "b"]
    }
