"""What a plan is compared with: an earlier plan, computed anew, or lists as published.

locate -> read lists or compute the plan -> whose amounts -> join over code changes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from allocator.auditing.choose import choose_programme
from allocator.auditing.titles import programmes_in, years_in
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Organisation, Register, organisations
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group
from allocator.files.paths import is_file, is_folder, resolved
from allocator.files.source import Source, Sources
from allocator.files.toml import read_toml
from allocator.plans.load import PLAN_FILE
from allocator.plans.programme import Programme
from allocator.results.earlier import Earlier, Lost, Origin, Previous, join
from allocator.results.outcome import NotComputed, Outcome
from allocator.sources.bundled import CONFIGS, DATA, locate, shown
from allocator.sources.lists.anywhere import read_lists
from allocator.sources.lists.table import PublishedList, amounts_by_code
from allocator.sources.register import CHANGES_FILE
from allocator.tasks.circles import refuse_circles
from allocator.tasks.compute import compute_plan
from allocator.words.parts import shares_by_basis

_DESCRIPTION: Final = "lists.toml"
"""Beside lists taken from papers: what the papers say of each (see `data/published/2023`)."""


@dataclass(frozen=True)
class _Source:
    """One thing named: as it is named, where it lies, the programme that it is to stand for."""

    where: str
    path: Path
    only: str | None


@dataclass(frozen=True)
class _Found:
    """Earlier amounts of one programme as they came, or why there are none."""

    programme: str
    title: str
    place: str
    origin: Origin
    amounts: dict[str, int] | Text
    register: Register
    notes: tuple[Text, ...] = ()
    read: tuple[Text, ...] = ()
    """What was read otherwise than it is printed."""


def with_previous(
    outcome: Outcome, given: Sequence[str] = (), sources: Sources | None = None
) -> Outcome:
    """Return an outcome with what it is compared with: what the call gives, else its plan's own.

    Each name is that of an earlier plan (folder or plan.toml) or of a file with lists; `ID=` in
    front of it says for which programme it stands. Without any the outcome stays as it is. Files
    that `sources` of this run hold already are not opened again.

    Raises:
        InputError: a name leads nowhere, a plan or a list is wrong, it is not plain which programme
            a list is of, or a programme has two earlier amounts.
    """
    names = given or outcome.plan.table.previous
    if not names:
        return outcome
    sources = sources or Sources(outcome.files.values())
    if not given:
        refuse_circles(outcome.plan, sources)
    problems: list[Problem] = []
    found: list[_Found] = []
    files: dict[Path, Source] = {}
    folders: list[Path] = []
    for name in names:
        try:
            source = _source(name, outcome, sources, is_option=bool(given))
            if is_folder(source.path) or source.path.suffix == ".toml":
                earlier = compute_plan(source.path, sources=sources)
                found += _of_plan(earlier, source)
                folders.append(earlier.plan.folder)
                files |= earlier.files
            else:
                lists, used = _of_lists(source, outcome, sources)
                found += lists
                files |= {each.path: each for each in used}
        except InputError as error:
            problems += error.problems
    problems += _twice(found, "--previous" if given else f"{outcome.plan.files[0]}: previous")
    if problems:
        raise InputError(problems)
    previous = _previous(outcome, found, files, sources)
    notes = dict.fromkeys(outcome.notes)
    for each in found:
        notes |= dict.fromkeys(_prefixed(note, each.place) for note in each.read)
    return replace(outcome, previous=replace(previous, folders=tuple(folders)), notes=tuple(notes))


def _prefixed(note: Text, place: str) -> Text:
    name = Path(place).name
    return Text(f"{name}: {note.en}", f"{name}: {note.ja}")


def against(outcome: Outcome, earlier: Outcome) -> Outcome:
    """Return an outcome with a plan that is computed already as what it is compared with.

    Raises:
        InputError: a place has an amount under its old code and under its new one.
    """
    source = _Source("", earlier.plan.folder, None)
    found = list(_of_plan(earlier, source))
    previous = _previous(outcome, found, dict(earlier.files), Sources(earlier.files.values()))
    return replace(outcome, previous=replace(previous, folders=(earlier.plan.folder,)))


def _previous(
    outcome: Outcome, found: Sequence[_Found], files: dict[Path, Source], sources: Sources
) -> Previous:
    """Join what was found with the payers of today, programme by programme."""
    earlier = {each.programme: each for each in found}
    planned = {programme.id for programme in outcome.plan.programmes}
    programmes: list[Earlier] = []
    without: dict[str, Text] = {}
    for each in outcome.programmes:
        identifier, before = each.programme.id, earlier.get(each.programme.id)
        if each.allocation is None:
            without[identifier] = Text("not computed", "今年度が未算定")
        elif before is None:
            without[identifier] = Text("not among the earlier ones", "前年度の資料にない")
        elif isinstance(before.amounts, Text):
            without[identifier] = before.amounts
        else:
            payers = each.allocation.payers["code"].to_list()
            joined = _joined(outcome, before, before.amounts, payers)
            programmes.append(joined)
            if outcome.changes.rows and joined.amounts.keys() != before.amounts.keys():
                files[CHANGES_FILE] = sources.open(CHANGES_FILE)
    others = (each.title for each in found if each.programme not in planned)
    return Previous(tuple(programmes), without, tuple(others), files)


def _joined(
    outcome: Outcome, found: _Found, amounts: dict[str, int], payers: Iterable[str]
) -> Earlier:
    joined = join(amounts, payers, outcome.changes, found.place)
    whose = known(joined.lost, found.register, outcome.register)
    lost = tuple(
        Lost(whose[code], amounts[code], way.way == "split") for code, way in joined.lost.items()
    )
    notes = (*found.notes, *(way.text for way in joined.carried))
    return Earlier(
        found.programme, found.origin, sum(amounts.values()), joined.amounts, lost, notes
    )


def known(codes: Iterable[str], *registers: Register) -> dict[str, Organisation]:
    """Return what codes stood for last, in the last register that knows them."""
    wanted = list(codes)
    found = {code: Organisation(code, "", "", "", "") for code in wanted}
    for register in registers if wanted else ():
        rows = register.frame.filter(pl.col("code").is_in(wanted))
        found |= {each.code: each for each in organisations(rows)}
    return found


# -- from a plan -----------------------------------------------------------------------------------


def _of_plan(earlier: Outcome, source: _Source) -> Iterator[_Found]:
    if source.only is not None:
        earlier.plan.programme(source.only, source.where)
    folder = resolved(earlier.plan.folder)
    name = shown(folder) if folder.is_relative_to(CONFIGS) else folder.name
    for each in earlier.programmes:
        if source.only not in (None, each.programme.id):
            continue
        shares = shares_by_basis(each) if each.parts else {}
        origin = Origin(name, earlier.plan.fiscal_year, each.programme.basis, shares=shares)
        result = each.result
        amounts = (
            Text(
                f"not computed in the earlier plan: {result.reason.en}",
                f"前年度の計画で未算定({result.reason.ja})",
            )
            if isinstance(result, NotComputed)
            else dict(result.by_code)
        )
        programme = each.programme
        yield _Found(
            programme.id, programme.title, str(source.path), origin, amounts, earlier.register
        )


# -- from lists ------------------------------------------------------------------------------------


def _of_lists(
    source: _Source, outcome: Outcome, sources: Sources
) -> tuple[list[_Found], list[Source]]:
    read = sources.open(source.path)
    lists = read_lists(read, outcome.register)
    files = [read]
    alone = len(lists) == 1 and not lists[0].programme
    if alone and (more := described(lists[0], sources)) is not None:
        lists = [more[0]]
        files.append(more[1])
    if source.only is not None and len(lists) > 1:
        lists = [each for each in lists if each.programme == source.only]
        if not lists:
            raise refuse(
                source.where,
                Text(
                    f"the document has no list of {source.only}",
                    f"この文書に {source.only} の一覧はありません",
                ),
                Text("name another file", "別のファイルを指定してください"),
                code="no_such_list",
            )
    found = []
    for published in lists:
        amounts = amounts_by_code(published, outcome.register)
        programme = source.only or programme_of(published, outcome)
        year, notes = _year_of(published, sum(amounts.values()))
        said = (*published.remarks, *published.told_by_name)
        path = published.file
        name = shown(path) if resolved(path).is_relative_to(DATA) else read.name
        title = published.title or published.heading
        origin = Origin(name, year, title=title)
        place = str(path)
        register = outcome.register
        found.append(
            _Found(programme, title or programme, place, origin, amounts, register, notes, said)
        )
    return found, files


def described(published: PublishedList, sources: Sources) -> tuple[PublishedList, Source] | None:
    """Return a list with what the description beside it says of it, and that, if there is one."""
    file = published.file.parent / _DESCRIPTION
    content = read_toml(file, sources)
    if isinstance(content, Problem):
        return None  # None there, or not one of ours: the list still speaks for itself.
    try:
        entries = content["list"]
        (entry,) = [each for each in entries if each["file"] == published.file.name]
        return (
            replace(
                published,
                programme=str(entry["programme"]),
                heading=str(entry["heading"]),
                title=str(entry["title"]),
            ),
            sources.open(file),
        )
    except (ValueError, KeyError, TypeError):
        return None  # Not one of ours, or it says nothing of this list.


def programme_of(published: PublishedList, outcome: Outcome) -> str:
    """Return whose amounts a list holds: what it says itself, else its file's name, else its rows.

    A document may hold lists of programmes that the plan hasn't.
    """
    plan, register = outcome.plan, outcome.register
    names = {programme.id: programme.name for programme in plan.programmes}
    if published.programme:
        return published.programme
    if published.file.stem in names and not programmes_in(published.title, names):
        return published.file.stem
    computed = {each.programme.id: each.allocation for each in outcome.programmes}

    def payers(programme: Programme) -> frozenset[str]:
        return frozenset(register.payers(programme.payers, plan.table.payers_on)["code"].to_list())

    def amounts(programme: Programme) -> dict[str, int] | None:
        allocation = computed.get(programme.id)
        return None if allocation is None else dict(allocation.by_code)

    try:
        return choose_programme(published, plan, payers, amounts).id
    except InputError as error:
        mend = Text(
            f"say which one, as in {next(iter(names))}={published.file.name}; "
            f"it is one of: {', '.join(names)}",
            f"{next(iter(names))}={published.file.name} のように事業を指定してください"
            f"(使える事業: {', '.join(names)})",
        )
        raise InputError([replace(each, mend=mend) for each in error.problems]) from None


def _year_of(published: PublishedList, added: int) -> tuple[FiscalYear | None, tuple[Text, ...]]:
    """Return the year that a list is for, and where it contradicts itself."""
    notes: list[Text] = []
    of_heading, of_title = (
        [FiscalYear.parse(year) for year in years_in(text)]
        for text in (published.heading, published.title)
    )
    years = of_heading or of_title
    year = published.fiscal_year or (years[0] if len(set(years)) == 1 else None)
    if year is not None and (other := [each for each in of_title if each != year]):
        notes.append(
            Text(
                f"the list's title says FY{other[0]}, the heading of the paper FY{year}",
                f"一覧の表題は{other[0].japanese}、資料の見出しは{year.japanese}",
            )
        )
    declared = published.declared_total
    if declared is not None and declared != added:
        notes.append(
            Text(
                f"the list declares {group(declared)} yen, its rows add up to {group(added)}",
                f"一覧の総額 {group(declared)} 円と各行の計 {group(added)} 円が異なる",
            )
        )
    return year, tuple(notes)


# -- names -----------------------------------------------------------------------------------------


def _source(name: str, outcome: Outcome, sources: Sources, *, is_option: bool) -> _Source:
    """Find what a name means: beside the plan (of a call: here), else bundled data or plans."""
    plan = outcome.plan
    where = f"--previous {name}" if is_option else f"{plan.files[0]}: previous {name!r}"
    identifier, equals, rest = name.partition("=")
    ids = {name: each.id for each in plan.programmes for name in (each.short, each.id)}
    only = ids.get(identifier) if equals and identifier else None
    wanted = rest if only else name
    bundled_plan = CONFIGS / wanted
    beside = Path() if is_option else plan.folder
    path = locate(wanted, beside, sources) if wanted else None
    if path is None and wanted and is_file(bundled_plan / PLAN_FILE):
        path = bundled_plan
    mend = Text(
        "name an earlier plan (its folder or plan.toml; a bundled one by its year) or a published "
        "list",
        "前年度の計画(フォルダーか plan.toml。同梱の計画は年度)か、公表一覧を指定してください",
    )
    if path is None:
        raise refuse(
            where,
            Text(f"{wanted!r} is not there", f"{wanted!r} がありません"),
            mend,
            code="missing_file",
        )
    if is_folder(path) and not is_file(path / PLAN_FILE):
        raise refuse(
            where,
            Text(
                f"the folder is no plan: it has no {PLAN_FILE}",
                f"フォルダーに {PLAN_FILE} がなく、計画ではありません",
            ),
            mend,
            code="not_a_plan",
        )
    return _Source(where, path, only)


def _twice(found: Sequence[_Found], where: str) -> Iterator[Problem]:
    first: dict[str, _Found] = {}
    for each in found:
        other = first.setdefault(each.programme, each)
        if other is not each:
            yield Problem(
                where,
                Text(
                    f"two earlier amounts for {each.programme}: {other.place} and {each.place}",
                    f"{each.programme} の前年度の額が2つあります: {other.place} と {each.place}",
                ),
                Text(
                    "leave one out, or say what each stands for: ID=PATH",
                    "どちらかを外すか、ID=PATH の形で事業を指定してください",
                ),
                code="given_twice",
            )
