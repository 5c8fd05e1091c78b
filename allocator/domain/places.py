"""Places in files, as readers of Japanese have them: line 7 is 7行目."""

from __future__ import annotations

import re
from typing import Final

from allocator.domain.text import Text, same

_ROW: Final = re.compile(
    r"(?P<before>^|: )(?:sheet (?P<sheet>.+?), )?(?:page (?P<page>[0-9]+), )?"
    r"(?:line|row) (?P<line>[0-9]+)(?:, column (?P<column>.+))?$",
    re.DOTALL,
)
_PAGE: Final = re.compile(r"(?P<before>^|: )page (?P<page>[0-9]+)$")
_UNNAMED: Final = re.compile(r"column ([0-9]+)$")
"""What a column without a heading is called."""


def place_text(where: str) -> Text:
    """Return a place as people read it: `list.xlsx: sheet 一覧, line 7, column 金額`.

    In Japanese that is `list.xlsx: シート 一覧 7行目、列 金額`. What is no place of this form, such
    as a key of a plan, reads the same in both languages.
    """
    if found := _ROW.search(where):
        sheet, page, line, column = found.group("sheet", "page", "line", "column")
        words = f"シート {sheet} " if sheet else ""
        words += f"{page}ページ" if page else ""
        words += f"{line}行目"
        words += f"、{column_text(column).ja}" if column else ""
    elif found := _PAGE.search(where):
        words = f"{found['page']}ページ"
    else:
        return same(where)
    return Text(where, f"{where[: found.start()]}{found['before']}{words}")


def column_text(column: str) -> Text:
    """Return the name of a column; one without a heading is called by its number."""
    if found := _UNNAMED.match(column):
        return Text(column, f"{found[1]}列目")
    return Text(f"column {column}", f"列 {column}")
