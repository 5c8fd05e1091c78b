"""What is said of workbooks that are not read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.files.sniff import unreadable


def broken(file: Path) -> InputError:
    """Say that a workbook can't be read."""
    return refuse(
        str(file),
        Text(
            "the workbook is broken or not complete",
            "表計算ファイルが壊れているか、途中で切れています",
        ),
        Text("download or save it again", "もう一度ダウンロードまたは保存してください"),
        code="broken_file",
    )


def protected(file: Path) -> InputError:
    """Say that a workbook opens with a password alone."""
    return refuse(
        str(file),
        Text("the workbook is protected by a password", "ブックがパスワードで保護されています"),
        Text("save it without a password", "パスワードを外して保存し直してください"),
        code="password",
    )


def too_large(file: Path, largest: int) -> InputError:
    """Say that a workbook holds more than `largest` bytes."""
    return refuse(
        str(file),
        Text(
            f"the workbook unpacks to more than {largest:,} bytes",
            f"展開すると上限 {largest:,} バイトを超えます",
        ),
        Text("give the table alone", "必要な表だけのファイルにしてください"),
        code="too_large",
    )


def too_full(file: Path, filled: int) -> InputError:
    """Say that a workbook holds more cells, texts or tags than its readers can take."""
    return refuse(
        str(file),
        Text(
            f"the workbook holds more than {filled:,} filled cells, or more text or XML tags than "
            "those need",
            f"ブックの入力済みセルが上限 {filled:,} 個を超えるか、文字・XMLタグがそれに見合わない"
            "ほど多くあります",
        ),
        Text(
            "give the table alone, and delete rows and cells outside of it",
            "必要な表だけにし、表の外にある行とセルを削除してください",
        ),
        code="too_large",
    )


def repeated_sheets(file: Path) -> InputError:
    """Say that a workbook has a sheet under several names."""
    return refuse(
        str(file),
        Text(
            "the workbook has one sheet under several names",
            "1つのシートが複数の名前で登録されています",
        ),
        Text("open it and save it again as .xlsx", "開いて .xlsx で保存し直してください"),
        code="broken_file",
    )


def binary(file: Path) -> InputError:
    """Say that a workbook is an .xlsb."""
    return refuse(
        str(file),
        Text("a workbook of the binary format .xlsb", "バイナリ形式(.xlsb)のブックです"),
        Text("open it and save it as .xlsx", "開いて .xlsx で保存し直してください"),
        code="unknown_kind_of_file",
    )


def no_workbook(file: Path) -> InputError:
    """Say that a file of an old Office format is no workbook."""
    return refuse(
        str(file),
        Text(
            "a file of an old Office format, but no workbook (.doc, .ppt …)",
            "古いOffice形式ですが、ブックではありません(.doc、.pptなど)",
        ),
        Text("open it and save it as .xlsx or PDF", "開いて .xlsx かPDFで保存し直してください"),
        code="unknown_kind_of_file",
    )


def no_copy(file: Path, error: OSError) -> InputError:
    """Say why the copy that a workbook is read from cannot be made, or what is wrong inside it."""
    if error.errno is None:  # raised by what unpacks
        return unreadable(file, error)
    reason = error.strerror or str(error)
    try:
        folder = tempfile.gettempdir()
    except OSError:
        folder = "TMPDIR"
    return refuse(
        str(file),
        Text(
            f"a workbook is read from a temporary copy, which cannot be made in {folder}: {reason}",
            f"読取り用の一時ファイルを {folder} に作れません: {reason}",
        ),
        Text(
            "make room there, or name another folder in the environment (TMPDIR)",
            "空きを増やすか、環境変数 TMPDIR で別のフォルダーを指定してください",
        ),
        code="cannot_write",
    )
