"""plan.toml, and the plan that it makes with its programmes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, StrictInt, StrictStr, model_validator

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.files.source import Source
from allocator.plans.faults import fault
from allocator.plans.programme import Programme
from allocator.plans.tables import EQUAL, MUNICIPALITIES, Table
from allocator.plans.values import Date, Id, Paths

_FISCAL_YEARS: Final = range(1950, 2201)


class MeasureSource(Table):
    """A measure of the plan's own: a number per organisation, with its date."""

    name: Id
    as_of: Date | None = None
    file: StrictStr
    column: StrictStr | None = None

    @model_validator(mode="after")
    def _name_is_free(self) -> Self:
        if self.name in (EQUAL, MUNICIPALITIES):
            raise fault(
                Text(
                    f"the name {self.name} is taken: it is known without a file",
                    f"{self.name} は予約された名前です(ファイルなしで使えます)",
                ),
                Text("choose another name", "別の名前にしてください"),
                "name_taken",
            )
        return self


_OURS: Final = "statement"
"""Not of a programme: the workbook has a cell `statement_total`."""

_PART: Final = re.compile(r"(.+)_part_[0-9]+")
"""What a part of a programme is called in workbooks."""


def _at_least_one(programmes: tuple[str, ...]) -> tuple[str, ...]:
    if not programmes:
        raise fault(
            Text("the plan has no programme", "計画に事業がありません"),
            Text("name at least one", "1つ以上書いてください"),
            "missing_programme",
        )
    return programmes


class PlanTable(Table):
    """plan.toml: which programmes make up the plan of a fiscal year, and who pays."""

    fiscal_year: StrictInt
    programmes: Annotated[tuple[Id, ...], AfterValidator(_at_least_one)]
    payers_as_of: Date | None = None
    organisations: StrictStr | None = None
    codes: Literal["official", "text"] = "official"
    previous: Paths = ()
    measure: tuple[MeasureSource, ...] = ()

    @property
    def payers_on(self) -> dt.date:
        """The day that decides who pays: as given, else 1 April of the fiscal year."""
        return self.payers_as_of or FiscalYear(self.fiscal_year).first_day

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.fiscal_year not in _FISCAL_YEARS:
            raise fault(
                Text(
                    f"{self.fiscal_year} is no fiscal year",
                    f"{self.fiscal_year} は年度ではありません",
                ),
                Text("write four digits, such as 2023", "2023 のように4桁で書いてください"),
                "not_a_year",
            )
        if len(set(self.programmes)) != len(self.programmes):
            raise fault(
                Text("a programme is named twice", "同じ事業が2回あります"),
                Text("name each programme once", "1回だけにしてください"),
                "given_twice",
            )
        names = set(self.programmes)
        for one in self.programmes:
            part = _PART.fullmatch(one)
            if part is not None and part[1] in names:
                raise fault(
                    Text(
                        f"the id {one} is what a part of another programme is called",
                        f"id {one} は別の事業の部分を指す名前です",
                    ),
                    Text("choose another id", "別の id にしてください"),
                )
        if _OURS in names:
            raise fault(
                Text(
                    f"the id {_OURS} is what a sheet of the workbook is called",
                    f"id {_OURS} はブックのシートを指す名前です",
                ),
                Text("choose another id", "別の id にしてください"),
            )
        if self.codes == "text" and self.organisations is None:
            raise fault(
                Text(
                    'codes = "text" needs a register of your own',
                    'codes = "text" には独自の団体一覧が要ります',
                ),
                Text('add organisations = "…csv"', 'organisations = "…csv" を加えてください'),
                "missing_key",
            )
        return self


@dataclass(frozen=True)
class Plan:
    """The programmes of one fiscal year, validated, in the plan's order.

    `files` are the TOML files it was read from, plan.toml first, and `sources` what they held.
    """

    table: PlanTable
    programmes: tuple[Programme, ...]
    folder: Path
    files: tuple[Path, ...]
    sources: tuple[Source, ...] = ()

    @property
    def fiscal_year(self) -> FiscalYear:
        """The year that the plan is for."""
        return FiscalYear(self.table.fiscal_year)

    def programme(self, identifier: str, where: str) -> Programme:
        """Return a programme by its id or its short name.

        Raises:
            InputError: there is none; it names `where` and the ids there are.
        """
        for programme in self.programmes:
            if identifier in (programme.id, programme.short or programme.id):
                return programme
        known = ", ".join(programme.id for programme in self.programmes)
        raise InputError(
            Problem(
                where,
                Text(f"no programme {identifier!r}", f"事業 {identifier!r} はありません"),
                Text(f"use one of: {known}", f"使える事業: {known}"),
                code="unknown_programme",
            )
        )
