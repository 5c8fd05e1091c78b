"""The text of a working paper, whatever its ending."""

from __future__ import annotations

from pathlib import Path

import openpyxl

PAPERS = (".xlsx", ".html", ".md")


def text_of(path: Path) -> str:
    """Return all text of a report: of a workbook, a line a row."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8-sig")
    lines = [
        " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell or "") for cell in row)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows(values_only=True)
    ]
    return "\n".join(lines)
