"""The cell formats of the workbook, each made once and shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format

Style = Literal[
    "title",
    "note",
    "unit",
    "heading",
    "notional_heading",
    "text",
    "code",
    "number",
    "place",
    "input",
    "input_code",
    "input_linked",
    "helper",
    "helper_heading",
    "subject",
    "notional_label",
    "stamp_box",
    "link",
    "decimal",
    "rate",
    "notional",
    "label",
    "total",
    "plain",
    "wrapped",
    "remark",
    "good",
    "bad",
    "neutral",
    "if_good",
    "if_bad",
]

# Scheme none: a theme's font would take the place of this one.
FONT: Final = {"font_name": "游ゴシック", "font_size": 10, "font_scheme": "none"}
ROW_PIXELS: Final = 22
ROW_POINTS: Final = 16.5
"""Height of a line of text, in pixels and in points."""

_NUMBER: Final = '#,##0;"△"#,##0'
_LINE: Final = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
_INDENT: Final = {"align": "left", "indent": 1}
_HEADING: Final = {**_LINE, "bold": True, "align": "center", "text_wrap": True}
_NOTIONAL: Final = {"italic": True, "font_color": "#7F7F7F"}

_PROPERTIES: Final[Mapping[Style, Mapping[str, Any]]] = {
    "title": {
        "bold": True,
        "font_size": 12,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "note": {"font_size": 9, "font_color": "#404040"},
    "unit": {"align": "right"},
    "heading": {**_HEADING, "bg_color": "#DDEBF7"},
    "notional_heading": {**_HEADING, **_NOTIONAL, "bg_color": "#F2F2F2"},
    "text": {**_LINE, **_INDENT},
    "code": {**_LINE, "num_format": "@", "align": "center"},
    "number": {**_LINE, "num_format": _NUMBER, "align": "right"},
    "place": {**_LINE, "align": "center"},
    "input": {
        **_LINE,
        "num_format": _NUMBER,
        "align": "right",
        "bg_color": "#FFF2CC",
        "locked": False,
    },
    "input_code": {
        **_LINE,
        "num_format": "@",
        "align": "center",
        "bg_color": "#FFF2CC",
        "locked": False,
    },
    "input_linked": {
        **_LINE,
        "num_format": _NUMBER,
        "align": "right",
        "bg_color": "#FFF2CC",
        "font_color": "#00703C",
        "locked": False,
    },
    "subject": {**_LINE, **_INDENT, "bold": True, "text_wrap": True, "bg_color": "#DDEBF7"},
    "notional_label": {**_LINE, **_INDENT, **_NOTIONAL},
    "stamp_box": {**_LINE, "align": "center"},
    "link": {**_LINE, **_INDENT, "text_wrap": True, "font_color": "#1F4E79", "underline": 1},
    "decimal": {**_LINE, "num_format": '#,##0.0;"△"#,##0.0', "align": "right"},
    "rate": {**_LINE, "num_format": '0.0%;"△"0.0%', "align": "right"},
    "notional": {**_LINE, **_NOTIONAL, "num_format": _NUMBER, "align": "right"},
    "helper": {**_LINE, "num_format": _NUMBER, "align": "right", "font_color": "#808080"},
    "helper_heading": {**_HEADING, "bold": False, "font_color": "#808080"},
    "label": {**_LINE, **_INDENT, "bold": True, "bg_color": "#F2F2F2"},
    "total": {
        **_LINE,
        "bold": True,
        "num_format": _NUMBER,
        "align": "right",
        "bg_color": "#F2F2F2",
    },
    "plain": {},
    "remark": {"font_size": 9, "font_color": "#595959", "indent": 1},
    "wrapped": {**_LINE, **_INDENT, "text_wrap": True},
    "good": {**_LINE, "align": "center", "font_color": "#006100"},
    "bad": {
        **_LINE,
        "align": "center",
        "bold": True,
        "font_color": "#9C0006",
        "bg_color": "#FFC7CE",
    },
    "neutral": {**_LINE, "align": "center", "font_color": "#7F7F7F"},
    "if_good": {"font_color": "#006100"},
    "if_bad": {"bold": True, "font_color": "#9C0006", "bg_color": "#FFC7CE"},
}


def styles(workbook: Workbook) -> dict[Style, Format]:
    """Add every format to `workbook`, always in the same order."""
    return {name: workbook.add_format(dict(properties)) for name, properties in _PROPERTIES.items()}
