"""Audits of the tool's own outputs: what they find in all programmes together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.acceptance.recompute import published
from tests.cli.calls import Caller
from tests.outputs.spreadsheet import opened

PROGRAMMES: Final = ["residents", "jpki", "intermediate_server", "lgwan"]
ROWS: Final = {"residents": 47, "jpki": 47, "intermediate_server": 1788, "lgwan": 47}
CARRIED: Final = ("jpki", "lgwan")
HOKKAIDO: Final = 47_267_000
"""What 北海道 pays for residents, on all three sheets that say it."""


def audits(call: Caller, *words: str | Path, status: int = 0) -> list[dict[str, Any]]:
    """Return the audits that --json has."""
    ended = call("audit", *words, "--json")
    assert (ended.status, ended.err) == (status, ""), ended.out
    found: list[dict[str, Any]] = ended.object["audits"]
    return found


def assert_sound(found: Sequence[Mapping[str, Any]]) -> None:
    """Assert that every programme was audited with nothing to say, and what could be checked."""
    assert [each["programme"] for each in found] == PROGRAMMES
    for each in found:
        name = each["programme"]
        assert each["findings"] == []
        assert each["rows"] == ROWS[name]
        assert each["listed_total"] == sum(published(name).values())
        if name in CARRIED:
            assert each["matched"] is None
            assert any(check.startswith("amounts: not checkable") for check in each["not_checked"])
        else:
            assert each["matched"] == ROWS[name]
            assert any(check.startswith("amounts") for check in each["checked"])
        assert "title" in each["checked"]


def amounts_found(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int, int]]:
    """Return the rows that findings are about: programme, code, published, expected."""
    return [
        (each["programme"], row["code"], row["published"], row["expected"])
        for each in found
        for finding in each["findings"]
        for row in finding["below"] or [finding]
        if row["kind"] == "amount"
    ]


def with_amount(content: bytes, sheet: str, old: int, new: str) -> bytes:
    """Return a workbook in which the first cell of a sheet with the value `old` has another."""
    book = opened(content)
    (number,) = (n for n, title in enumerate(book.titles, start=1) if title.startswith(sheet))
    part = f"xl/worksheets/sheet{number}.xml"
    text = book.parts[part].decode()
    assert f"<v>{old}</v>" in text
    return packed({**book.parts, part: text.replace(f"<v>{old}</v>", new, 1).encode()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
