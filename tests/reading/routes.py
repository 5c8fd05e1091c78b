"""Every route by which a table or a list comes in, driven through the command line.

A route takes a file and tells what was read from it, as the outputs show it, or why it was refused.
Where a command shows amounts only indirectly, the plan is made so that they come out.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineWorkbook

from tests.cli.calls import Ended, call_inside
from tests.reading.known import Amounts, organisations, prefecture_of, today

DAY: Final = "2022-01-01"


@dataclass(frozen=True)
class Read:
    """What a route made of a file.

    `amounts` is what was read, as far as the route shows it; `count` and `total` where it shows no
    more than those. `said` is all that it says for people: errors, findings, notes. `errors` are
    the findings that aren't warnings; `ledgers` those of `--json`, one for each list.
    """

    status: int
    amounts: Amounts | None
    said: str
    count: int | None = None
    total: int | None = None
    errors: tuple[dict[str, Any], ...] = ()
    ledgers: tuple[dict[str, Any], ...] = ()
    left_out: tuple[dict[str, str], ...] = ()

    @property
    def is_refused(self) -> bool:
        """Tell whether the input was refused."""
        return self.status == 2


@dataclass(frozen=True)
class Question:
    """A file and what it has to give: the truth also says whose register a plan has.

    `also` are organisations that the register knows beside those: nobody whose row is in the file.
    `column` and `measure` are what `[[measure]]` names; `japan`: the plan has Japan's register.
    """

    file: Path
    truth: Amounts
    also: tuple[str, ...] = ()
    measure: str = "staff"
    column: str | None = None
    codes: str = "official"
    organisations: str | None = None
    japan: bool = False

    @property
    def folder(self) -> Path:
        """A folder for plans and outputs."""
        return self.file.parent


# -- the register, and plans over a few of its organisations --------------------------------------


def _members(question: Question, *, exactly: bool) -> list[str]:
    wanted = dict.fromkeys(question.truth)
    if not exactly:
        wanted |= dict.fromkeys(map(prefecture_of, question.truth))
        wanted |= dict.fromkeys(question.also)
    return list(wanted)


def _payers(question: Question) -> str:
    kinds = {today()[code]["kind"] == "prefecture" for code in question.truth}
    if kinds == {True}:
        return "prefectures"
    return "municipalities" if kinds == {False} else "all"


def _register(question: Question, *, exactly: bool) -> str:
    if question.organisations is not None:
        return question.organisations
    exactly = exactly or (question.codes == "official" and _payers(question) == "all")
    members = set(_members(question, exactly=exactly))
    rows = [row for row in organisations() if row["code"] in members]
    # Prefectures that have no figure are known, but are no payers.
    named = {prefecture_of(code) for code in question.truth} - members
    rows += [today()[code] | {"valid_from": "2090-01-01"} for code in sorted(named)]
    names = list(rows[0])
    return "".join(
        ",".join(each) + "\n" for each in (names, *([row[name] for name in names] for row in rows))
    )


def _plan(
    question: Question, name: str, rule: str, *, more: str = "", exactly: bool = False
) -> Path:
    """Write a plan of one programme `x` whose payers are those of the truth."""
    folder = question.folder / name
    folder.mkdir(exist_ok=True)
    own = f'organisations = "organisations.csv"\ncodes = "{question.codes}"\n'
    text = f'fiscal_year = 2026\nprogrammes = ["x"]\n{"" if question.japan else own}{more}'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    (folder / "organisations.csv").write_text(
        _register(question, exactly=exactly), encoding="utf-8"
    )
    basis = "carried_forward" if "[carried_forward]" in rule else "rule"
    payers = "all" if question.codes == "text" else _payers(question)
    total = max(sum(question.truth.values()), 1)
    (folder / "x.toml").write_text(
        f'id = "x"\npayers = "{payers}"\nbasis = "{basis}"\ntotal = {total}\n{rule}\n'
        '[rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    return folder


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def clean(truth: Mapping[str, int], file: Path, column: str = "amount", more: int = 0) -> Path:
    """Write the truth as the plainest table: code and figure."""
    rows = "".join(f"{code},{amount + more}\n" for code, amount in truth.items())
    file.write_text(f"code,{column}\n{rows}", encoding="utf-8")
    return file


# -- what outputs show ----------------------------------------------------------------------------


def _refused(ended: Ended) -> Read:
    assert ended.status == 2, f"{ended.status}: {ended.err}{ended.out}"
    assert "Traceback" not in ended.err
    assert "To mend it: " in ended.err
    return Read(2, None, ended.err)


def _measured(out: Path) -> Amounts:
    """Return the column of inputs behind the share, by code."""
    return _fourth_column(out, "算定1 x")


def _earlier(out: Path) -> Amounts:
    """Return the earlier amounts of the sheet that compares with them, by code."""
    return _fourth_column(out, ".*比較")


def _fourth_column(out: Path, sheet: str) -> Amounts:
    """Return the figures that stand right of code, prefecture and municipality, by code."""
    book = CalamineWorkbook.from_path(str(out / "allocation.xlsx"))
    (name,) = [each for each in book.sheet_names if re.fullmatch(sheet, each)]
    rows = iter(book.get_sheet_by_name(name).to_python())
    next(row for row in rows if row[0] == "団体コード")
    return {str(row[0]): int(row[3]) for row in rows if row[1] and isinstance(row[3], float)}


def _run(folder: Path, *words: str | Path) -> tuple[Ended, Path]:
    out = folder.parent / f"{folder.name}_out"
    return call_inside("run", folder, *words, "--out", out, "--json"), out


def _notes(ended: Ended) -> str:
    return ended.err + json.dumps(ended.object, ensure_ascii=False)


# -- routes of measures ---------------------------------------------------------------------------


def measure(question: Question) -> Read:
    """`[[measure]]` in a plan."""
    column = f"column = {_text(question.column)}\n" if question.column else ""
    folder = _plan(
        question,
        "measure_plan",
        f'[[share]]\nweight = "1"\nby = "{question.measure}"',
        more=f'[[measure]]\nname = "{question.measure}"\n{column}'
        f"file = {_text(str(question.file))}\n",
    )
    ended, out = _run(folder)
    return _refused(ended) if ended.status else Read(0, _measured(out), _notes(ended))


def population(question: Question) -> Read:
    """`run --population`."""
    clean(question.truth, question.folder / "old.csv", "population")
    folder = _plan(
        question,
        "population_plan",
        f'[[share]]\nweight = "1"\nby = "population"\nas_of = {DAY}',
        more=f'[[measure]]\nname = "population"\nas_of = {DAY}\nfile = "../old.csv"\n',
        exactly=True,
    )
    dated = question.folder / f"population_2030-01-01{question.file.suffix}"
    dated.write_bytes(question.file.read_bytes())
    ended, out = _run(folder, "--population", dated, "--as-of", "x=2030-01-01")
    return _refused(ended) if ended.status else Read(0, _measured(out), _notes(ended))


def check_measure(question: Question) -> Read:
    """`check`: how many organisations have a figure."""
    ended = call_inside("check", question.file)
    if ended.status:
        return _refused(ended)
    said = ended.out + ended.err
    found = re.search(r" of ([0-9,]+) organisations", said)
    return Read(0, None, said, count=int(found[1].replace(",", "")) if found else None)


# -- routes of lists ------------------------------------------------------------------------------


def _rule_plan(question: Question, name: str, more: str = "") -> Path:
    """Write a plan whose amounts are the truth."""
    clean(question.truth, question.folder / "truth.csv", "truth")
    return _plan(
        question,
        name,
        f'{more}[[share]]\nweight = "1"\nby = "truth"',
        more='[[measure]]\nname = "truth"\nfile = "../truth.csv"\n',
    )


def _audited(ended: Ended, truth: Amounts) -> Read:
    if ended.status == 2:
        return _refused(ended)
    audits = ended.object["audits"]
    said = ended.err + json.dumps(audits, ensure_ascii=False)
    errors = tuple(
        finding
        for audit in audits
        for finding in audit["findings"]
        if finding["severity"] == "error"
    )
    assert (ended.status == 1) == bool(errors)
    amounts = None
    if not errors and len(audits) == 1:
        (audit,) = audits
        if audit["matched"] == len(truth):
            amounts = dict(truth)
        else:
            said += f" (matched {audit['matched']} of {audit['rows']})"
    return Read(ended.status, amounts, said, errors=errors, ledgers=tuple(audits))


def audit_plan(question: Question) -> Read:
    """`audit FILE --plan`."""
    folder = _rule_plan(question, "audit_plan")
    return _audited(call_inside("audit", question.file, "--plan", folder, "--json"), question.truth)


def against(question: Question) -> Read:
    """`audit FILE --against`, the truth as the other list."""
    other = clean(question.truth, question.folder / "other.csv")
    ended = call_inside("audit", question.file, "--against", other, "--json")
    return _audited(ended, question.truth)


def against_it(question: Question) -> Read:
    """`audit --against FILE`, with the truth as the list that is audited."""
    mine = clean(question.truth, question.folder / "mine.csv")
    ended = call_inside("audit", mine, "--against", question.file, "--json")
    return _audited(ended, question.truth)


def carried(question: Question) -> Read:
    """The list that a plan carries forward."""
    rule = f"[carried_forward]\nlist = {_text(str(question.file))}"
    ended, out = _run(_plan(question, "carried_plan", rule))
    return _refused(ended) if ended.status else Read(0, _measured(out), _notes(ended))


def previous(question: Question) -> Read:
    """`run --previous`."""
    folder = _rule_plan(question, "previous_plan")
    ended, out = _run(folder, "--previous", f"x={question.file}")
    if ended.status:
        return _refused(ended)
    before = ended.object["programmes"][0]["previous"]
    amounts = _earlier(out)
    assert (before["lost"], before["total"]) == (0, sum(amounts.values())), before
    return Read(0, amounts, _notes(ended))


def published(question: Question) -> Read:
    """The published list that a plan names: how many of its rows agree with the truth."""
    folder = _rule_plan(question, "published_plan", f"published = {_text(str(question.file))}\n")
    ended, _ = _run(folder)
    if ended.status:
        return _refused(ended)
    found = ended.object["programmes"][0]["published"]
    assert found is not None, ended.out
    agrees = found["matched"] == found["rows"] == len(question.truth) and not found["different"]
    amounts = dict(question.truth) if agrees else None
    return Read(0 if agrees else 1, amounts, _notes(ended))


def extract(question: Question) -> Read:
    """`extract`: its tidy CSVs are the reading."""
    out = question.folder / "extract_out"
    ended = call_inside("extract", question.file, "--out", out, "--json")
    if ended.status:
        return _refused(ended)
    lists = ended.object["lists"]
    amounts: Amounts = {}
    places = "".join(file.read_text(encoding="utf-8") for file in sorted(out.glob("*/places.csv")))
    for each in lists:
        with (out / each["file"]).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if not row["code"]:
                    continue  # as printed: nobody's
                amount = amounts.setdefault(row["code"], int(row["amount"]))
                assert amount == int(row["amount"]) or not row["code"], f"{row['code']} twice"
    return Read(
        0,
        amounts,
        _notes(ended) + places,
        ledgers=tuple(lists),
        left_out=tuple(left_out_in(out)),
    )


def left_out_in(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of `left_out.csv`."""
    if (folder / "left_out.csv").exists():
        with (folder / "left_out.csv").open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def check_list(question: Question) -> Read:
    """`check`: how many amounts, and their sum."""
    ended = call_inside("check", question.file)
    if ended.status:
        return _refused(ended)
    said = ended.out + ended.err
    found = re.search(r"([0-9,]+) amounts, ([0-9,]+) yen", said)
    count, total = (int(each.replace(",", "")) for each in found.groups()) if found else (-1, -1)
    return Read(0, None, said, count=count, total=total)


