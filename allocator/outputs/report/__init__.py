"""report.html: one file for readers, and the shell that other HTML pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from allocator.domain.text import Language
    from allocator.results.outcome import Outcome

__all__ = ["page", "render_report"]


def render_report(outcome: Outcome) -> bytes:
    """Return report.html of a computed plan, in Japanese; the same input gives the same bytes."""
    from allocator.outputs.report.document import report

    return report(outcome)


def page(
    title: str,
    body: Markup,
    *,
    lead: str = "",
    links: Sequence[tuple[str, str]] = (),
    scripts: Sequence[str] = (),
    data: Mapping[str, object] | None = None,
    language: Language = "ja",
) -> bytes:
    """Return a page in the look of the report, as one file that fetches nothing.

    The style sheet (assets/page.css) has a look for `section` with `h2`, tables inside
    `div.scroll`, `td.words` among numbers, `ul.cards` of `li.card`, `span.badge` with
    data-severity `error`, `warning` or `none`, `dl.facts`, `p.notice` and `p.under`.

    Args:
        title: the heading, and the name in the browser's tab.
        body: the content: HTML, escaped where it holds data. Plain text is escaped here.
        lead: a line under the heading.
        links: places on the page (identifier, words) for the navigation.
        scripts: files of this package to embed, in this order.
        data: what the scripts read, embedded as JSON under the identifier `report-data`.
        language: the language of the page.
    """
    from allocator.outputs.report.shell import page as shell

    return shell(title, body, lead=lead, links=links, scripts=scripts, data=data, language=language)
