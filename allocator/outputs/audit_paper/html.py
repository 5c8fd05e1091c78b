"""The working paper of an audit as one HTML page, in the look of the report; prints on A4."""

from __future__ import annotations

from typing import Final

from allocator.domain.text import Language
from allocator.outputs.audit_paper.blocks import Block, Facts, Items, Paper
from allocator.outputs.report.shell import fragment, page

_STYLE: Final = "assets/audit.css"


def render(content: Paper, language: Language) -> bytes:
    """Return the page; every finding is in it, and every name in it is text, never markup."""
    body = fragment("audit.html.j2", paper=content, form=_form)
    links = [(f"list-{n}", section.name) for n, section in enumerate(content.sections, start=1)]
    return page(content.title, body, links=links, styles=[_STYLE], language=language)


def _form(block: Block) -> str:
    """Return which part of the template a block is written with."""
    if isinstance(block, Facts):
        return "facts"
    return "items" if isinstance(block, Items) else "table"
