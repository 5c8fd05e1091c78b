"""The entry point: finds the command, and turns every failure into words and an exit status.

Nothing here imports polars, numpy or xlsxwriter, nor what only errors need: `allocator --help` has
to be quick.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import click

from allocator import __version__
from allocator.cli.bilingual import BilingualHelp, BilingualOption
from allocator.cli.delivery import ERROR, Delivery, delivering
from allocator.cli.inputs import refuse_nul
from allocator.cli.language import chosen, language_first, of_call, spoken
from allocator.cli.status import DONE, OWN_FAULT, WRONG_INPUT
from allocator.cli.stopping import status_of, stop_in_order
from allocator.cli.streams import keep_streams
from allocator.cli.terminal import show_json, tell
from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Language, Text

COMMANDS: Final = {
    "run": Text("Compute a plan and write its outputs.", "計画を計算し、結果を書き出す。"),
    "audit": Text(
        "Compare a published list with a plan, by code.", "公表一覧を計画と団体コードで照合する。"
    ),
    "compare": Text(
        "Compare two lists, plans or outputs: what rises and falls.",
        "2つの一覧・計画・出力を比べ、団体ごとの増減を示す。",
    ),
    "show": Text("Explain one payer's amounts, step by step.", "1団体の金額を計算の順に説明する。"),
    "extract": Text(
        "Find published lists and budget lines in a document.",
        "文書から公表一覧と予算の行を取り出す。",
    ),
    "check": Text(
        "Validate a plan, a data file or an output folder.",
        "計画・データ・出力フォルダーを検証する。",
    ),
}
"""What each command does; the command itself is imported when it is called."""

_ABOUT: Final = Text(
    "Allocates the yearly cost of the systems that Japan's local governments share, exact to the "
    "yen.",
    "地方公共団体が共同で負担するシステム経費を、円単位で正確に配分します。",
)


_VERSION: Final = Text("Show the version and exit.", "版を表示して終わる。")


class LazyGroup(BilingualHelp, click.Group):
    """Knows its commands by name, and imports one only when it is called."""

    text = _ABOUT

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"allocator.cli.{cmd_name}").command
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        language = chosen()
        with formatter.section(Text("Commands", "コマンド").in_(language)):
            formatter.write_dl([(name, text.in_(language)) for name, text in COMMANDS.items()])


@click.command("allocator", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="allocator", cls=BilingualOption, text=_VERSION)
@click.option(
    "--lang",
    type=click.Choice(["ja", "en"]),
    cls=BilingualOption,
    expose_value=False,
    text=Text("Language of the messages (default: by locale).", "表示言語(既定: ロケールによる)。"),
)
def group() -> None:
    """Hold the commands."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit status."""
    # Nothing here is linear algebra: the threads that numpy starts for it would wait at full speed.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A process of a second or two ends before there is garbage worth a search: a tenth of start-up.
    gc.disable()
    keep_streams()
    stop_in_order()
    status = run(list(sys.argv[1:] if arguments is None else arguments))
    # Python searches for garbage once more at the end, in vain: another tenth of a second.
    gc.freeze()
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit status; no input ever causes a traceback."""
    language = of_call(arguments)
    with spoken(language), delivering(arguments) as delivery:
        try:
            status = _run(arguments, language, delivery)
        except (click.Abort, KeyboardInterrupt) as error:
            tell(Text("interrupted", "中断しました").in_(language))
            status = status_of(error)
        return delivery.settled(status, language)


def _run(arguments: list[str], language: Language, delivery: Delivery) -> int:
    try:
        refuse_nul(arguments)
        given = language_first(arguments)
        result = group.main(given, prog_name="allocator", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        tell(*error.format_message().split("\n"))
        return WRONG_INPUT
    except (InputError, click.ClickException) as error:
        return _say(_problems(error), language, delivery)
    except click.Abort:
        raise
    except SystemExit as done:  # what completes a word in a shell leaves in this way
        return WRONG_INPUT if done.code else DONE
    except Exception as error:  # noqa: BLE001 the last line of defence, for faults of our own
        return _own_fault(error, language)
    delivery.ended = True
    return result if isinstance(result, int) else DONE


def _problems(error: InputError | click.ClickException) -> Sequence[Problem]:
    if isinstance(error, InputError):
        return error.problems
    from allocator.cli.usage import problem

    return [problem(error)]


def _say(problems: Sequence[Problem], language: Language, delivery: Delivery) -> int:
    head = ERROR.in_(language)
    for each in problems:
        what, mend = each.lines(language)
        tell(f"{head}: {what}", mend)
    if delivery.as_json:
        errors = [
            {
                "code": each.code,
                "where": each.where,
                "what": each.what.in_(language),
                "mend": each.mend.in_(language),
            }
            for each in problems
        ]
        written = [path.as_posix() for path in delivery.paths]
        show_json({"errors": errors, **({"outputs": written} if written else {})})
    return WRONG_INPUT


def _own_fault(error: Exception, language: Language) -> int:
    if os.environ.get("ALLOCATOR_DEBUG"):
        import traceback

        traceback.print_exception(error)
    what = Text("a fault of allocator itself", "本プログラムの不具合です").in_(language)
    mend = Text(
        "Please report it, with the call and the files that led to it. "
        "ALLOCATOR_DEBUG=1 shows where it happened.",
        "実行した命令と入力ファイルを添えて報告してください。"
        "ALLOCATOR_DEBUG=1 を付けると発生箇所が表示されます。",
    )
    tell(f"{what}: {type(error).__name__}: {error}", mend.in_(language))
    return OWN_FAULT
