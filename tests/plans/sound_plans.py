"""Plans drawn from all of the plan language, most of them sound, in an invented country.

A plan is drawn as tables and files, as its TOML would have them: what the tables leave unsaid, the
checks of the program decide. `written` puts it into a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeAlias, get_args

import tomlkit
from hypothesis import strategies as st

from allocator.engine.rule import BOUNDABLE, EACH_ALONE, Ties
from allocator.engine.split import methods

Table: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

MEASURES: Final = ("staff", "lines")
UNITS: Final = (1, 7, 100, 1_000)
WHOLE: Final = 7_000
"""A multiple of every unit: what is fixed leaves whole units to be split."""

_GROUPS: Final = ("all", "prefectures", "municipalities")
_NAMES: Final = st.sampled_from(
    ["負担金", "Roads & <bridges>", '"水道"の{total}', "=1+1", "a|b [c](d)", "１号", "x" * 200]
)
_FIGURES: Final = st.one_of(
    st.integers(0, 9), st.integers(1, 5_000), st.integers(1, 20_000_000), st.just(10**12)
)
_YEN: Final = st.one_of(st.integers(0, 50), st.integers(0, 10**7), st.integers(0, 10**11))


@dataclass(frozen=True)
class DrawnPlan:
    """A plan and its files: `tables` by the name of their TOML file, `files` by their name."""

    tables: dict[str, Table]
    files: dict[str, str]
    codes: tuple[str, ...]

    def written(self, folder: Path) -> Path:
        """Write the plan into a folder, which is made."""
        folder.mkdir(parents=True)
        for name, table in self.tables.items():
            (folder / f"{name}.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder


@dataclass(frozen=True)
class _Country:
    """Who pays, and the measures of each."""

    kinds: dict[str, str]
    measures: dict[str, dict[str, int]]

    def payers(self, group: str) -> list[str]:
        if group == "all":
            return list(self.kinds)
        wanted = group == "prefectures"
        return [code for code, kind in self.kinds.items() if (kind == "prefecture") == wanted]


@st.composite
def sound_plans(draw: st.DrawFn) -> DrawnPlan:
    """Draw a plan of one to three programmes, and all that it names."""
    country = draw(_countries())
    ids = draw(
        st.lists(st.sampled_from("roads wells n2 a_b".split()), min_size=1, max_size=3, unique=True)
    )
    files = _register(country) | {
        f"{name}.csv": _listed(name, figures) for name, figures in country.measures.items()
    }
    tables = {name: draw(_programmes(name, country, files)) for name in ids}
    plan: Table = {
        "fiscal_year": draw(st.integers(1990, 2090)),
        "programmes": ids,
        "organisations": "organisations.csv",
        "codes": "text",
        "measure": [_measure(name, draw) for name in MEASURES],
    }
    if draw(st.booleans()):
        named = draw(st.sampled_from(ids))
        files["last.csv"] = _amounts(country.payers(tables[named]["payers"]), draw)
        plan["previous"] = f"{named}=last.csv"
    return DrawnPlan({"plan": plan, **tables}, files, tuple(country.kinds))


@st.composite
def _countries(draw: st.DrawFn) -> _Country:
    """Draw up to three prefectures, with none to four municipalities each."""
    kinds: dict[str, str] = {}
    for prefecture in "ABC"[: draw(st.integers(1, 3))]:
        kinds[prefecture] = "prefecture"
        for number in range(draw(st.integers(0, 4))):
            kinds[f"{prefecture}{number}"] = draw(st.sampled_from(["city", "town", "village"]))
    measures = {name: {code: draw(_FIGURES) for code in kinds} for name in MEASURES}
    return _Country(kinds, measures)


def _register(country: _Country) -> dict[str, str]:
    lines = ["code,prefecture,municipality,kind"]
    for code, kind in country.kinds.items():
        name = "" if kind == "prefecture" else f"{code}町"
        lines.append(f"{code},{code[0]}国,{name},{kind}")
    return {"organisations.csv": "\n".join(lines)}


def _measure(name: str, draw: st.DrawFn) -> Table:
    table = {"name": name, "file": f"{name}.csv"}
    return table | ({"as_of": draw(st.dates())} if draw(st.booleans()) else {})


def _listed(column: str, figures: dict[str, int]) -> str:
    return "\n".join([f"code,{column}", *(f"{code},{figure}" for code, figure in figures.items())])


def _amounts(codes: Sequence[str], draw: Draw) -> str:
    return _listed("amount", {code: draw(st.integers(0, 10**9)) for code in codes})


@st.composite
def _programmes(draw: st.DrawFn, name: str, country: _Country, files: dict[str, str]) -> Table:
    group = draw(st.sampled_from([each for each in _GROUPS if country.payers(each)]))
    table: Table = {"id": name, "payers": group}
    for key in ("name", "source", "legal_basis", "note"):
        if draw(st.booleans()):
            table[key] = draw(_NAMES)
    if draw(st.booleans()):
        table["short"] = f"{name}の略"
    payers = country.payers(group)
    draws = _Rules(draw, country, files, name)
    if draw(st.integers(0, 3)) == 0:
        table |= draws.parts(payers, group)
    else:
        table |= draws.rule(payers, group)
    if draw(st.integers(0, 3)) == 0 and table.get("basis") != "carried_forward":
        key = draw(st.sampled_from(["published", "inferred_from"]))
        files[f"{name}_list.csv"] = _amounts(payers, draw)
        table[key] = f"{name}_list.csv"
    if group == "prefectures" and draw(st.booleans()):
        unit = draw(st.sampled_from([1, 10, 1000]))
        table["breakdown"] = {"by": draw(st.sampled_from(MEASURES)), "unit": unit}
    return table


@dataclass(frozen=True)
class _Rules:
    """Draws rules; the lists that they name are added to `files`."""

    draw: Draw
    country: _Country
    files: dict[str, str]
    name: str

    def rule(self, payers: Sequence[str], group: str) -> Table:
        """Draw one rule with its basis, its total and its adjustments."""
        kind = self.draw(st.sampled_from(["share", "share", "unit_amount", "carried_forward"]))
        if kind == "unit_amount":
            return self.unit_amount(payers, group)
        rounding = self.rounding()
        table: Table = {"total": self.total(rounding), "rounding": rounding}
        if kind == "share":
            table |= self.basis() | {"share": self.shares(group)}
        else:
            table |= {"basis": "carried_forward", "carried_forward": self.carried(payers)}
        adjustments = self.adjustments(payers, rounding["method"], table["total"])
        return table | ({"adjustment": adjustments} if adjustments else {})

    def basis(self) -> Table:
        if self.draw(st.integers(0, 3)):
            return {"basis": "rule"}
        return {"basis": "estimated", "stated_error": self.draw(_NAMES)}

    def rounding(self) -> Table:
        unit = self.draw(st.sampled_from(UNITS))
        method = self.draw(st.sampled_from(methods()))
        table: Table = {"unit": unit, "method": method}
        if self.draw(st.booleans()):
            table["ties"] = self.draw(st.sampled_from([t for t in get_args(Ties) if t != "error"]))
        if method not in EACH_ALONE and self.draw(st.booleans()):
            table["rest"] = self.draw(st.sampled_from(["largest", "first"]))
        return table

    def total(self, rounding: Table) -> int:
        total: int = self.draw(_YEN)
        odd = "rest" in rounding or rounding["method"] in EACH_ALONE
        return total if odd else total * rounding["unit"]

    def shares(self, group: str) -> list[Table]:
        """Draw shares whose weights add up to 1; only prefectures have municipalities."""
        raw = self.draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
        ways = ["equal", "staff", "lines", "staff", "lines"]
        ways += ["municipalities"] if group == "prefectures" else []
        return [
            {"weight": str(Fraction(each, sum(raw))), "by": self.draw(st.sampled_from(ways))}
            for each in raw
        ]

    def carried(self, payers: Sequence[str]) -> Table:
        file = f"{self.name}_{len(self.files)}.csv"
        self.files[file] = _amounts(payers, self.draw)
        if self.draw(st.booleans()):
            return {"list": file}
        return {"list": file, "derived_from": f"printed_{file}"}

    def unit_amount(self, payers: Sequence[str], group: str) -> Table:
        groups = ["prefectures", "municipalities"] if group == "all" else [group]
        by = self.draw(st.sampled_from(MEASURES))
        table: Table = self.basis()
        table["unit_amount"] = {"by": by} | {each: self.bands() for each in groups}
        adjustments = self.adjustments(payers, "largest_remainder", 10**6)
        if adjustments and self.draw(st.booleans()):
            adjustments[0]["keep_total"] = True
            table["rounding"] = {"unit": self.draw(st.sampled_from([1, 100]))}
            table["rounding"] |= {"method": "largest_remainder", "rest": "largest"}
        return table | ({"adjustment": adjustments} if adjustments else {})

    def bands(self) -> list[Table]:
        starts = self.draw(st.sets(st.integers(1, 10**6), max_size=3))
        return [{"from": start, "amount": self.draw(_YEN)} for start in sorted({0, *starts})]

    def adjustments(self, payers: Sequence[str], method: str, total: int) -> list[Table]:
        """Draw none to three, over different payers."""
        left = list(payers)
        found: list[Table] = []
        ways = ["exempt", "fixed"] + (["bounds", "against"] if method in BOUNDABLE else [])
        for way in self.draw(st.lists(st.sampled_from(ways), max_size=2)):
            table: Table = {"reason": self.draw(_NAMES)}
            if way in ("exempt", "fixed"):
                if len(left) < 2:
                    continue
                table[way] = [left.pop(self.draw(st.integers(0, len(left) - 1)))]
                if way == "fixed":
                    most = total // (2 * len(payers) * WHOLE)
                    table["amount"] = self.draw(st.integers(0, most)) * WHOLE
            elif way == "bounds":
                key = self.draw(st.sampled_from(["minimum", "maximum"]))
                equal = total // len(payers)
                range_ = (0, equal) if key == "minimum" else (equal, 2 * total)
                table[key] = self.draw(st.integers(*range_))
                if self.draw(st.booleans()):
                    table["codes"] = [self.draw(st.sampled_from(payers))]
            else:
                key = self.draw(st.sampled_from(["max_increase", "max_decrease"]))
                table |= {key: self.draw(st.sampled_from(["1/10", "0.9", "1"]))}
                table["previous"] = f"{self.name}_{len(self.files)}.csv"
                self.files[table["previous"]] = _amounts(payers, self.draw)
            found.append(table)
        return found

    def parts(self, payers: Sequence[str], group: str) -> Table:
        """Draw a sum of one to three parts; one may take the rest."""
        parts = []
        for number in range(self.draw(st.integers(1, 3))):
            part: Table = {"name": f"{self.draw(_NAMES)}{number}"}
            own, own_group = list(payers), group
            limit = self.draw(st.sampled_from(["none", "none", "codes", "payers"]))
            if limit == "codes":
                own = sorted(self.draw(st.sets(st.sampled_from(payers), min_size=1)))
                part["codes"] = own
            elif limit == "payers" and group == "all":
                own_group = self.draw(st.sampled_from(_GROUPS[1:]))
                own = self.country.payers(own_group)
                part["payers"] = own_group
            if limit != "codes" or own_group != "all":
                part |= self.rule(own, own_group)
            else:
                rounding = self.rounding()
                part |= self.basis() | {"share": self.shares(own_group), "rounding": rounding}
                part["total"] = self.total(rounding)
            part.pop("stated_error", None)
            parts.append(part)
        split = [part for part in parts if "total" in part]
        given = sum(part["total"] for part in split)
        follows = len(split) < len(parts)
        if split and self.draw(st.booleans()):
            taking = self.draw(st.sampled_from(split))
            taking["total"] = "rest"
            if "rest" not in taking["rounding"]:
                taking["rounding"]["unit"] = 1
            return {"total": given * 10 + self.draw(_YEN), "part": parts}
        return {"part": parts} | ({} if follows or self.draw(st.booleans()) else {"total": given})
