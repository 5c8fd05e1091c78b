"""allocation.xlsx: one module a sheet; the sheets and their order stand here."""

from __future__ import annotations

from io import BytesIO

from allocator.outputs.files.provenance import Provenance
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.limits import refuse_beyond_limits
from allocator.outputs.workbook.model import entered
from allocator.outputs.workbook.model.build import MOST_LIVE
from allocator.outputs.workbook.model.parts import calculation_of
from allocator.outputs.workbook.sheets import (
    calculation,
    checks,
    comparison,
    history,
    inputs,
    listing,
    method,
    municipalities,
    statement,
    summary,
)
from allocator.results.outcome import Outcome

__all__ = ["render_workbook"]


def render_workbook(outcome: Outcome, provenance: Provenance) -> bytes:
    """Return the bytes of allocation.xlsx: the same for the same inputs and versions.

    Raises:
        InputError: more rows or longer texts than a sheet can hold.
    """
    everyone = outcome.register.valid_on(outcome.plan.table.payers_on)
    refuse_beyond_limits(outcome, everyone)
    content = BytesIO()
    book = Book(content, outcome.plan.fiscal_year)
    figures = entered.inputs_of(outcome, everyone, MOST_LIVE)
    summary_sheet = summary.begin(book)
    calcs = []
    for number, each in enumerate(outcome.programmes, start=1):
        calc = None
        if (allocation := each.allocation) is not None:
            calc = calculation_of(each, allocation, number, everyone, figures)
        calcs.append(calc)
        listing.write(book, each, number, calc)
        if calc is not None:
            calculation.write(book, calc, each)
    everywhere = municipalities.write(book, outcome, everyone, calcs, figures)
    compared = comparison.write(book, outcome, everyone, everywhere)
    statement.write(book, outcome, calcs, everywhere)
    verdict = checks.write(book, outcome, calcs, everywhere, compared, figures)
    method.write(book, outcome)
    inputs.write(book, outcome, calcs, figures)
    entered.write(book, figures)
    history.write(book, outcome, provenance)
    summary.write(book, summary_sheet, outcome, calcs, verdict)
    book.close()
    return content.getvalue()
