"""What is wrong with a call: the words of the command-line library, in Japanese as well."""

from __future__ import annotations

import re
from typing import Final

import click

from allocator.domain.errors import Problem
from allocator.domain.text import Text

_OTHERWISE: Final = "書き方が正しくありません"
_WORDS: Final = tuple(
    (re.compile(pattern, re.DOTALL), japanese)
    for pattern, japanese in (
        (r"No such option '?(?P<name>-[^'\s]*?)'?\.(?P<more>.*)", "{name} という指定はありません"),
        (r"No such command '(?P<name>.*?)'\..*", "{name} というコマンドはありません"),
        (r"Missing command\..*", "コマンドがありません"),
        (r"Missing argument '(?P<name>.*?)'\..*", "{name} がありません"),
        (r"Missing option '(?P<name>.*?)'\..*", "{name} の指定が必要です"),
        (r"Option '(?P<name>.*?)' requires an argument\..*", "{name} に値がありません"),
        (r"Option '(?P<name>.*?)' requires .*", "{name} に値が足りません"),
        (r"Option '(?P<name>.*?)' does not take a value\..*", "{name} に値は付けられません"),
        (r"Got unexpected extra arguments? \((?P<name>.*)\)", "余分な引数があります: {name}"),
        (
            r"Invalid value for '(?P<name>.*?)': (?P<value>'.*') is not one of (?P<more>.*)\.",
            "{name} に {value} は使えません(使える値: {more})",
        ),
        (
            r"Invalid value for '(?P<name>.*?)': (?P<value>'.*') is not a valid \w+.*",
            "{name} の {value} は正しい値ではありません",
        ),
        (
            r"Invalid value for '(?P<name>.*?)': (?P<value>.*) is not in the range (?P<more>.*)\.",
            "{name} の {value} は範囲外です(範囲: {more})",
        ),
        (r"Invalid value for '(?P<name>.*?)'.*", "{name} の値が正しくありません"),
    )
)


def problem(error: click.ClickException) -> Problem:
    """Turn an error of the command-line library into a problem with a mend."""
    context: click.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context else "allocator"
    message = error.format_message()
    return Problem(
        command,
        Text(message, f"呼び出しの誤りです: {_japanese(message)}"),
        Text(f"see `{command} --help`", f"`{command} --help` を参照してください"),
        code="wrong_call",
    )


def _japanese(message: str) -> str:
    for pattern, japanese in _WORDS:
        if found := pattern.fullmatch(message):
            return japanese.format(**found.groupdict())
    return _OTHERWISE
