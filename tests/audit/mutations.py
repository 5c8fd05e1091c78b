"""Faults put into a list, and what an audit has to find then.

The oracle knows nothing of the audit: every row remembers whose row it is and whether it is a
copy, so that what must be found follows from the list as it ends up.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
from hypothesis import strategies as st

from allocator.auditing.findings import Finding
from allocator.domain import schemas
from allocator.sources.lists.table import PublishedList


@dataclass(frozen=True)
class Row:
    """A row as printed, and whose it is."""

    owner: str
    code: str
    prefecture: str
    municipality: str
    amount: int


@dataclass(frozen=True)
class Faulty:
    """A list with faults. `moves` counts those that displaced rows."""

    rows: tuple[Row, ...]
    declared: int | None = None
    moves: int = 0
    done: tuple[str, ...] = field(default=())

    def nameless(self) -> Faulty:
        """Return the same list without names."""
        return replace(
            self, rows=tuple(replace(row, prefecture="", municipality="") for row in self.rows)
        )

    def published(self, *prints: str) -> PublishedList:
        """Return the list as a reader would, with columns for what it prints (default: all)."""
        frame = pl.DataFrame(
            {
                "code": [row.code for row in self.rows],
                "prefecture": [row.prefecture for row in self.rows],
                "municipality": [row.municipality for row in self.rows],
                "amount": [row.amount for row in self.rows],
                "line": range(2, len(self.rows) + 2),
            },
            schema=schemas.LISTED,
        )
        columns = frozenset(prints or ("code", "prefecture", "municipality"))
        return PublishedList(Path("list.csv"), frame, self.declared, prints=columns)


def sound(frame: pl.DataFrame) -> Faulty:
    """Return a list without faults, from a frame that follows `schemas.LISTED`."""
    columns = ("code", "prefecture", "municipality", "amount")
    return Faulty(
        tuple(Row(code, code, *rest) for code, *rest in frame.select(columns).iter_rows())
    )


# -- the faults ------------------------------------------------------------------------------------

Fault = Callable[[st.DataObject, Faulty], Faulty]


def _with(faulty: Faulty, rows: Sequence[Row], name: str, moves: int = 0) -> Faulty:
    return replace(faulty, rows=tuple(rows), moves=faulty.moves + moves, done=(*faulty.done, name))


def _place(data: st.DataObject, rows: Sequence[Row]) -> int:
    return data.draw(st.integers(0, len(rows) - 1), label="row")


def one_yen(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Change one amount by one yen."""
    rows = list(faulty.rows)
    at = _place(data, rows)
    rows[at] = replace(rows[at], amount=rows[at].amount + data.draw(st.sampled_from((1, -1))))
    return _with(faulty, rows, "one_yen")