@cache
def has_compare() -> bool:
    """Tell whether there is a command `compare`."""
    return call_inside("compare", "--help").status == 0


def compare(question: Question) -> Read:
    """`compare FILE OTHER`; in the other list every amount is another."""
    other = clean(question.truth, question.folder / "compared.csv", more=1)
    ended = call_inside("compare", question.file, other, "--json")
    if ended.status:
        return _refused(ended)
    amounts: Amounts = {}
    for programme in ended.object["programmes"]:
        for row in programme["rows"]:
            if row["left"] is not None:
                assert row["code"] not in amounts
                amounts[row["code"]] = row["left"]
    ledgers = tuple(each for each in ended.object["read"] if each["side"] == "left")
    return Read(0, amounts, _notes(ended), ledgers=ledgers)


Route = Callable[[Question], Read]

MEASURES: Final[Mapping[str, Route]] = {
    "[[measure]]": measure,
    "run --population": population,
    "check (measure)": check_measure,
}

LISTS: Final[Mapping[str, Route]] = {
    "audit --plan": audit_plan,
    "audit": against,
    "--against": against_it,
    "carried_forward": carried,
    "run --previous": previous,
    "published": published,
    "extract": extract,
    "check (list)": check_list,
    "compare": compare,
}

JAPAN: Final = ("audit", "--against", "extract", "check (list)", "compare")
"""The routes of lists that look organisations up in Japan's register, whatever the truth."""


def lists(*names: str) -> Sequence[str]:
    """Return names of routes of lists, all without any; the ones that there are."""
    return [name for name in names or LISTS if name != "compare" or has_compare()]
