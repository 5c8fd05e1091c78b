"""From characters and rulings to rows and cells."""

from __future__ import annotations

import pytest

from allocator.sources.reading.pdf.layout import Character, page_lines
from allocator.sources.reading.pdf.rulings import Ruling, find_tables

SIZE = 10.0


def written(text: str, x: float, y: float, *, step: float = SIZE) -> list[Character]:
    """Set a text whose first character begins at x, in the middle of a line at y; _ is a space."""
    found = []
    spaced = False
    for at, character in enumerate(text):
        if character == "_":
            spaced = True
            continue
        left = x + at * step
        found.append(Character(character, left, left + SIZE, y, SIZE, spaced))
        spaced = False
    return found


def grid(sides: list[float], tops: list[float]) -> list[Ruling]:
    """Rule a table fully."""
    upright = [Ruling(True, x, tops[0], tops[-1]) for x in sides]
    level = [Ruling(False, y, sides[0], sides[-1]) for y in tops]
    return upright + level


def cells(characters: list[Character], rulings: list[Ruling]) -> list[tuple[str, ...]]:
    return [line.cells for line in page_lines(characters, rulings)]


class TestRuledTables:
    def test_empty_cells_are_cells(self) -> None:
        text = written("甲", 5, 10) + written("丙", 205, 10) + written("乙", 105, 30)
        assert cells(text, grid([0, 100, 200, 300], [0, 20, 40])) == [
            ("甲", "", "丙"),
            ("", "乙", ""),
        ]

    def test_headings_over_several_columns(self) -> None:
        rulings = [
            *grid([0, 300], [0, 20, 40]),
            Ruling(True, 100, 0, 40),
            Ruling(True, 200, 20, 40),
        ]
        text = written("項", 5, 10) + written("事業", 190, 10) + written("甲", 105, 30)
        assert cells(text, rulings) == [("項", "事業", ""), ("", "甲", "")]

    def test_a_cell_over_several_rows(self) -> None:
        rulings = [
            *[Ruling(True, x, 0, 60) for x in (0, 100, 200)],
            *[Ruling(False, y, 0, 200) for y in (0, 60)],
            *[Ruling(False, y, 100, 200) for y in (20, 40)],
        ]
        text = written("県", 5, 30) + [
            each for at in (10, 30, 50) for each in written(str(at), 105, at)
        ]
        assert cells(text, rulings) == [("県", "10"), ("", "30"), ("", "50")]

    def test_lines_of_one_cell_are_joined(self) -> None:
        text = written("地方公共", 5, 10) + written("団体", 5, 22) + written("12", 105, 16)
        assert cells(text, grid([0, 100, 200], [0, 32])) == [("地方公共団体", "12")]

    def test_rows_without_rules_between_them(self) -> None:
        text = [
            character
            for at, (name, figure) in enumerate((("甲県", "1,000"), ("乙県", "200")))
            for character in (
                *written(name, 5, 30 + 14 * at),
                *written(figure, 105, 30 + 14 * at),
            )
        ]
        head = written("名", 5, 10) + written("額", 105, 10)
        assert cells(head + text, grid([0, 100, 200], [0, 20, 60])) == [
            ("名", "額"),
            ("甲県", "1,000"),
            ("乙県", "200"),
        ]

    def test_open_sides(self) -> None:
        rulings = [Ruling(True, 100, 0, 40), *[Ruling(False, y, 0, 200) for y in (0, 20, 40)]]
        text = written("甲", 5, 10) + written("1", 105, 10) + written("乙", 5, 30)
        assert cells(text, rulings) == [("甲", "1"), ("乙", "")]

    def test_rules_drawn_as_thin_boxes_piece_by_piece(self) -> None:
        pieces = [
            Ruling(ruling.upright, ruling.at + shift, start, start + 19.5)
            for ruling in grid([0, 100, 200], [0, 20, 40])
            for shift in (0.0, 0.7)
            for start in range(int(ruling.start), int(ruling.end), 20)
        ]
        text = written("甲", 5, 10) + written("1", 105, 30)
        assert cells(text, pieces) == [("甲", ""), ("", "1")]

    def test_a_frame_is_no_table(self) -> None:
        text = written("題", 5, 10) + written("文", 5, 35)
        assert cells(text, grid([0, 300], [0, 100])) == [("題",), (), ("文",)]

    def test_a_drawing_is_no_table(self) -> None:
        rulings = [Ruling(True, 5.0 * at, 0, 100) for at in range(3_000)]
        assert find_tables(rulings) == []

    def test_text_before_and_after(self) -> None:
        text = written("題", 5, 10) + written("甲", 5, 40) + written("注", 5, 70)
        assert cells(text, grid([0, 100, 200], [30, 50])) == [("題",), (), ("甲", ""), (), ("注",)]


class TestText:
    def test_wide_gaps_part_cells(self) -> None:
        text = written("北海道", 0, 10) + written("100", 80, 10)
        assert cells(text, []) == [("北海道", "100")]

    def test_blank_lines(self) -> None:
        text = written("甲", 0, 10) + written("乙", 0, 24) + written("丙", 0, 60)
        assert cells(text, []) == [("甲",), ("乙",), (), ("丙",)]

    @pytest.mark.parametrize(
        ("text", "step", "shown"),
        [
            ("三宅島_三宅村", 9.9, "三宅島 三宅村"),
            ("三宅島三宅村", 10.5, "三宅島三宅村"),  # a little tracking
            ("東京都", 18.0, "東京都"),  # spread out over the cell
            ("大_阪_府", 10.0, "大阪府"),
            ("第_38_回", 7.0, "第 38 回"),
        ],
    )
    def test_spaces(self, text: str, step: float, shown: str) -> None:
        assert cells(written(text, 0, 10, step=step), []) == [(shown,)]

    def test_small_figures_stay_on_their_line(self) -> None:
        note = Character("1", 10, 14, 7, 5)
        assert cells([*written("注", 0, 10), note], []) == [("注1",)]
