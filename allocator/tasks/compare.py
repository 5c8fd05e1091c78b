"""Two lists, plans or outputs compared, in the order of the work.

locate -> read lists or compute the plan -> pair the programmes -> join over code changes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from allocator.auditing.side_by_side import Compared, Comparison, ReadList, Row, join_sides
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.places import place_text
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.files.source import Sources
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import known, programme_of
from allocator.tasks.sides import Amounts, Lender, Side, of_lists, of_plan, plan_at


def compare(
    left: Path,
    right: Path,
    plan: Path | None = None,
    programme: str | None = None,
    sources: Sources | None = None,
) -> tuple[Comparison, tuple[Path, ...]]:
    """Compare two lists, plans or outputs; return what was found, and every file that was read.

    `plan` lends its register to lists and tells whose they are: by default the plan that is
    compared, else the newest bundled one.

    Raises:
        InputError: one of them is nothing that can be compared, a row is unclear, or there is
            nothing that can be paired.
    """
    sources = sources or Sources()
    meant = [(path, plan_at(path)) for path in (left, right)]
    wanted = dict.fromkeys(at for _, at in meant if at is not None)
    plans = {at: compute_plan(at, sources=sources) for at in wanted}
    lending = (
        plan_at(plan) or plan if plan is not None else next(iter(plans), None) or newest_plan()
    )
    lender = Lender(lending, sources, plans.get(lending))
    sides = [
        of_lists(path, lender.register, sources) if at is None else of_plan(path, plans[at])
        for path, at in meant
    ]
    return compare_sides(sides, lender, programme)


def compare_sides(
    sides: Sequence[Side], lender: Lender, programme: str | None = None
) -> tuple[Comparison, tuple[Path, ...]]:
    """Compare two sides that were read or computed already; see `compare`."""
    one, other = _told(sides, lender, programme)
    step(Text("comparing the amounts", "金額を比較中"))
    found = [_compared(each, one, other, lender) for each in _ids(one, other)]
    _refuse_nothing(found, one, other)
    notes = (*one.notes, *other.notes)
    read = (*_read("left", one), *_read("right", other))
    comparison = Comparison(one.name, other.name, one.words, other.words, tuple(found), notes, read)
    return comparison, (*one.files, *other.files)


def _read(side: Literal["left", "right"], of: Side) -> Iterator[ReadList]:
    """Yield how the lists of a side were read; a plan has none."""
    for each in of.programmes:
        if (published := each.published) is not None:
            taken, ledger = len(published.frame), published.left_out
            programme = each.programme or None
            yield ReadList(each.read_as, side, programme, taken, ledger, published.places)


# -- which programme goes with which ---------------------------------------------------------------


def _told(sides: Sequence[Side], lender: Lender, programme: str | None) -> tuple[Side, Side]:
    """Return both sides with their programmes named, and with none but `programme` if it is given.

    One list each need not be named: those two are compared.

    Raises:
        InputError: it can't be told whose a list is, two lists are of one programme, or a side has
            none of `programme`.
    """
    if programme is not None:
        one, other = (_only(side, programme) for side in sides)
    else:
        one, other = sides
        single = len(one.programmes) == len(other.programmes) == 1
        names = {each.programme for side in sides for each in side.programmes}
        if not single or "" not in names:
            one, other = (_named(side, lender) for side in sides)
        elif name := "".join(names):
            one, other = (_as(side, name) for side in sides)
    for side in (one, other):
        _refuse_twice(side)
    return one, other


def _only(side: Side, programme: str) -> Side:
    found = [each for each in side.programmes if each.programme == programme]
    if not found and len(side.programmes) == 1 and not side.programmes[0].programme:
        return _as(side, programme)
    if not found:
        names = ", ".join(each.programme or "?" for each in side.programmes)
        raise refuse(
            f"--programme {programme}",
            Text(
                f"{side.name.en} has nothing of it; it has: {names}",
                f"{side.name.ja} にその事業がありません(あるもの: {names})",
            ),
            Text(
                "name one of those, or leave the option out",
                "いずれかを指定するか、指定を外してください",
            ),
            code="no_such_list",
        )
    return replace(side, programmes=tuple(found))


def _as(side: Side, programme: str) -> Side:
    return replace(
        side, programmes=tuple(replace(each, programme=programme) for each in side.programmes)
    )


def _named(side: Side, lender: Lender) -> Side:
    """Return a side whose lists all say whose they are: by name, title, rows and amounts."""
    named: list[Amounts] = []
    problems: list[Problem] = []
    for each in side.programmes:
        if each.programme or each.published is None:
            # A table may name programmes in words, for which a plan has ids.
            in_words = each.published is not None and not each.programme.isascii()
            programme = lender.named_in(each.programme) if in_words else ""
            named.append(replace(each, programme=programme or each.programme))
            continue
        try:
            programme = programme_of(each.published, lender.outcome)
        except InputError as error:
            ids = ", ".join(one.id for one in lender.outcome.plan.programmes)
            mend = Text(
                f"say which one with --programme, one of: {ids}",
                f"--programme で指定してください(使える事業: {ids})",
            )
            problems += [replace(problem, mend=mend) for problem in error.problems]
            continue
        note = Text(
            f"{side.name.en}: taken for the list of {programme}, as its name, title or rows tell",
            f"{side.name.ja}: 名称・表題・行から {programme} の一覧と判断",
        )
        named.append(replace(each, programme=programme, notes=(note, *each.notes)))
    if problems:
        raise InputError(problems)
    return replace(side, programmes=tuple(named))


def _refuse_twice(side: Side) -> None:
    first: dict[str, Amounts] = {}
    problems: list[Problem] = []
    for each in side.programmes:
        other = first.setdefault(each.programme, each)
        if other is each:
            continue
        name = Text(each.programme or "?", each.programme or "?")
        places = place_text(other.place), place_text(each.place)
        what = Text(
            f"two lists of {name.en}: {places[0].en} and {places[1].en}",
            f"{name.ja} の一覧が2つあります: {places[0].ja} と {places[1].ja}",
        )
        mend = Text(
            "give a file that has one of them, or pick another with --programme",
            "一方だけのファイルにするか、--programme で他の事業を指定してください",
        )
        problems.append(Problem(side.name.en, what, mend, code="several_lists"))
    if problems:
        raise InputError(problems)


def _ids(one: Side, other: Side) -> list[str]:
    """Return the programmes of both sides, in the order of the right side, then of the left."""
    return list(dict.fromkeys(each.programme for side in (other, one) for each in side.programmes))


def _refuse_nothing(found: Sequence[Compared], one: Side, other: Side) -> None:
    if any(each.left_total is not None and each.right_total is not None for each in found):
        return
    names = [", ".join(each.programme or "?" for each in side.programmes) for side in (one, other)]
    raise refuse(
        f"{one.name.en}, {other.name.en}",
        Text(
            f"no programme has amounts on both sides: {names[0]} against {names[1]}",
            f"両方に金額のある事業がありません: {names[0]} と {names[1]}",
        ),
        Text(
            "give two that have a programme in common, or name it with --programme",
            "共通の事業があるものを指定するか、--programme で事業を指定してください",
        ),
        code="nothing_in_common",
    )


# -- the amounts of one programme ------------------------------------------------------------------


def _compared(programme: str, one: Side, other: Side, lender: Lender) -> Compared:
    left, right = (_of(side, programme) for side in (one, other))
    notes: list[Text] = []
    amounts: list[Mapping[str, int]] = []
    totals: list[int | None] = []
    for each, side in ((left, one), (right, other)):
        found = each.amounts if each is not None else _missing(side)
        if isinstance(found, Text):
            notes.append(found)
        notes += each.notes if each is not None else ()
        amounts.append({} if isinstance(found, Text) else found)
        totals.append(None if isinstance(found, Text) else sum(found.values()))
    places = [each.place if each is not None else "" for each in (left, right)]
    joined = join_sides(amounts[0], amounts[1], lender.changes, (places[0], places[1]))
    title = next((each.title for each in (right, left) if each is not None and each.title), "")
    return Compared(
        programme or None,
        title,
        tuple(_rows(joined.amounts, (left, right), (one.register, other.register))),
        totals[0],
        totals[1],
        (*dict.fromkeys(notes), *joined.notes),
    )


def _of(side: Side, programme: str) -> Amounts | None:
    return next((each for each in side.programmes if each.programme == programme), None)


def _missing(side: Side) -> Text:
    return Text(f"not in {side.name.en}", f"{side.name.ja} になし")


def _rows(
    amounts: Mapping[str, tuple[int | None, int | None]],
    sides: tuple[Amounts | None, Amounts | None],
    registers: tuple[Register, Register],
) -> list[Row]:
    """Return the rows with the names of the registers, else those that stand in the lists."""
    names = known(amounts, *registers)
    rows = []
    for code, (left, right) in amounts.items():
        prefecture = names[code].prefecture
        municipality = f"{names[code].county}{names[code].municipality}"
        for each in reversed(sides):
            if not prefecture and not municipality and each is not None:
                prefecture, municipality = each.names.get(code, ("", ""))
        rows.append(Row(code, prefecture or "", municipality or "", left, right))
    return rows
