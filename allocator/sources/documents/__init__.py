"""Documents that hold published lists and budgets: text, PDF, xlsx and CSV.

`open_document` reads any of them as lines of cells that know their places; `published_lists`
finds the lists in it, `extract` the lists, the budget lines and the totals they make.
"""

from __future__ import annotations

from allocator.sources.documents.extraction import extract, extract_file
from allocator.sources.documents.listed import published_lists
from allocator.sources.documents.model import Document, Line, Place
from allocator.sources.documents.opening import open_document
from allocator.sources.documents.results import BudgetLine, Extraction, Reconciliation

__all__ = [
    "BudgetLine",
    "Document",
    "Extraction",
    "Line",
    "Place",
    "Reconciliation",
    "extract",
    "extract_file",
    "open_document",
    "published_lists",
]
