"""Reading TOML that anybody may have written: small enough, not too deep, and an ordinary file."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from allocator.domain.errors import Problem
from allocator.domain.text import Text

# What no plan has, and what takes the reader of TOML minutes.
_LONGEST: Final = 1_000_000
_MOST_BYTES: Final = 4 * _LONGEST
_MOST_PARTS: Final = 50
_TOO_DEEP: Final = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""
)
_ANOTHER: Final = Text("give a file that can be read", "読めるファイルを指定してください")


def read_toml(file: Path) -> dict[str, Any] | Problem:
    """Return what a TOML file holds, or what is wrong with it."""
    where = str(file)
    content = _content(file)
    if isinstance(content, Problem):
        return content
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > _LONGEST or _TOO_DEEP.search(text):
            return _no_plan(where)
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        return Problem(
            where,
            Text(
                f"not UTF-8 text (byte {error.start})",
                f"UTF-8の文字ではありません({error.start}バイト目)",
            ),
            Text("save it as UTF-8", "UTF-8で保存し直してください"),
        )
    except (ValueError, RecursionError) as error:
        return Problem(
            where,
            Text(f"not TOML: {error}", f"TOMLとして読めません: {error}"),
            Text("correct that line", "その行を直してください"),
        )


def _content(file: Path) -> bytes | Problem:
    """Return the bytes of a file, no more than are wanted; a pipe is never waited for."""
    where = str(file)
    try:
        with open(file, "rb", opener=_without_waiting) as opened:
            if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                return opened.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return Problem(
            where,
            Text("the file is not there", "ファイルがありません"),
            Text(
                "give a plan's folder or its plan.toml; each programme has a file beside it",
                "計画のフォルダーか plan.toml を指定し、事業ごとのファイルを隣に置いてください",
            ),
        )
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return Problem(where, Text(f"cannot be read: {why}", f"読めません: {why}"), _ANOTHER)
    return Problem(
        where,
        Text(
            "no ordinary file: a pipe, a socket or a device",
            "通常のファイルではありません(パイプ・ソケット・デバイス)",
        ),
        _ANOTHER,
    )


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _no_plan(where: str) -> Problem:
    return Problem(
        where,
        Text(
            f"more than {_LONGEST:,} characters, or a key of more than {_MOST_PARTS} parts",
            f"{_LONGEST:,} 文字を超えるか、{_MOST_PARTS} を超える部分からなるキーがあります",
        ),
        Text("give the files of a plan", "計画のファイルを指定してください"),
    )
