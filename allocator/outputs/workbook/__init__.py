"""allocation.xlsx: one module a sheet; the sheets and their order stand here."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from allocator.audit.outcome import Outcome
from allocator.outputs.provenance import Provenance
from allocator.outputs.wording import short_title
from allocator.outputs.workbook import (
    calculation,
    checks,
    comparison,
    given,
    history,
    inputs,
    listing,
    method,
    municipalities,
    statement,
    summary,
)
from allocator.outputs.workbook.book import Book, sheet_name
from allocator.outputs.workbook.building import MOST_LIVE, build
from allocator.outputs.workbook.limits import refuse_beyond_limits

__all__ = ["render_workbook"]


def render_workbook(outcome: Outcome, provenance: Provenance) -> bytes:
    """Return the bytes of allocation.xlsx: the same for the same inputs and versions.

    Raises:
        InputError: more rows or longer texts than a sheet can hold.
    """
    everyone = outcome.register.valid_on(outcome.plan.table.payers_on)
    refuse_beyond_limits(outcome, everyone)
    content = BytesIO()
    with _no_search_for_garbage():
        book = Book(content, outcome.plan.fiscal_year)
        entered = given.inputs_of(outcome, everyone, MOST_LIVE)
        summary_sheet = summary.begin(book)
        calcs = []
        for number, each in enumerate(outcome.programmes, start=1):
            calc = None
            if (allocation := each.allocation) is not None:
                name = sheet_name("算定", number, short_title(each.programme))
                calc = build(each, allocation, name, everyone, entered)
            calcs.append(calc)
            listing.write(book, each, number, calc)
            if calc is not None and allocation is not None:
                sheet = book.sheet(calc.sheet, rows=calc.first + calc.count, landscape=calc.wide)
                calculation.write(book, sheet, calc, allocation)
        everywhere = municipalities.write(book, outcome, everyone, calcs, entered)
        compared = comparison.write(book, outcome, everyone, everywhere)
        statement.write(book, outcome, calcs, everywhere)
        verdict = checks.write(book, outcome, calcs, everywhere, compared, entered)
        method.write(book, outcome)
        inputs.write(book, outcome, calcs, entered)
        given.write(book, entered)
        history.write(book, outcome, provenance)
        summary.write(book, summary_sheet, outcome, calcs, verdict)
        book.close()
    return content.getvalue()


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Cells are small objects by the hundred thousand, all alive: searching them is a third of it.

    Measured with 200,000 payers: 45 s in place of 64 s.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
