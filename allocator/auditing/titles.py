"""Titles: whether what stands over a list names the year and the programme that it is for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from allocator.auditing.findings import Finding
from allocator.domain.errors import InputError
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.sources.lists.table import PublishedList

_YEAR: Final = re.compile(r"(?:(?:令和|平成|昭和)\s*(?:元|[0-9]{1,2})|[0-9]{4})\s*年度")


def title_findings(
    published: PublishedList, year: FiscalYear, programme: str, names: Mapping[str, str]
) -> list[Finding]:
    """Return what is wrong with a list's title. `names` are the plan's programmes, by id."""
    title = f"{published.heading} {published.title}".strip()
    found: list[Finding] = []
    others = [written for written in years_in(title) if FiscalYear.parse(written) != year]
    if others:
        named = "、".join(dict.fromkeys(others))
        text = Text(
            f"the title says {named}; the plan is for {year.japanese}",
            f"表題は{named}ですが、計画は{year.japanese}です",
        )
        found.append(Finding("title", "other_year", text, str(published.file)))
    named_programmes = programmes_in(title, names)
    if named_programmes and programme not in named_programmes:
        text = Text(
            f"the title is that of {', '.join(named_programmes)}, the list was compared with "
            f"{programme}",
            f"表題は{'、'.join(named_programmes)}のものですが、{programme} と照合しました",
        )
        found.append(Finding("title", "other_programme", text, str(published.file)))
    elif not named_programmes and published.programme not in ("", programme):
        text = Text(
            f"the list says that it is of {published.programme}; it was compared with {programme}",
            f"一覧の事業は {published.programme} ですが、{programme} と照合しました",
        )
        found.append(Finding("title", "other_programme", text, str(published.file)))
    return found


def years_in(title: str) -> list[str]:
    """Return the fiscal years that a title names, as written, if they are such."""
    written = [
        "".join(year.split()) for year in _YEAR.findall(unicodedata.normalize("NFKC", title))
    ]
    return [year for year in written if _is_year(year)]


def programmes_in(title: str, names: Mapping[str, str]) -> list[str]:
    """Return the programmes whose name a title contains, whatever year stands within it."""
    plain = _plain(title)
    return [identifier for identifier, name in names.items() if name and _plain(name) in plain]


def _plain(text: str) -> str:
    return "".join(_YEAR.sub("", unicodedata.normalize("NFKC", text)).split())


def _is_year(written: str) -> bool:
    try:
        FiscalYear.parse(written)
    except InputError:
        return False
    return True
