"""What is compared: lists, plans or outputs as they are named, each with its amounts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from allocator.auditing.reference_list import completed, refuse_unclear
from allocator.auditing.titles import programmes_in, years_in
from allocator.domain.changes import CodeChanges
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.text import Text, joined, listed, same
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group
from allocator.files.paths import exists, is_file, is_folder
from allocator.files.source import Sources, is_standard_input
from allocator.outputs.files.folder import ALLOCATION, MANIFEST, WORKBOOK, verify
from allocator.plans.load import PLAN_FILE, load_plan
from allocator.plans.plan import Plan
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS
from allocator.sources.lists.anywhere import read_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.register import register_of
from allocator.sources.tables.faults import raise_all
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import described
from allocator.words.rule import BASIS

_SIX: Final = r"^[0-9]{6}$"
_MEND: Final = Text(
    "give a list (a table or papers), a plan (its folder, its plan.toml, a bundled one by its "
    "year) or an output (allocation.csv, allocation.xlsx, their folder)",
    "一覧(表か資料)、計画(フォルダーか plan.toml。同梱の計画は年度)、出力(allocation.csv、"
    "allocation.xlsx かそのフォルダー)のいずれかを指定してください",
)


@dataclass(frozen=True)
class Amounts:
    """The amounts (yen) of one programme on one side, or why there are none.

    `programme` is "" where nothing says whose they are; `published` is the list that they were
    read from, None for those of a plan.
    """

    programme: str
    title: str
    place: str
    amounts: Mapping[str, int] | Text
    names: Mapping[str, tuple[str, str]]
    published: PublishedList | None = None
    notes: tuple[Text, ...] = ()

    @property
    def read_as(self) -> str:
        """The name of the list as it was read: its programme, its title, else that of its file."""
        published = self.published
        if published is None:
            return self.title
        name = published.source.name if published.source is not None else published.file.name
        return published.programme or published.title or name


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: as it was named, what it is, and what it has."""

    name: Text
    words: Text
    register: Register
    programmes: tuple[Amounts, ...]
    files: tuple[Path, ...]
    notes: tuple[Text, ...] = ()


class Lender:
    """The plan that lends its register, and tells whose a list is; computed when it has to."""

    def __init__(self, path: Path, sources: Sources, outcome: Outcome | None = None) -> None:
        self._path = path
        self._sources = sources
        self._outcome = outcome

    @cached_property
    def outcome(self) -> Outcome:
        """The plan with its amounts."""
        return self._outcome or compute_plan(self._path, sources=self._sources)

    def named_in(self, title: str) -> str:
        """Return the id of the one programme whose name a title has, "" where that isn't one."""
        plan = self._outcome.plan if self._outcome is not None else self._plan
        found = programmes_in(title, {each.id: each.name for each in plan.programmes})
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _plan(self) -> Plan:
        return load_plan(self._path, self._sources)

    @cached_property
    def _read(self) -> tuple[Register, CodeChanges]:
        if self._outcome is not None:
            return self._outcome.register, self._outcome.changes
        return register_of(self._plan, self._sources)

    @property
    def register(self) -> Register:
        """The organisations that it knows."""
        return self._read[0]

    @property
    def changes(self) -> CodeChanges:
        """The history of their codes."""
        return self._read[1]


def plan_at(path: Path) -> Path | None:
    """Return the plan that a path means, None where it means something else.

    Raises:
        InputError: the folder holds both a plan and outputs.
    """
    if is_standard_input(path.as_posix()):
        return None
    if path.suffix == ".toml":
        return path
    if is_folder(path) and is_file(path / PLAN_FILE):
        if (output := _output_in(path)) is not None:
            raise refuse(
                str(path),
                Text(
                    f"the folder holds a plan and outputs ({output.name}); which is meant?",
                    f"フォルダーに計画と出力({output.name})の両方があり、どちらか判りません",
                ),
                Text(
                    f"name {path / PLAN_FILE} or {output}",
                    f"{path / PLAN_FILE} か {output} を指定してください",
                ),
                code="ambiguous_folder",
            )
        return path
    bundled = CONFIGS / path
    return bundled if not exists(path) and is_file(bundled / PLAN_FILE) else None


def _output_in(folder: Path) -> Path | None:
    return next((folder / name for name in (ALLOCATION, WORKBOOK) if is_file(folder / name)), None)


def _file_of(path: Path) -> Path:
    """Return the file with the lists of what was named: itself, or an output folder's.

    Raises:
        InputError: there is nothing there, or nothing that has lists.
    """
    if is_standard_input(path.as_posix()):
        return path
    if not exists(path):
        raise refuse(str(path), Text("it is not there", "ありません"), _MEND, code="missing_file")
    if not is_folder(path):
        return path
    if (found := _output_in(path)) is not None:
        return found
    what = Text(
        f"the folder holds neither a plan ({PLAN_FILE}) nor outputs ({ALLOCATION})",
        f"フォルダーに計画({PLAN_FILE})も出力({ALLOCATION})もありません",
    )
    raise refuse(str(path), what, _MEND, code="nothing_to_compare")


