"""Measures: a number per organisation, with its date, from the bundled files or one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from allocator.domain.changes import Carried, CodeChanges
from allocator.domain.errors import Problem, refuse
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text, listed
from allocator.engine.exact import Ints
from allocator.files.source import Source, Sources
from allocator.plans.plan import MeasureSource, Plan
from allocator.plans.tables import MUNICIPALITIES
from allocator.sources.bundled import DATA, locate
from allocator.sources.measures.file import (
    POPULATION,
    Measure,
    Origin,
    read_measure,
    refuse_wrong_sums,
)
from allocator.sources.tables.faults import raise_all

_BUNDLED_NAME: Final = re.compile(r"resident_register_(\d{4}-\d{2}-\d{2})\.csv")


@dataclass(frozen=True)
class Aligned:
    """A measure's values beside the payers they were asked for, and what was carried over."""

    measure: Measure
    values: Ints
    carried: tuple[Carried, ...] = ()


@dataclass(frozen=True)
class _Entry:
    name: str
    as_of: date | None
    file: Path
    column: str
    origin: Origin

    def read(self, register: Register, sources: Sources) -> Measure:
        """Read the file."""
        label = (self.name, self.as_of, self.origin)
        return read_measure(sources.open(self.file), self.column, register, label)


@dataclass
class Measures:
    """Every measure that a plan can name, each file read at most once."""

    register: Register
    changes: CodeChanges
    day: date
    entries: list[_Entry]
    done: dict[tuple[str, date | None], Measure] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)

    def find(self, name: str, as_of: date | None, where: str) -> Measure:
        """Return the measure `name` of `as_of` (may be None where it has one date only).

        Raises:
            InputError: no such measure, or none of that date; names `where` and what there is.
        """
        if name == MUNICIPALITIES:
            return self._municipalities(as_of or self.day)
        dated = {entry.as_of: entry for entry in self.entries if entry.name == name}
        if not dated:
            known = sorted({entry.name for entry in self.entries} | {MUNICIPALITIES, "equal"})
            raise refuse(
                where,
                Text(f"no measure {name!r}", f"指標 {name!r} はありません"),
                Text(
                    f"use one of: {', '.join(known)}; or declare it in plan.toml by [[measure]]",
                    f"使える指標: {', '.join(known)}。ほかは plan.toml の [[measure]] で宣言",
                ),
                code="unknown_measure",
            )
        if as_of is None and len(dated) == 1:
            as_of = next(iter(dated))
        if as_of not in dated:
            raise refuse(where, *_no_such_date(name, as_of, list(dated)), code="unknown_date")
        key = (name, as_of)
        if key not in self.done:
            self.done[key] = dated[as_of].read(self.register, self.sources)
        return self.done[key]

    def align(self, measure: Measure, payers: pl.DataFrame, where: str) -> Aligned:
        """Return a measure's values for `payers`, in their order.

        Figures of codes that are no payers are carried over by the history of changes.

        Raises:
            InputError: a payer has no figure; names the payers.
        """
        known = payers.select("code").join(
            measure.frame.select("code", "value"), on="code", how="left", maintain_order="left"
        )["value"]
        if known.null_count() == 0 and len(measure.frame) == len(payers):
            return Aligned(measure, known.to_numpy())
        figures = dict(measure.frame.select("code", "value").iter_rows())
        over = self.changes.carry_over(figures, payers["code"].to_list())
        raise_all([_counted_twice(measure, way) for way in over.twice])
        values = over.values
        missing = [code for code, value in values.items() if value is None]
        if missing:
            named = payers.filter(pl.col("code").is_in(missing))
            names = [
                f"{code} {prefecture}{county}{municipality}"
                for code, prefecture, county, municipality, _ in named.iter_rows()
            ]
            who = listed(names)
            raise refuse(
                f"{measure.file or where}",
                Text(
                    f"{where}: the {measure.label.en} is missing for {who.en}",
                    f"{where}: {measure.label.ja} がありません: {who.ja}",
                ),
                Text("add the missing rows", "不足する行を加えてください"),
                code="missing_payers",
            )
        return Aligned(
            measure,
            np.array([value or 0 for value in values.values()], dtype=np.int64),
            over.carried,
        )

    def _municipalities(self, day: date) -> Measure:
        valid = self.register.valid_on(day)
        counts = (
            valid.filter(pl.col("kind") != PREFECTURE)
            .group_by("prefecture")
            .agg(pl.len().cast(pl.Int64).alias("value"))
        )
        frame = (
            valid.filter(pl.col("kind") == PREFECTURE)
            .select("code", "prefecture")
            .join(counts, on="prefecture", how="left", maintain_order="left")
            .select("code", pl.col("value").fill_null(0), pl.lit(0, pl.Int64).alias("line"))
        )
        return Measure(MUNICIPALITIES, day, frame, None, "register")


