"""Whom a table counts: all residents, or some of them (外国人住民, 日本人住民, 男, 女, 世帯 …)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from allocator.sources.tables.units import BRACKETS, compact

_PART: Final = re.compile("外国人|日本人|複数国籍|混合世帯")
_WHOLE: Final = re.compile("総計|総数|総人口|合計|計$|計[)）]|を?含[むみめ]|を?合わせた")
_SEXES: Final = re.compile(r"(?:^|[\s(/・_-])(男|女)性?(?:$|[\s)/・_-])")
_HOUSEHOLDS: Final = re.compile("世帯")
_PERSONS: Final = re.compile("人口|住民数|人数|総数")
_EXCEPT: Final = re.compile("除く|除いた|のみ|だけ")


def part_of_residents(heading: str, *above: str) -> str:
    """Return the words by which a population is not that of all residents, or "".

    `heading` is that of the column (stacked words joined by /); `above` are title and name of the
    sheet. The heading goes first: a column of all residents may stand beside those of some.
    """
    for segment in compact(heading).split("/"):
        if found := _of_heading(segment):
            return found
    for text in above:
        if found := _of_title(text, compact(heading)):
            return found
    return ""


def _of_heading(text: str) -> str:
    parts = _PART.findall(text)
    if parts and (_EXCEPT.search(text) or not _WHOLE.search(text) or len(set(parts)) == 1):
        return "" if _is_both(text) else text
    if text in {"男", "女", "男性", "女性"} or _SEXES.search(text):
        return text
    if _HOUSEHOLDS.search(text) and not _PERSONS.search(text):
        return text
    return ""


def _of_title(written: str, heading: str) -> str:
    text = compact(written)
    parts = set(_PART.findall(text))
    if parts and not _is_both(text):
        return "、".join(sorted(parts))
    if found := _SEXES.search(unicodedata.normalize("NFKC", written).translate(BRACKETS)):
        return found[1]
    if _HOUSEHOLDS.search(text) and not _PERSONS.search(text) and not _PERSONS.search(heading):
        return "世帯"
    return ""


def _is_both(text: str) -> bool:
    """Tell whether a text that names some residents speaks of all of them nevertheless."""
    if re.search("を?含[むみめ]|総計|総人口|を?合わせた", text) and not _EXCEPT.search(text):
        return True
    return {"日本人", "外国人"} <= set(_PART.findall(text))