def _changed_since(file: Path) -> tuple[Text, ...]:
    """Say where an output is not the one that the manifest beside it describes."""
    if not is_file(file.parent / MANIFEST):
        return ()
    problems: list[Problem] = []
    with suppress(OSError):
        problems = [each for each in verify(file.parent) if each.where == f"{file}"]
    return tuple(Text(f"{file}: {each.what.en}", f"{file}: {each.what.ja}") for each in problems)


def of_plan(path: Path, outcome: Outcome) -> Side:
    """Return a plan, computed, as a side."""
    found: list[Amounts] = []
    for each in outcome.programmes:
        programme, allocation = each.programme, each.allocation
        if allocation is None:
            reason = getattr(each.result, "reason", BASIS["not computed"])
            amounts: Mapping[str, int] | Text = Text(
                f"not computed: {reason.en}", f"未算定({reason.ja})"
            )
            names: Mapping[str, tuple[str, str]] = {}
        else:
            amounts = allocation.by_code
            payers = allocation.payers.select("code", "prefecture", "county", "municipality")
            names = {code: (a, f"{b}{c}") for code, a, b, c in payers.iter_rows()}
        found.append(Amounts(programme.id, programme.title, str(path), amounts, names))
    year = outcome.plan.fiscal_year
    words = Text(f"plan of FY{year}", f"{year.japanese}の計画")
    return Side(same(path.as_posix()), words, outcome.register, tuple(found), tuple(outcome.files))


def of_lists(path: Path, register: Register, sources: Sources) -> Side:
    """Return the lists of a file, or of an output folder, as a side.

    Raises:
        InputError: there is nothing, it can't be read, or a row's code is missing or stands twice.
    """
    file = _file_of(path)
    source = sources.open(file)
    lists = read_lists(source, register)
    files = [source.path]
    alone = len(lists) == 1 and not lists[0].programme
    if alone and (more := described(lists[0], sources)) is not None:
        lists = [more[0]]
        files.append(more[1].path)
    found: list[Amounts] = []
    problems: list[Problem] = []
    for each in lists:
        frame = completed(each)
        try:
            refuse_unclear(each, frame)
            if register.official:
                _refuse_incomplete(each, frame)
        except InputError as error:
            problems += error.problems
            continue
        rows = frame.select("code", "prefecture", "municipality", "amount").rows()
        amounts = {code: amount for code, _, _, amount in rows}
        names = {code: (prefecture, name) for code, prefecture, name, _ in rows}
        place = each.where(each.frame["line"][0])
        title = each.title or each.heading
        if each.fiscal_year is not None and title == each.fiscal_year.japanese:
            title = ""  # what a table without a title says of itself is only its year
        notes = tuple(_notes(each, amounts, register))
        found.append(Amounts(each.programme, title, place, amounts, names, each, notes))
    if problems:
        raise InputError(problems)
    years = dict.fromkeys(year for each in lists for year in _years(each))
    kind = Text("list", "一覧") if file == path else Text("outputs", "出力")
    words = joined([kind, *(Text(f"FY{year}", year.japanese) for year in years)])
    notes = () if file == path else _changed_since(file)
    is_named = not is_standard_input(path.as_posix())
    name = same(path.as_posix()) if is_named else source.label
    return Side(name, words, register, tuple(found), tuple(files), notes)


def _refuse_incomplete(published: PublishedList, frame: pl.DataFrame) -> None:
    """Refuse codes that lack digits and could not be completed: they may be anybody's.

    Raises:
        InputError: names them all.
    """
    incomplete = frame.filter(~pl.col("code").str.contains(_SIX))
    raise_all(
        [
            Problem(
                published.where(line),
                Text(
                    f"{code!r} is no code of six digits, and could be read in no single way",
                    f"{code!r} は6桁の団体コードではなく、どの団体か1つに決まりません",
                ),
                Text("write all six digits", "6桁の団体コードを書いてください"),
                code="not_a_code",
            )
            for code, line in incomplete.select("code", "line").iter_rows()
        ]
    )


def _years(published: PublishedList) -> list[FiscalYear]:
    if (year := published.fiscal_year) is not None:
        return [year]
    return [FiscalYear.parse(each) for each in years_in(published.title)]


def _notes(published: PublishedList, amounts: Mapping[str, int], register: Register) -> list[Text]:
    """Return what a reader of a list's amounts has to know."""
    found = [*published.remarks, *published.told_by_name]
    name = same(published.file.name)
    if published.source is not None:
        name = published.source.label
    added, declared = sum(amounts.values()), published.declared_total
    if declared is not None and declared != added:
        found.append(
            Text(
                f"{name.en} declares {group(declared)} yen, its rows add up to "
                f"{group(added)}; the rows count",
                f"{name.ja} の合計欄 {group(declared)} 円と各行の計 {group(added)} 円が"
                "異なる(各行による)",
            )
        )
    if strangers := sorted(code for code in amounts if code not in register.codes):
        codes = listed(strangers)
        found.append(
            Text(
                f"{name.en}: codes that the register doesn't know: {codes.en}",
                f"{name.ja}: 団体一覧にないコード: {codes.ja}",
            )
        )
    return found
