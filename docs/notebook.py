"""Make docs/library.ipynb from docs/library.md: its text, its code, and what the code gives.

    python docs/notebook.py            rewrites the notebook
    python docs/notebook.py --check    changes nothing; ends with 1 where it is stale

No Jupyter is needed: the blocks are run one after the other in one namespace, and the value of the
last expression of each is its output.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

import polars as pl

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "library.md"
NOTEBOOK: Final = ROOT / "docs" / "library.ipynb"
WIDTH: Final = 90
LARGEST_HTML: Final = 6_000
"""Longer tables are shown as text alone."""

_CODE: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Yield text and code of a page, in turns: what it is, and what it says."""
    for number, text in enumerate(_CODE.split(page)):
        if text.strip():
            yield "code" if number % 2 else "markdown", text.strip("\n")


def notebook(page: str) -> dict[str, Any]:
    """Return the notebook of a page, with the outputs of its code."""
    names: dict[str, Any] = {}
    cells: list[dict[str, Any]] = []
    with pl.Config(tbl_width_chars=WIDTH, fmt_str_lengths=60):
        for kind, text in blocks(page):
            cell: dict[str, Any] = {
                "cell_type": kind,
                "id": f"cell-{len(cells) + 1}",
                "metadata": {},
                "source": text.splitlines(keepends=True),
            }
            if kind == "code":
                number = 1 + sum(each["cell_type"] == "code" for each in cells)
                outputs = list(_outputs(text, names, number))
                cell |= {"execution_count": number, "outputs": outputs}
            cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _outputs(code: str, names: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Run the code of one cell; yield what it prints, and the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), names)
        expression = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        value = eval(compile(expression, "<cell>", "eval"), names) if expression else None
    if text := printed.getvalue():
        lines = text.splitlines(keepends=True)
        yield {"name": "stdout", "output_type": "stream", "text": lines}
    if value is not None:
        yield {
            "data": _shown(value),
            "execution_count": number,
            "metadata": {},
            "output_type": "execute_result",
        }


def _shown(value: Any) -> dict[str, list[str]]:
    data = {"text/plain": repr(value).splitlines(keepends=True)}
    html = value._repr_html_() if hasattr(value, "_repr_html_") else ""
    if 0 < len(html) <= LARGEST_HTML:
        data["text/html"] = html.splitlines(keepends=True)
    return data


def rendered() -> str:
    """Return the notebook as its file has it."""
    found = notebook(PAGE.read_text(encoding="utf-8"))
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Rewrite the notebook, or tell whether it is stale."""
    text = rendered()
    is_stale = not NOTEBOOK.exists() or NOTEBOOK.read_text(encoding="utf-8") != text
    if "--check" in sys.argv[1:]:
        return int(is_stale)
    if is_stale:
        NOTEBOOK.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
