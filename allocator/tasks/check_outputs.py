"""Are the figures of a manifest those of its files? Whatever can be worked out from them is.

A hash proves that a file is the one that was written; a figure of the manifest is proved by the
amounts (allocation.csv, parts.csv), by the summary and by the sheet 来歴 of the workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text, same
from allocator.domain.yen import group
from allocator.files.paths import is_file
from allocator.files.source import Sources
from allocator.outputs.files.folder import ALLOCATION, BREAKDOWN, MANIFEST, PARTS, WORKBOOK
from allocator.outputs.files.manifest_form import (
    RUN_AGAIN,
    Manifest,
    ProgrammeEntry,
    read_manifest,
)
from allocator.outputs.files.verifying import verify
from allocator.outputs.workbook.sheets import comparison, history, summary
from allocator.results.agreement import agreement
from allocator.sources.bundled import CONFIGS, DATA
from allocator.sources.lists.anywhere import read_lists
from allocator.sources.lists.table import amounts_by_code
from allocator.sources.reading.workbook.opened import OF_TABLES, Sheet, read_workbook
from allocator.sources.register import japan
from allocator.words.labels import counted_words
from allocator.words.rule import BASIS

_BASES: Final = {"data": DATA, "configs": CONFIGS}
_BOM: Final = b"\xef\xbb\xbf"

Fault = tuple[str, object, object, str]
"""A key of the manifest, what it has, what a file has, and which file."""

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Checked:
    """What is wrong with a folder of outputs, and what else there is to say of it."""

    problems: list[Problem]
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Amounts:
    """The rows of allocation.csv and parts.csv, and the amounts (yen) of each programme by code."""

    rows: Rows
    parts: Rows | None
    by_programme: dict[str, dict[str, int]] = field(default_factory=dict)


def check_outputs(folder: Path, sources: Sources | None = None) -> Checked:
    """Hold the files of a folder against its manifest, and then its manifest against the files."""
    if problems := verify(folder):
        return Checked(problems)
    manifest = read_manifest(folder / MANIFEST)
    if isinstance(manifest, Problem):
        return Checked([manifest])
    sources = sources or Sources()
    faults = [*_csv_faults(folder, manifest, sources), *_workbook_faults(folder, manifest, sources)]
    problems = [_problem(folder, fault) for fault in faults]
    return Checked(problems, tuple(_newer_inputs(manifest, sources)))


def _problem(folder: Path, fault: Fault) -> Problem:
    key, recorded, found, file = fault
    one, other = (group(each) if type(each) is int else f"{each}" for each in (recorded, found))
    return Problem(
        f"{folder / MANIFEST}: {key}",
        Text(f"{one} is recorded, {file} has {other}", f"記録は {one}、{file} では {other} です"),
        RUN_AGAIN,
        code="differs_from_files",
        fields={"key": key, "recorded": recorded, "found": found},
    )


# -- the amounts -----------------------------------------------------------------------------------


def _csv_faults(folder: Path, manifest: Manifest, sources: Sources) -> Iterator[Fault]:
    if faults := list(_encoding_faults(folder, manifest, sources)):
        yield from faults
        return
    try:
        amounts = _amounts(folder, manifest, sources)
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        yield "outputs", "tables of amounts", f"{error}", f"{ALLOCATION}, {PARTS}"
        return
    for year in {row["fiscal_year"] for row in (*amounts.rows, *(amounts.parts or ()))}:
        if year != f"{manifest.fiscal_year}":
            yield "fiscal_year", f"{manifest.fiscal_year}", year, ALLOCATION
    computed = [each.id for each in manifest.programmes if each.basis != "not computed"]
    if computed != list(amounts.by_programme):
        yield "programmes", ", ".join(computed), ", ".join(amounts.by_programme), ALLOCATION
        return
    for number, each in enumerate(manifest.programmes):
        key = f"programmes[{number}]"
        mine = amounts.by_programme.get(each.id, {})
        if each.payers != len(mine):
            yield f"{key}.payers", each.payers, len(mine), ALLOCATION
        if mine and each.total != sum(mine.values()):
            yield f"{key}.total", each.total, sum(mine.values()), ALLOCATION
        yield from _part_faults(key, each, amounts.parts)
        yield from _published_faults(key, each, mine, manifest, sources)


def _encoding_faults(folder: Path, manifest: Manifest, sources: Sources) -> Iterator[Fault]:
    for name in (ALLOCATION, BREAKDOWN, PARTS):
        if name in manifest.listed:
            has_mark = sources.open(folder / name).content.startswith(_BOM)
            if has_mark != (manifest.csv_encoding == "utf-8"):
                found = "utf-8" if has_mark else "no utf-8 with a byte order mark"
                yield "csv_encoding", manifest.csv_encoding, found, name


def _amounts(folder: Path, manifest: Manifest, sources: Sources) -> _Amounts:
    encoding = "utf-8-sig" if manifest.csv_encoding == "utf-8" else manifest.csv_encoding

    def rows(name: str) -> Rows:
        text = sources.open(folder / name).content.decode(encoding, "replace")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    found = _Amounts(rows(ALLOCATION), rows(PARTS) if PARTS in manifest.listed else None)
    for row in found.parts or ():
        _ = int(row["part"]), int(row["amount"]), row["programme"], row["basis"], row["fiscal_year"]
    for row in found.rows:
        _ = row["fiscal_year"]
        found.by_programme.setdefault(row["programme"], {})[row["code"]] = int(row["amount"])
    return found


def _part_faults(key: str, programme: ProgrammeEntry, rows: Rows | None) -> Iterator[Fault]:
    if programme.basis == "not computed":
        return
    if (programme.parts is not None) != (programme.basis == "parts"):
        yield f"{key}.basis", programme.basis, "parts" if programme.parts else "none", "parts"
    mine = [row for row in rows or () if row["programme"] == programme.id]
    numbers = sorted({int(row["part"]) for row in mine})
    parts = programme.parts or ()
    if rows is None or numbers != [*range(1, len(parts) + 1)]:
        if parts or numbers:
            yield f"{key}.parts", len(parts), len(numbers), PARTS
        return
    for number, part in enumerate(parts, start=1):
        of_part = [row for row in mine if int(row["part"]) == number]
        charged = sum(int(row["amount"]) for row in of_part)
        if part.total != charged:
            yield f"{key}.parts[{number - 1}].total", part.total, charged, PARTS
        if part.basis != of_part[0]["basis"]:
            yield f"{key}.parts[{number - 1}].basis", part.basis, of_part[0]["basis"], PARTS


def _published_faults(
    key: str,
    programme: ProgrammeEntry,
    amounts: Mapping[str, int],
    manifest: Manifest,
    sources: Sources,
) -> Iterator[Fault]:
    """Compare with the list anew, where it is at hand: a bundled one that is still the same."""
    found = programme.published
    if (found is None) == (programme.reason is None):
        yield f"{key}.published", found is not None, "a reason for none", "the manifest"
    if found is None:
        return
    file = DATA / found.list_
    hashes = [each.sha256 for each in manifest.inputs if each.file == f"data/{found.list_}"]
    if not hashes or not is_file(file) or sources.open(file).sha256 != hashes[0]:
        return
    try:
        lists = read_lists(sources.open(file), japan(sources))
        (listed,) = [each for each in lists if each.programme in ("", programme.id)]
        again = agreement(found.list_, amounts_by_code(listed, japan(sources)), amounts)
    except (InputError, ValueError):
        return  # it was read in some other way, which the summary shows
    for name in ("rows", "matched", "different"):
        if getattr(found, name) != getattr(again, name):
            where = f"data/{found.list_}"
            yield f"{key}.published.{name}", getattr(found, name), getattr(again, name), where


# -- the workbook ----------------------------------------------------------------------------------


def _workbook_faults(folder: Path, manifest: Manifest, sources: Sources) -> Iterator[Fault]:
    """Hold the manifest against the sheets; what the book of another version lacks is no proof."""
    try:
        book = read_workbook(sources.open(folder / WORKBOOK), OF_TABLES)
    except InputError:
        return  # larger than what is read
    sheets = {each.name: each for each in book}
    if history.NAME in sheets:
        yield from _history_faults(manifest, sheets[history.NAME])
    if summary.NAME in sheets:
        yield from _summary_faults(manifest, sheets[summary.NAME])
    if comparison.NAME in sheets:
        yield from _previous_faults(manifest, sheets[comparison.NAME])


def _history_faults(manifest: Manifest, sheet: Sheet) -> Iterator[Fault]:
    rows = [[*row, "", "", ""][:3] for row in sheet.rows]
    heads = [number for number, row in enumerate(rows) if row[2] == history.HASH]
    if not heads:
        return
    inputs, rest = rows[heads[0] + 1 :], []
    for number, row in enumerate(inputs):
        if not any(row):
            inputs, rest = inputs[:number], inputs[number + 1 :]
            break
    recorded = [each.sha256 for each in manifest.inputs]
    if recorded != [row[2] for row in inputs]:
        found = next(
            (row for row, sha256 in zip(inputs, recorded, strict=False) if row[2] != sha256), None
        )
        shown = found[2] if found is not None else len(inputs)
        yield "inputs", f"{len(recorded)} files", shown, f"{WORKBOOK} ({history.NAME})"
    else:
        for number, (row, entry) in enumerate(zip(inputs, manifest.inputs, strict=True)):
            if _plain(row[0]) and row[0] != entry.file:
                yield f"inputs[{number}].file", entry.file, row[0], f"{WORKBOOK} ({history.NAME})"
    options = manifest.options.model_dump(exclude_defaults=True)
    facts = history.facts(
        manifest.fiscal_year, manifest.payers_as_of, options, dict(manifest.versions)
    )
    stands = {row[0]: row[1] for row in reversed(rest) if row[0] and row[0] != history.NOTE}
    for name in {**facts, **stands}:
        if facts.get(name, "") != stands.get(name, ""):
            where = f"{WORKBOOK} ({history.NAME}: {name})"
            yield history.key_of(name), facts.get(name, "-"), stands.get(name, "-"), where


def _summary_faults(manifest: Manifest, sheet: Sheet) -> Iterator[Fault]:
    heads = [number for number, row in enumerate(sheet.rows) if {*row} >= summary.HEADINGS]
    if not heads:
        return
    place = {name: sheet.rows[heads[0]].index(name) for name in summary.HEADINGS}
    where = f"{WORKBOOK} ({summary.NAME})"
    for number, each in enumerate(manifest.programmes):
        row = (sheet.rows[heads[0] + 1 + number :] or [[]])[0]
        cells = {name: row[at] if at < len(row) else "" for name, at in place.items()}
        key = f"programmes[{number}]"
        total = "" if each.total is None else f"{each.total}"
        if cells["総額(円)"] != total:
            yield f"{key}.total", total, cells["総額(円)"], where
        if cells["算定の根拠"].partition("(")[0] != BASIS[each.basis].ja:
            yield f"{key}.basis", BASIS[each.basis].ja, cells["算定の根拠"], where
        agreed = cells["公表一覧との照合"]
        found = each.published
        if found is None:
            continue
        if not agreed.startswith(counted_words(found.rows, found.matched).ja):
            yield f"{key}.published", f"{found.matched:,}/{found.rows:,}", agreed, where


def _previous_faults(manifest: Manifest, sheet: Sheet) -> Iterator[Fault]:
    where = f"{WORKBOOK} ({comparison.NAME})"
    sums: dict[str, list[str]] = {
        label: [cell for cell in row[3::4] if cell]
        for row in sheet.rows
        for label in comparison.SUMS
        if label in row[:3]
    }
    if (manifest.previous is not None) != bool(sums) and manifest.previous != ():
        yield "previous", manifest.previous is not None, bool(sums), where
        return
    for label, name in zip(comparison.SUMS, ("carried", "lost", "total"), strict=True):
        recorded = [getattr(each, name) for each in manifest.previous or ()]
        shown = sums.get(label, [])
        if len(shown) == len(recorded) and shown != [f"{each}" for each in recorded]:
            yield f"previous.{name}", ", ".join(map(group, recorded)), ", ".join(shown), where
    for number, each in enumerate(manifest.previous or ()):
        if each.total != each.carried + each.lost:
            yield f"previous[{number}].total", each.total, each.carried + each.lost, "carried, lost"


def _plain(text: str) -> bool:
    """Tell whether a cell holds a text as it is: a workbook writes some characters otherwise."""
    return text.isprintable() and "_x" not in text


# -- inputs that are at hand -----------------------------------------------------------------------


def _newer_inputs(manifest: Manifest, sources: Sources) -> Iterator[Text]:
    """Yield the bundled inputs that are others by now: the outputs are what they were."""
    changed: list[str] = []
    for each in manifest.inputs:
        folder, slash, rest = each.file.partition("/")
        if not slash or folder not in _BASES or ".." in Path(rest).parts:
            continue
        file = _BASES[folder] / rest
        try:
            if sources.open(file).sha256 != each.sha256:
                changed.append(each.file)
        except InputError:
            changed.append(each.file)
    if changed:
        names: Sequence[str] = sorted(set(changed))
        listed = same(", ".join(names))
        yield Text(
            f"bundled files that are others by now than when this was computed: {listed.en}",
            f"算定後に変わった同梱ファイル: {listed.ja}",
        )