def measures_of(plan: Plan, register: Register, changes: CodeChanges, sources: Sources) -> Measures:
    """Return the measures that a plan can name: its own, and the bundled ones for Japan.

    Raises:
        InputError: a file that the plan names is not there, or two have one name and date.
    """
    entries = _bundled() if plan.table.organisations is None else []
    found: list[Problem] = []
    declared: set[tuple[str, date | None]] = set()
    for number, source in enumerate(plan.table.measure, start=1):
        where = f"{plan.files[0]}: measure[{number}].file"
        file = locate(source.file, plan.folder, sources)
        if file is None:
            found.append(
                Problem(
                    where,
                    Text(f"{source.file!r} is not there", f"{source.file!r} がありません"),
                    Text(
                        "put it beside the plan, or correct the name",
                        "計画の隣に置くか、ファイル名を直してください",
                    ),
                    code="missing_file",
                )
            )
            continue
        if (source.name, source.as_of) in declared:
            found.append(_declared_twice(f"{plan.files[0]}: measure[{number}]", source))
            continue
        declared.add((source.name, source.as_of))
        entry = _Entry(source.name, source.as_of, file, source.column or source.name, "plan")
        entries = [old for old in entries if (old.name, old.as_of) != (entry.name, entry.as_of)]
        entries.append(entry)
    raise_all(found)
    return Measures(register, changes, plan.table.payers_on, entries, sources=sources)


def with_population(measures: Measures, source: Source) -> tuple[Measures, Measure, bool]:
    """Add a population file of the user's own; tell whether it took another's place.

    It must have every organisation of the register, and prefectures that equal the sum of their
    municipalities.

    Raises:
        InputError: no date in its name, a missing or surplus organisation, a sum that is off.
    """
    measure = read_measure(source, POPULATION, measures.register, (POPULATION, None, "option"))
    as_of = measure.as_of
    entry = _Entry(POPULATION, as_of, source.path, POPULATION, "option")
    everyone = measures.register.payers("all", measures.day)
    aligned = measures.align(measure, everyone, "--population")
    refuse_wrong_sums(measure, everyone, aligned.values)
    replaced = any((old.name, old.as_of) == (POPULATION, as_of) for old in measures.entries)
    others = [old for old in measures.entries if (old.name, old.as_of) != (POPULATION, as_of)]
    extended = Measures(
        measures.register,
        measures.changes,
        measures.day,
        [*others, entry],
        {**measures.done, (POPULATION, as_of): measure},
        measures.sources,
    )
    return extended, measure, replaced


def _bundled() -> list[_Entry]:
    return [
        _Entry(POPULATION, date.fromisoformat(name[1]), file, POPULATION, "bundled")
        for file in sorted((DATA / "population").glob("*.csv"))
        if (name := _BUNDLED_NAME.fullmatch(file.name))
    ]


def _declared_twice(where: str, source: MeasureSource) -> Problem:
    day = f" {source.as_of}" if source.as_of else ""
    return Problem(
        where,
        Text(f"{source.name}{day} is declared twice", f"{source.name}{day} が2回あります"),
        Text("keep one of them", "どちらか一つだけにしてください"),
        code="duplicate",
    )


def _counted_twice(measure: Measure, way: Carried) -> Problem:
    return Problem(
        f"{measure.file}",
        Text(
            f"{way.code} became {way.to}, and both have a figure: one place would count twice",
            f"{way.code} は {way.to} に変わっており、両方に数値があると二重に数えることになります",
        ),
        Text("keep one of the two rows", "どちらか1行だけ残してください"),
        code="counted_twice",
    )


def _no_such_date(name: str, as_of: date | None, dates: list[date | None]) -> tuple[Text, Text]:
    there = ", ".join(sorted(str(day) for day in dates if day is not None))
    if not there:
        return (
            Text(f"{name} has no date", f"{name} に日付はありません"),
            Text(
                "leave as_of out, or give [[measure]] one",
                "as_of を削るか、[[measure]] に as_of を書いてください",
            ),
        )
    what = (
        Text(
            f"{name} has several dates; as_of is missing",
            f"{name} は複数の日付があり、as_of がありません",
        )
        if as_of is None
        else Text(f"no {name} of {as_of}", f"{as_of} 現在の {name} がありません")
    )
    return what, Text(
        f"dates there are: {there}; a file of your own: [[measure]] or --population",
        f"ある日付: {there}。独自のファイルは [[measure]] か --population で加えられます",
    )
