"""Units: which one a heading, a unit row or a line above a table states, and figures in it.

The nearest statement counts: the cell itself, its heading (the row of units is part of it), the
lines above from the nearest up. A unit of another kind says nothing: 人 in the heading of a column
stands against 千円 in the title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.domain.yen import MINUS_SIGNS

Kind = Literal["yen", "persons", "households", "pieces", "per cent"]

_MULTIPLES: Final = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "億": 100_000_000,
    "十億": 1_000_000_000,
    "百億": 10_000_000_000,
    "千億": 100_000_000_000,
    "兆": 1_000_000_000_000,
}
_BASES: Final[dict[str, Kind]] = {
    "円": "yen",
    "人": "persons",
    "名": "persons",
    "世帯": "households",
    "枚": "pieces",
    "件": "pieces",
    "台": "pieces",
    "団体": "pieces",
    "%": "per cent",
}
_WORD: Final = (
    "(?:" + "|".join(sorted(filter(None, _MULTIPLES), key=len, reverse=True)) + ")?"
    "(?:" + "|".join(_BASES) + ")"
)
_LIST: Final = rf"{_WORD}(?:(?:[、,・/]|及び|または|又は){_WORD})*"
_STATED: Final = re.compile(
    rf"単位(?:[:：は=]|\()*({_LIST})(?!未満|以下|以上|未)"
    rf"|[(\[<〔「]({_LIST})(?:単位)?[)\]>〕」]"
    rf"|(?:^|/)({_LIST})(?:単位)?(?=$|/)"
    rf"|(?:^|[(/])({_LIST})単位"
)
_WORD_OF_UNIT: Final = r"(?!未満|以下|以上|数|ごと|毎)[^\s()、,:：]{1,12}"
_UNKNOWN: Final = re.compile(
    rf"単位[:：=]\(?([^\s()、,:：]{{1,12}})"
    rf"|[(\[<〔「]単位({_WORD_OF_UNIT})[)\]>〕」]|^単位({_WORD_OF_UNIT})$"
)
"""A statement of a unit, with its colon or in a bracket or line of its own: (単位 千石)."""

_STRANGE: Final = re.compile(r"[(\[<]((?:十|百|千|万|億|兆)+[^0-9()\[\]<>]{1,4})[)\]>]$")
"""A multiple of something that is no unit known here: 金額(千石)."""

_WORDS: Final = re.compile(_WORD)
_IN_CELL: Final = re.compile(rf"({_WORD})$")
_DIGITS: Final = r"(?:[0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3}){1,12})"
_FIGURE: Final = re.compile(rf"(-?)({_DIGITS})(?:\.([0-9]{{1,40}}))?")
_LONGEST_FIGURE: Final = 200
_YEN_SIGN: Final = re.compile(r"^(-?)\s*(?:[¥\\]\s*)?")
BRACKETS: Final = str.maketrans("【】{}", "()()")

_IMPLIED: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile("世帯"), "households"),
    (re.compile("人口|population|住民|職員|人員|人数|者数|人$"), "persons"),
    (re.compile("額|費|金|円|歳入|歳出|収入|支出|税|料$|負担|予算|決算|amount"), "yen"),
    (re.compile("数$|枚|件|台|率|比"), "pieces"),
)
"""What the words of a heading say of its unit, where it states none."""


@dataclass(frozen=True)
class Unit:
    """A unit as it is written: 千円 is 1,000 yen."""

    word: str
    factor: int
    kind: Kind


YEN: Final = Unit("円", 1, "yen")
_SINGLE: Final = Unit("", 1, "pieces")


def compact(text: str) -> str:
    """Return text for comparing: full-width forms made plain, no blanks, one kind of brackets."""
    return "".join(unicodedata.normalize("NFKC", text).translate(BRACKETS).split())


def stated(text: str) -> tuple[Unit, ...]:
    """Return the units that a heading or a line states: (単位:千円、人), 金額(円), 単位 百万円."""
    found: dict[Unit, None] = {}
    for groups in _STATED.findall(compact(text)):
        for word in _WORDS.findall(next(filter(None, groups))):
            found[_unit(word)] = None
    return tuple(found)


def kind_of(heading: str) -> Kind | None:
    """Return the kind of unit that the words of a heading imply, None where they tell nothing."""
    text = compact(heading)
    return next((kind for words, kind in _IMPLIED if words.search(text)), None)


def unit_of(heading: str, above: Sequence[str], where: str, kind: Kind | None = None) -> Unit:
    """Return the unit of the figures under `heading`; `above` are the lines above, nearest first.

    `kind` is what the figures are, where that is known: lists are yen.

    Raises:
        InputError: the heading states a unit of another kind, the nearest statement names two
            units that could be meant, or one that nobody knows (単位:ドル).
    """
    implied = kind or kind_of(heading)
    own = stated(heading)
    if not own and (strange := _STRANGE.search(compact(heading))):
        raise refuse(
            where,
            Text(f"an unknown unit: {strange[1]}", f"不明な単位です: {strange[1]}"),
            Text("give the figures in single units", "円・人などの単位で指定してください"),
            code="unknown_unit",
        )
    if own:
        fitting = [unit for unit in own if kind in (None, unit.kind)]
        if not fitting:
            raise _refused(where, heading, own, "these are no amounts", "金額の単位ではありません")
        return _one(fitting, heading, where)
    for line in above:
        units = stated(line)
        fitting = [unit for unit in units if implied in (None, unit.kind)]
        if fitting:
            return _one(fitting, line, where)
        if any(unit.factor != 1 for unit in units):
            raise _refused(where, line, units, "a unit of another kind", "別の種類の単位です")
        if not units and (unknown := _UNKNOWN.search(compact(line))):
            word = next(filter(None, unknown.groups()))
            raise refuse(
                where,
                Text(f"an unknown unit: {word}", f"不明な単位です: {word}"),
                Text("give the figures in single units", "円・人などの単位で指定してください"),
                code="unknown_unit",
            )
    return YEN if kind == "yen" else _SINGLE


def figure(cell: str, unit: Unit) -> tuple[int, bool] | Text:
    """Read a cell as a whole number of single units, exactly; or say what it is instead.

    A unit of its own in the cell (1,000千円) goes before `unit`. The second value tells whether
    the cell was written plainly: digits, with separators or not.
    """
    if len(cell) > _LONGEST_FIGURE:
        return Text("the cell is no whole number", "整数ではありません")
    text = unicodedata.normalize("NFKC", cell).translate(MINUS_SIGNS).strip()
    text = _YEN_SIGN.sub(r"\1", text)
    if own := _IN_CELL.search(text):
        unit = _unit(own[1])
        text = text[: own.start()].strip()
    found = _FIGURE.fullmatch(text)
    if not found:
        return Text(f"{cell!r} is not a whole number", f"{cell!r} は整数ではありません")
    sign, whole, decimals = found.groups()
    digits = whole.replace(",", "")
    value = Fraction(int(digits + (decimals or "")), 10 ** len(decimals or "")) * unit.factor
    if value.denominator != 1:
        return _no_whole(cell, unit)
    return (-value.numerator if sign else value.numerator), cell in (whole, digits)


def _no_whole(cell: str, unit: Unit) -> Text:
    if unit.factor == 1:
        return Text(f"{cell!r} is not a whole number", f"{cell!r} は整数ではありません")
    name, japanese = ("yen", "円") if unit.kind == "yen" else ("number", "数")
    return Text(
        f"{cell!r} in units of {unit.word} is no whole {name}",
        f"{cell!r}({unit.word})は1{japanese}未満の端数になります"
        if unit.kind == "yen"
        else f"{cell!r}({unit.word})は整数になりません",
    )


def _unit(word: str) -> Unit:
    base = next(base for base in _BASES if word.endswith(base))
    return Unit(word, _MULTIPLES[word.removesuffix(base)], _BASES[base])


def _one(units: Sequence[Unit], text: str, where: str) -> Unit:
    if len({(unit.factor, unit.kind) for unit in units}) > 1 and len({u.kind for u in units}) == 1:
        raise _refused(where, text, units, "two units could be meant", "単位が2つあります")
    return units[0]


def _refused(where: str, text: str, units: Sequence[Unit], en: str, ja: str) -> Exception:
    words = "、".join(unit.word for unit in units)
    shown = " ".join(text.split())[:60]
    return refuse(
        where,
        Text(f"{en}: {words} ({shown})", f"{ja}: {words}({shown})"),
        Text(
            "state the unit in the heading of the column, such as 金額(円)",
            "列の見出しに 金額(円) のように単位を書いてください",
        ),
        code="several_units",
    )
