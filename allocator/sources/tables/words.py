"""The words that lists and budget lines are found by (`words.toml`), and how they are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from allocator.domain.years import FiscalYear

_FILE: Final = Path(__file__).with_name("words.toml")
_UNSTEADY: Final = re.compile(r"[\sー・]")
_YEAR: Final = re.compile(r"(?:(?:令和|平成)(?:元|[0-9]{1,2})|[0-9]{4})年度")


@dataclass(frozen=True)
class ProgrammeWords:
    """A programme, and what comes before the fiscal year in its headings."""

    id: str
    subject: str
    business: str


@dataclass(frozen=True)
class Business:
    """A column of the tables by business; `id` is empty for those that nobody asks for."""

    id: str
    name: str


@dataclass(frozen=True)
class Form:
    """A table by business, and the rows that tell it from others."""

    id: str
    title: str
    marks: tuple[str, ...]
    sum: str
    subtracted: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A budget line that is looked for, and the businesses that it is taken for."""

    id: str
    form: str
    name: str
    businesses: tuple[str, ...]
    only: tuple[str, ...]


@dataclass(frozen=True)
class Form7:
    """The table of advances received: its title, its columns, the ids of known purposes."""

    title: str
    column: str
    beside: str
    purposes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """All of them."""

    programmes: tuple[ProgrammeWords, ...]
    businesses: tuple[Business, ...]
    forms: tuple[Form, ...]
    items: tuple[Item, ...]
    form7: Form7


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the words of `words.toml`."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    form7 = found["form7"]
    return Words(
        tuple(ProgrammeWords(**entry) for entry in found["programme"]),
        tuple(Business(entry.get("id", ""), entry["name"]) for entry in found["business"]),
        tuple(
            Form(
                entry["id"],
                entry["title"],
                tuple(steady(mark) for mark in entry["marks"]),
                steady(entry.get("sum", "")),
                tuple(steady(name) for name in entry.get("subtracted", ())),
            )
            for entry in found["form"]
        ),
        tuple(
            Item(
                entry["id"],
                entry["form"],
                entry["name"],
                tuple(entry["businesses"]),
                tuple(entry.get("only", ())),
            )
            for entry in found["item"]
        ),
        Form7(
            form7["title"],
            form7["column"],
            form7["beside"],
            tuple((key, steady(name)) for key, name in form7["purposes"].items()),
        ),
    )


def plain(text: str) -> str:
    """Return text for comparing: full-width forms made plain, no blanks."""
    compact = "".join(text.split())
    return compact if compact.isascii() else unicodedata.normalize("NFKC", compact)


def steady(text: str) -> str:
    """Return text for comparing words that typesetting and recognition change: no ー, no ・."""
    return _UNSTEADY.sub("", unicodedata.normalize("NFKC", text))


def year_in(text: str) -> FiscalYear | None:
    """Return the first fiscal year that `text` names."""
    found = _YEAR.search(plain(text))
    return FiscalYear.parse(found[0]) if found else None


def programme_of(*texts: str) -> str:
    """Return the programme that the first of these titles speaks of, or ""."""
    for text in texts:
        compared = steady(text)
        for identifier, subject in _subjects():
            if subject in compared:
                return identifier
    return ""


def begins_with_programme(text: str) -> bool:
    """Tell whether a heading or title begins with the words for a programme."""
    return steady(text).startswith(tuple(subject for _, subject in _subjects()))


@lru_cache(maxsize=1)
def _subjects() -> tuple[tuple[str, str], ...]:
    return tuple((each.id, steady(each.subject)) for each in words().programmes)
