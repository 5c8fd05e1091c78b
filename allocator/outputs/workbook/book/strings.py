"""Text in the parts of a workbook: any name comes back as it was, and none is markup or formula.

XML cannot hold every character, and the format has an escape of its own (`_x0041_` is A): texts of
cells are escaped by it, names of sheets and the like have other characters in their place.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NEVER: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no name of a sheet, no heading of a table and no page header can have."""

_NEVER_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HALF: Final = re.compile("[\ud800-\udfff]")
_UNWRITTEN: Final = re.compile(
    "[\ud800-\udfff]|^<r>|_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_",
)
"""What xlsxwriter would write otherwise: half characters, markup, escapes in a row."""

LONGEST: Final = 32_767
"""UTF-16 units of a cell: the limit of the xlsx format."""

_MOST_IN_A_LITERAL: Final = 250
"""Excel takes up to 255 UTF-16 units between the quotes of a formula."""

_NAME_LENGTH: Final = 31
_NOT_IN_A_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\\t\n]")


def in_a_cell(text: str) -> str:
    """Return what to hand to xlsxwriter such that a cell holds `text`.

    Halves of characters, which names of files may have, are �, and what is too long for a cell ends
    with …. xlsxwriter takes `<r>…</r>` for
    markup, which it writes as it is, and overlooks every second of several escapes in a row: such
    texts are handed over as markup of one run, with every escape made.
    """
    if text.isprintable() and "_x" not in text and text[:1] != "<" and len(text) * 2 < LONGEST:
        return text  # nearly all are such
    text = _cut(text)
    if _UNWRITTEN.search(text) is None:
        return text
    whole = _HALF.sub("\ufffd", text)
    if _UNWRITTEN.search(whole) is None:
        return whole
    escaped = _ESCAPE.sub("_x005F_", whole)
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Underscores as entities: xlsxwriter finds no escape in them, and escapes control characters.
    return f'<r><t xml:space="preserve">{escaped.replace("_", "&#95;")}</t></r>'


def _cut(text: str) -> str:
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def plain(text: str, instead: str = "\ufffd") -> str:
    """Return text for an attribute or a property: on one line, without what XML cannot hold."""
    return _ESCAPE.sub("＿", _NEVER.sub(instead, " ".join(text.split())))


def in_a_header(text: str) -> str:
    """Return text that a page header prints as it is, but for & (＆): it begins commands there."""
    return plain(text)[:100].replace("&", "＆")


def heading(text: str) -> str:
    """Return the heading of a table as its cell and its column have it; lines stay lines."""
    lines = (_NEVER.sub(" ", line.replace("\t", " ")) for line in text.split("\n"))
    return _ESCAPE.sub(" ", "\n".join(lines))


def sheet_name(kind: str, number: int | str, title: str) -> str:
    """Return a sheet's name: kind and number keep it unique, the title is cut to what fits."""
    name = _NOT_IN_A_SHEET_NAME.sub("_", f"{kind}{number} {title}")
    name = _ESCAPE.sub("＿", _NEVER.sub("_", name)).strip()
    while len(name.encode("utf-16-le")) // 2 > _NAME_LENGTH or name.endswith(("'", " ")):
        name = name[:-1]
    return name


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it before the cell."""
    return "'" + sheet.replace("'", "''") + "'!"


def literal(text: str) -> str:
    """Return text as it stands in a formula: in quotes, in pieces of what a formula can hold."""
    text = _NEVER_IN_XML.sub("\ufffd", text)
    step = _MOST_IN_A_LITERAL
    if any(character > "\uffff" for character in text):
        step //= 2
    pieces = [text[at : at + step] for at in range(0, len(text), step)] or [""]
    return "&".join('"' + _ESCAPE.sub('_"&"', piece.replace('"', '""')) + '"' for piece in pieces)


def as_a_result(text: str) -> str:
    """Return the text that a formula gives now, as the cell keeps it."""
    return _ESCAPE.sub("_x005F_", _NEVER_IN_XML.sub("\ufffd", text))
