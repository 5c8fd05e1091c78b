"""Japan's prefectures as a grid of tiles, each about where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple


class Tile(NamedTuple):
    """A place on the grid, counted from the upper left."""

    column: int
    row: int


# One line a row; a number is the column where the names after it begin.
_ROWS: Final = """
12 北海道
12 青森
11 秋田 岩手
11 山形 宮城
9 石川 富山 新潟 福島
8 福井 岐阜 長野 群馬 栃木 茨城
4 島根 鳥取 兵庫 京都 滋賀 愛知 山梨 埼玉 東京 千葉
3 山口 広島 岡山 大阪 奈良 三重 10 静岡 神奈川
0 長崎 佐賀 福岡 7 和歌山
1 熊本 大分 4 愛媛 香川
1 鹿児島 宮崎 4 高知 徳島
0 沖縄
"""


def short_name(prefecture: str) -> str:
    """Return a prefecture's name as maps have it: 東京, 京都, 北海道."""
    return prefecture if prefecture == "北海道" else prefecture[:-1]


def tiles(prefectures: Iterable[str]) -> tuple[Tile, ...] | None:
    """Return the tile of each prefecture; None where they aren't Japan's, all 47 of them."""
    names = list(prefectures)
    grid = _grid()
    places = {name: grid.get(short_name(name)) for name in names}
    found = [place for place in places.values() if place is not None]
    if len(found) != len(names) or len(set(found)) != len(grid):
        return None
    if not all(name[-1:] in "都道府県" for name in names):
        return None
    return tuple(found)


def _grid() -> Mapping[str, Tile]:
    grid: dict[str, Tile] = {}
    for row, line in enumerate(_ROWS.strip().splitlines()):
        column = 0
        for word in line.split():
            if word.isdecimal():
                column = int(word)
            else:
                grid[word] = Tile(column, row)
                column += 1
    return grid
