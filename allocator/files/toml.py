"""Reading TOML that anybody may have written: small enough, not too deep, and an ordinary file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.files.source import MissingError, Sources

# What no plan has, and what takes the reader of TOML minutes.
_LONGEST: Final = 300_000
_MOST_PARTS: Final = 10
_MOST_VALUES: Final = 30_000
_LONGEST_TEXT: Final = 10_000
_AT: Final = re.compile(r"at line ([0-9]+), column ([0-9]+)")
_TOO_DEEP: Final = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""
)


def read_toml(file: Path, sources: Sources) -> dict[str, Any] | Problem:
    """Return what a TOML file holds, or what is wrong with it."""
    where = str(file)
    try:
        text = sources.open(file).text()
        if len(text) > _LONGEST or _TOO_DEEP.search(text):
            return _no_plan(where)
        read = tomllib.loads(text)
        return _no_plan(where) if _is_large(read) else read
    except MissingError:
        return Problem(
            where,
            Text("the file is not there", "ファイルがありません"),
            Text(
                "give a plan's folder or its plan.toml; each programme has a file beside it",
                "計画のフォルダーか plan.toml を指定し、事業ごとのファイルを隣に置いてください",
            ),
            code="missing_file",
        )
    except UnicodeDecodeError as error:
        return Problem(
            where,
            Text(
                f"not UTF-8 text (byte {error.start})",
                f"UTF-8の文字ではありません({error.start}バイト目)",
            ),
            Text("save it as UTF-8", "UTF-8で保存し直してください"),
            code="not_utf8",
        )
    except (ValueError, RecursionError) as error:
        return Problem(
            where,
            Text(f"not TOML: {error}", f"TOMLとして読めません{_spot(str(error))}"),
            Text("correct that line", "その行を直してください"),
            code="not_toml",
        )
    except InputError as error:
        return error.problems[0]


def _is_large(read: dict[str, Any]) -> bool:
    """Tell whether there are more values, or longer keys or texts, than any plan has."""
    waiting: list[Any] = [read]
    count = 0
    while waiting:
        each = waiting.pop()
        count += 1
        if count > _MOST_VALUES or (isinstance(each, str) and len(each) > _LONGEST_TEXT):
            return True
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
    return False


def _spot(message: str) -> str:
    """Return where the reader of TOML stopped, in Japanese; its reasons are English alone."""
    found = _AT.search(message)
    return f"({found[1]}行{found[2]}文字目)" if found else ""


def _no_plan(where: str) -> Problem:
    return Problem(
        where,
        Text(
            f"more than {_LONGEST:,} characters or {_MOST_VALUES:,} keys and values, a key of "
            f"more than {_MOST_PARTS} parts, or a text of more than {_LONGEST_TEXT:,} characters",
            f"{_LONGEST:,} 文字、キーと値 {_MOST_VALUES:,} 個、キーの部分 {_MOST_PARTS} 個、"
            f"文字列 {_LONGEST_TEXT:,} 文字のいずれかの上限を超えています",
        ),
        Text("give the files of a plan", "計画のファイルを指定してください"),
        code="too_large",
    )