def dropped(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Leave a row out."""
    rows = list(faulty.rows)
    del rows[_place(data, rows)]
    return _with(faulty, rows, "dropped")


def twice(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Repeat a row, next to itself or anywhere."""
    rows = list(faulty.rows)
    at = _place(data, rows)
    to = at + 1 if data.draw(st.booleans()) else data.draw(st.integers(0, len(rows)))
    rows.insert(to, rows[at])
    return _with(faulty, rows, "twice")


def rows_swapped(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Let two rows change places, neighbours or not."""
    rows = list(faulty.rows)
    one = _place(data, rows[:-1])
    other = one + 1 if data.draw(st.booleans()) else _place(data, rows)
    rows[one], rows[other] = rows[other], rows[one]
    return _with(faulty, rows, "rows_swapped", moves=1)


def amounts_swapped(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Let the amounts of two rows change places."""
    rows = list(faulty.rows)
    one, other = _place(data, rows), _place(data, rows)
    first, second = rows[one].amount, rows[other].amount
    rows[one] = replace(rows[one], amount=second)
    rows[other] = replace(rows[other], amount=first)
    return _with(faulty, rows, "amounts_swapped")


def slip(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Change one digit of a code: mostly the check fails, sometimes another payer is hit."""
    rows = list(faulty.rows)
    at = _place(data, rows)
    place, digit = data.draw(st.integers(0, 5)), data.draw(st.sampled_from("0123456789"))
    code = rows[at].code
    rows[at] = replace(rows[at], code=code[:place] + digit + code[place + 1 :])
    return _with(faulty, rows, "slip")


def valid_slip(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Change one digit (or swap two neighbours) so that the check digit is right none the less."""
    rows = list(faulty.rows)
    slips = data.draw(st.sampled_from(_valid_slips(tuple(row.code for row in rows))))
    at, code = slips
    rows[at] = replace(rows[at], code=code)
    return _with(faulty, rows, "valid_slip")


def misnamed(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Print another row's name, a neighbour's or any, as a list by name would: its code follows."""
    rows = list(faulty.rows)
    at = _place(data, rows)
    others = [place for place in range(len(rows)) if place != at]
    beside = [place for place in others if abs(place - at) == 1]
    other = rows[data.draw(st.sampled_from(beside) | st.sampled_from(others), label="name")]
    rows[at] = replace(
        rows[at], code=other.code, prefecture=other.prefecture, municipality=other.municipality
    )
    return _with(faulty, rows, "misnamed")


def shifted(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Shift the amounts of one prefecture by one row, the last to the first or the other way."""
    rows = list(faulty.rows)
    prefecture = rows[_place(data, rows)].prefecture
    places = [at for at, row in enumerate(rows) if row.prefecture == prefecture]
    if len(places) < 3:
        places = list(range(max(0, places[0] - 2), min(len(rows), places[0] + 3)))
    amounts = [rows[at].amount for at in places]
    step = data.draw(st.sampled_from((1, -1)))
    for at, amount in zip(places, amounts[-step:] + amounts[:-step], strict=True):
        rows[at] = replace(rows[at], amount=amount)
    return _with(faulty, rows, "shifted")


def declared(data: st.DataObject, faulty: Faulty) -> Faulty:
    """Print another total under the list."""
    total = data.draw(st.integers(1, 10**10))
    return replace(faulty, declared=total, done=(*faulty.done, "declared"))


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        one_yen,
        dropped,
        twice,
        rows_swapped,
        amounts_swapped,
        slip,
        valid_slip,
        shifted,
        declared,
    )
}

_SLIPS: dict[tuple[str, ...], list[tuple[int, str]]] = {}


def _valid_slips(codes: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return every slip of one digit that keeps the check digit right: row, code.

    Those that hit another payer come again and again, as they are rare among them.
    """
    if codes not in _SLIPS:
        found = []
        for at, code in enumerate(codes):
            for place, digit in itertools.product(range(6), "0123456789"):
                changed = code[:place] + digit + code[place + 1 :]
                if changed != code and checks(changed):
                    found.append((at, changed))
        known = set(codes)
        hits = [each for each in found if each[1] in known]
        _SLIPS[codes] = found + hits * (len(found) // max(1, len(hits)))
    return _SLIPS[codes]


def checks(code: str) -> bool:
    """Tell whether a code is six digits with a right check digit, reckoned anew."""
    digits = [int(digit) for digit in code]
    weighted = sum(w * d for w, d in zip((6, 5, 4, 3, 2), digits, strict=False))
    return (11 - weighted % 11) % 10 == digits[5]


# -- what must be found ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Oracle:
    """What a sound list says: amounts by code, its total, and whose printed name is wrong.

    `successor` gives the payer that a code of the past leads to. Where no name stands beside such a
    code, it is that payer's own, whatever happened to it.
    """

    amounts: dict[str, int]
    total: int
    misnamed: frozenset[str]
    successor: Callable[[str], str] = lambda _: ""

    def check(self, faulty: Faulty, findings: Sequence[Finding]) -> None:
        """Compare findings with what must be found, and find nothing else in them."""
        rest = [leaf for finding in findings for leaf in finding.leaves]
        self._check_codes(faulty, rest)
        owned: dict[str, list[Row]] = defaultdict(list)
        for row in faulty.rows:
            owned[row.owner].append(row)
        for code, amount in self.amounts.items():
            if code in owned:
                self._check_rows(code, owned[code], rest)
            else:
                missing = _take(rest, "missing", code)
                assert (missing.published, missing.expected) == (None, amount)
        self._check_order(faulty, [each for each in rest if each.kind == "order"])
        rest = [each for each in rest if each.kind != "order"]
        if faulty.declared not in (None, self.total):
            wrong = _take(rest, "total", None, "declared")
            assert (wrong.published, wrong.expected) == (faulty.declared, self.total)
        assert rest == [], (faulty.done, rest)

    def _check_codes(self, faulty: Faulty, rest: list[Finding]) -> None:
        printed = Counter(row.code for row in faulty.rows)
        for row in faulty.rows:
            if row.code == row.owner:
                continue
            if not checks(row.code):
                _take(rest, "bad_code", row.code, "check_digit")
            elif row.code in self.amounts:
                kind = "duplicate" if printed[row.code] > 1 else "unexpected"
                _take(rest, kind, row.code, "other_place")
            else:
                former = self.successor(row.code) == row.owner
                _take(rest, "unexpected", row.code, "former_code" if former else "misprint")

    def _check_rows(self, owner: str, rows: Sequence[Row], rest: list[Finding]) -> None:
        """Take what belongs to one payer's rows: repetitions, amounts, names."""
        codes = {row.code for row in rows}

        def pick(kind: str, reasons: Sequence[str] = ()) -> list[Finding]:
            picked = [
                each
                for each in rest
                if each.kind == kind
                and each.code in codes
                and each.prefecture == rows[0].prefecture
                and each.municipality == rows[0].municipality
                and (not reasons or each.reason in reasons)
            ]
            for each in picked:
                rest.remove(each)
            return picked

        repeated = pick("duplicate", ["repeated", "other_amount"])
        assert len(repeated) == len(rows) - 1, (owner, repeated)
        wrong = [row.amount for row in rows if row.amount != self.amounts[owner]]
        amounts = pick("amount")
        assert len(set(wrong)) <= len(amounts) <= len(wrong), (owner, wrong, amounts)
        assert all(
            each.published in wrong and each.expected == self.amounts[owner] for each in amounts
        )
        assert len(pick("name")) == (owner in self.misnamed), owner

    @staticmethod
    def _check_order(faulty: Faulty, found: Sequence[Finding]) -> None:
        copies = Counter(row.owner for row in faulty.rows)
        repeated = [owner for owner, count in copies.items() if count > 1]
        once = [row.owner for row in faulty.rows if copies[row.owner] == 1]
        in_order = once == sorted(once) and all(
            _fits(faulty.rows, owner, set(repeated)) for owner in repeated
        )
        if in_order:
            assert found == [], found
        else:
            assert 1 <= len(found) <= max(1, faulty.moves), (faulty.done, found)


def _take(rest: list[Finding], kind: str, code: str | None, reason: str = "") -> Finding:
    """Take a finding that must be there out of `rest`."""
    for finding in rest:
        if (finding.kind, finding.code) == (kind, code) and reason in ("", finding.reason):
            rest.remove(finding)
            return finding
    raise AssertionError(f"no {kind} {code} {reason} in {rest}")


def _fits(rows: Sequence[Row], owner: str, repeated: set[str]) -> bool:
    """Tell whether one of a payer's rows stands in its place."""
    for at, row in enumerate(rows):
        if row.owner == owner:
            before = [each.owner for each in rows[:at] if each.owner not in repeated]
            after = [each.owner for each in rows[at:] if each.owner not in repeated]
            if (not before or before[-1] < owner) and (not after or owner < after[0]):
                return True
    return False
