"""The output folder: every file rendered first, then put into place together."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.files.paths import same_file
from allocator.outputs.files.claim import is_unfinished, missing
from allocator.outputs.files.csv_files import (
    Encoding,
    allocation_csv,
    breakdown_csv,
    has_parts,
    parts_csv,
)
from allocator.outputs.files.manifest import manifest_json
from allocator.outputs.files.manifest_form import MANIFEST
from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.files.replacing import replace_files
from allocator.outputs.files.verifying import left_by_an_earlier_run, verify
from allocator.results.outcome import Outcome

__all__ = [
    "ALLOCATION",
    "BREAKDOWN",
    "MANIFEST",
    "PARTS",
    "REPORT",
    "WORKBOOK",
    "is_unfinished",
    "verify",
    "write_outputs",
]

WORKBOOK: Final = "allocation.xlsx"
ALLOCATION: Final = "allocation.csv"
BREAKDOWN: Final = "breakdown.csv"
PARTS: Final = "parts.csv"
REPORT: Final = "report.html"
NAMES: Final = (WORKBOOK, ALLOCATION, BREAKDOWN, PARTS, REPORT, MANIFEST)

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_outputs(
    outcome: Outcome, folder: Path, encoding: Encoding = "utf-8", *, raw_csv: bool = False
) -> list[Path]:
    """Write the workbook, the CSV files, the report and the manifest; return their paths.

    `encoding` is that of the CSV files; `raw_csv` leaves out the mark that keeps a spreadsheet from
    taking a name for a formula. Where anything fails, the folder stays as it was. What an
    earlier run left there, and this one has no more of (parts.csv), goes away.

    Raises:
        InputError: the folder cannot be made or written, or an output cannot hold what is there
            (characters that `encoding` lacks, more rows than a sheet has).
    """
    from allocator.outputs.report import render_report
    from allocator.outputs.workbook import render_workbook

    refuse_unwritable(folder, inputs_of(outcome))
    step(Text("writing the CSV files", "CSVを書出し中"))
    provenance = provenance_of(outcome)
    contents = {
        ALLOCATION: allocation_csv(outcome, encoding, raw=raw_csv),
        BREAKDOWN: breakdown_csv(outcome, encoding, raw=raw_csv),
    }
    if has_parts(outcome):
        contents[PARTS] = parts_csv(outcome, encoding, raw=raw_csv)
    step(Text("writing the workbook", "ブックを書出し中"))
    workbook = render_workbook(outcome, provenance)
    step(Text("writing the report", "報告書を書出し中"))
    contents = {WORKBOOK: workbook, **contents, REPORT: render_report(outcome)}
    contents[MANIFEST] = manifest_json(outcome, provenance, contents, encoding)

    def no_more() -> set[str]:
        return {PARTS} & set(left_by_an_earlier_run(folder))

    try:
        return replace_files(folder, contents, no_more)
    except (OSError, ValueError) as error:
        raise cannot_write(folder, error) from None


def inputs_of(outcome: Outcome) -> list[Path]:
    """Return every file that an outcome was computed from or is compared with."""
    earlier = outcome.previous.files if outcome.previous is not None else {}
    return [source.path for source in (*outcome.files.values(), *earlier.values())]


def refuse_unwritable(folder: Path, inputs: Iterable[Path] = ()) -> None:
    """Refuse at once, before any work, a folder that can certainly not be written.

    Raises:
        InputError: a file is in its way, writing isn't permitted there, or one of `inputs` stands
            where an output belongs.
    """
    refuse_inputs([folder / name for name in NAMES], inputs)
    try:
        at = next((each.parent for each in missing(folder)), folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    if not at.is_dir():
        raise cannot_write(folder, NotADirectoryError(errno.ENOTDIR, "", str(at)))
    if not os.access(at, os.W_OK):
        raise cannot_write(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse to write over what was read.

    Raises:
        InputError: an output is one of the inputs, be it by another name of the same file.
    """
    read = list(inputs)
    for output in outputs:
        if any(same_file(output, each) for each in read):
            raise refuse(
                str(output),
                Text(
                    "this file was read, and is not written over",
                    "読み込んだファイルであり、上書きしません",
                ),
                _ANOTHER,
                code="would_overwrite_input",
            )


def cannot_write(folder: Path, error: OSError | ValueError) -> InputError:
    where = f"{folder}"
    if isinstance(error, ValueError):
        what = Text(f"no name for a folder: {error}", f"フォルダー名に使えません: {error}")
        return refuse(where, what, _ANOTHER, code="not_a_name")
    if isinstance(error, FileExistsError | NotADirectoryError):
        at = error.filename or folder
        what = Text(
            f"the outputs need a folder, and a file is in the way: {at}",
            f"出力先のフォルダーを作れません。同じ名前のファイルがあります: {at}",
        )
        return refuse(where, what, _ANOTHER, code="in_the_way")
    if isinstance(error, IsADirectoryError):
        what = Text(
            f"a folder stands where the output {error.filename} belongs",
            f"出力ファイル {error.filename} の場所にフォルダーがあります",
        )
        return refuse(where, what, _ANOTHER, code="in_the_way")
    reason = error.strerror or str(error)
    what = Text(f"the outputs cannot be written: {reason}", f"出力を書き込めません: {reason}")
    if error.errno in _NO_SPACE:
        mend = Text(
            "make room on the disk, or choose another folder with --out",
            "ディスクの空きを増やすか、--out で別のフォルダーを指定してください",
        )
    elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
        mend = Text(
            "close outputs that another program has open, get the right to write there, or choose "
            "another folder with --out",
            "開いている出力ファイルを閉じるか、書込み権限を得るか、"
            "--out で別のフォルダーを指定してください",
        )
    else:
        mend = _ANOTHER
    return refuse(where, what, mend, code="cannot_write")


_ANOTHER: Final = Text(
    "choose another folder with --out, or move away what is in its place",
    "--out で別のフォルダーを指定するか、その場所にあるものを移してください",
)
