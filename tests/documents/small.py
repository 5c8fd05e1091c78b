"""Small documents for tests, written as text with tabs."""

from __future__ import annotations

from pathlib import Path

from allocator.files.source import open_source
from allocator.sources.reading.document import Document
from allocator.sources.reading.opening import open_document


def document(folder: Path, text: str, name: str = "document.txt") -> Document:
    """Write text into a file and open it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return open_document(open_source(path))


def table(*rows: str) -> str:
    """Return rows whose cells are parted by |."""
    return "".join("\t".join(cell.strip() for cell in row.split("|")) + "\n" for row in rows)


BUSINESSES = (
    "一般事業 | 本人確認情報処理事業 | 公的個人認証サービス事業 | 個人番号カード発行等事業 | "
    "中間サーバー共同化・集約化等事業 | 総合行政ネットワーク運営事業 | "
    "本人確認情報処理事業関連事業 | デジタル基盤改革支援基金事業 | 合計"
)
"""The headings of a table by business, all legible."""


def budget(*tables: str, title: str = "令和6年度 予定損益計算書") -> str:
    """Return a budget with its title and tables, in thousand yen."""
    return f"{title}\n\n(単位：千円)\n\n" + "\n".join(tables)


def by_business(*rows: str, headings: str = BUSINESSES, first: str = "科目") -> str:
    """Return a table by business."""
    return table(f"{first} | {headings}", *rows)
