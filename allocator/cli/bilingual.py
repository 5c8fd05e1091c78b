"""Commands and options whose help comes in English and in Japanese."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from allocator.cli.language import chosen
from allocator.cli.wrapping import wrapped
from allocator.domain.text import Text

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_EXITS = Text(
    "Exit status: 0 done, 1 an audit found differences, 2 wrong input, 70 a fault of our own.",
    "終了コード: 0 正常、1 照合で差異あり、2 入力の誤り、70 本プログラムの不具合。",
)


_HELP = Text("Show this message and exit.", "この説明を表示して終わる。")
_OPTIONS = Text("Options", "オプション")
_USAGE = Text("Usage: ", "使い方: ")

_LIBRARY = (
    ("[OPTIONS]", "[オプション]"),
    ("COMMAND [ARGS]...", "コマンド [引数]..."),
    ("[required]", "[必須]"),
    ("[default: ", "[既定: "),
)
"""What the command-line library puts into usage lines and beside options."""

_LINE, _OPTION_LINE = 76, 48
"""Columns of a line of Japanese help, and of the text beside an option."""


class BilingualOption(click.Option):
    """An option with a `text` in both languages in place of `help`."""

    def __init__(self, *names: Any, text: Text, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the help in the reader's language."""
        self.help = in_lines(self.text, _OPTION_LINE)
        return _translated(super().get_help_record(ctx))


def _translated(record: tuple[str, str] | None) -> tuple[str, str] | None:
    return None if record is None else (record[0], _in_japanese(record[1]))


def _in_japanese(text: str) -> str:
    """Return what the library itself writes into help in the reader's language."""
    if chosen() == "ja":
        for english, japanese in _LIBRARY:
            text = text.replace(english, japanese)
    return text


class BilingualHelp(click.Command):
    """A command whose headings and help come in the reader's language."""

    text: Text

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        self.help = in_lines(self.text, _LINE)
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = _in_japanese(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, prefix=_USAGE.in_(chosen()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        records = [record for each in options if (record := each.get_help_record(ctx))]
        with formatter.section(_OPTIONS.in_(chosen())):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, explained in the reader's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _HELP.in_(chosen())
        return found


class BilingualCommand(BilingualHelp):
    """A command with a `text` in both languages in place of `help`."""

    def __init__(self, *parts: Any, text: Text, **settings: Any) -> None:
        super().__init__(*parts, **settings)
        self.text = text

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the exit statuses mean."""
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(in_lines(_EXITS, _LINE))


def in_lines(text: Text, columns: int) -> str:
    """Return a help text in the reader's language; Japanese is broken into lines here already."""
    return wrapped(text.ja, columns) if chosen() == "ja" else text.en


def option(*names: str, text: Text, **settings: Any) -> Callable[[Decorated], Decorated]:
    """Declare an option whose help is `text`."""
    return click.option(*names, cls=BilingualOption, text=text, **settings)


def command(name: str, text: Text) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command whose help is `text`."""
    return click.command(name, cls=BilingualCommand, text=text)


json_option = option(
    "--json",
    "as_json",
    is_flag=True,
    text=Text(
        "Print one JSON object on standard output, and nothing else there.",
        "結果を1個のJSONで標準出力に出す(ほかは出さない)。",
    ),
)
"""`--json`, the same for every command that has it."""

raw_csv_option = option(
    "--raw-csv",
    is_flag=True,
    text=Text(
        "Write CSV for machines: names as they are. Else a text that a spreadsheet would take for "
        "a formula (=1+1) has a ' before it.",
        "CSVに文字列をそのまま書く(機械処理用)。指定しなければ、表計算ソフトが数式とみなす文字列"
        "(=1+1 など)の前に ' を付ける。",
    ),
)
"""`--raw-csv`, the same for every command that writes CSV."""

quiet_option = option(
    "--quiet",
    "-q",
    is_flag=True,
    text=Text("Print nothing but errors.", "エラーのほかは何も表示しない。"),
)
"""`--quiet`, the same for every command that has it."""
