"""What a reader sees of the table of organisations, taken from an open page."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def status(page: Page, count: int) -> None:
    """Wait until so many organisations are found."""
    expect(page.locator("#status")).to_contain_text(
        f" {count:,}団体が条件に合う" if count else "条件に合う団体はない"
    )


def names(page: Page) -> list[str]:
    """Return what the rows of the table name."""
    return page.locator("#table tbody.rows th").all_inner_texts()


def codes(page: Page) -> list[str]:
    """Return the codes of the rows."""
    return page.locator("#table tbody.rows td.code").all_inner_texts()


def sums(page: Page, kind: str) -> list[str]:
    """Return a row of sums, `paid` or `notional`, without separators."""
    cells = page.locator(f'#table tr[data-sum="{kind}"] td').all_inner_texts()
    return [cell.replace(",", "") for cell in cells]
