"""Reading the pages of the documentation: sections, tables, blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from docs.build import ROOT, pages

PAGES: Final = [*pages(), ROOT / "CHANGELOG.md"]

_HEADING: Final = re.compile(r"(#+) (.+)")
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Section:
    """What stands under one heading, down to the next heading of any level."""

    heading: str
    text: str

    @cached_property
    def tables(self) -> list[list[dict[str, str]]]:
        """The tables, row by row: heading of the column to cell, without backticks' outer pair."""
        found: list[list[dict[str, str]]] = []
        lines = self.text.splitlines()
        for place, line in enumerate(lines):
            if not re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line):
                continue
            names = _cells(lines[place - 1])
            rows = []
            for row in lines[place + 1 :]:
                if not row.startswith("|"):
                    break
                rows.append(dict(zip(names, _cells(row), strict=True)))
            found.append(rows)
        return found

    def code(self, language: str) -> list[str]:
        """Return the blocks of code in `language`."""
        return [text for kind, text in _FENCE.findall(self.text) if kind == language]


@dataclass(frozen=True)
class Page:
    """One page. Headings inside blocks of code are none."""

    path: Path

    @cached_property
    def text(self) -> str:
        """The whole page."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The sections by heading; what stands before the first heading has an empty one."""
        heading, lines, fenced = "", list[str](), False
        found: dict[str, Section] = {}
        for line in self.text.splitlines():
            fenced ^= line.startswith("```")
            if not fenced and (start := _HEADING.fullmatch(line)):
                found[heading] = Section(heading, "\n".join(lines))
                heading, lines = start[2], []
            else:
                lines.append(line)
        found[heading] = Section(heading, "\n".join(lines))
        return found

    @property
    def prose(self) -> str:
        """The page without blocks of code, fenced or indented."""
        return re.sub(r"^    .*$", "", _FENCE.sub("", self.text), flags=re.MULTILINE)

    def links(self) -> Iterator[str]:
        """Yield the targets of all links."""
        for found in re.finditer(r"\]\(([^)\s]+)\)", self.prose):
            yield found[1]

    @property
    def anchors(self) -> set[str]:
        """The anchors that a link can point to, as GitHub makes them from headings."""
        return {_anchor(heading) for heading in self.sections}


def page(name: str) -> Page:
    """Return a page by its path in the project."""
    return Page(ROOT / name)


def figures(cell: str) -> list[str]:
    """Return the words in backticks of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.strip().replace(" ", "-")
