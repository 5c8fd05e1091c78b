"""Which organisation a code means that a person gives: completed, and refused where it is none."""

from __future__ import annotations

from allocator.domain.codes import parse_code
from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.results.outcome import Outcome


def known_code(outcome: Outcome, code: str, where: str) -> str:
    """Return the code as the register has it.

    Raises:
        InputError: no organisation has it on the plan's day; `where` says what was given.
    """
    day = outcome.plan.table.payers_on
    register = outcome.register
    valid = set(register.payers("all", day)["code"].to_list())
    plain = parse_code(code, where.partition(" ")[0], valid) if register.official else code
    if plain not in valid:
        heir = outcome.changes.carry(plain, valid).to
        former = (
            Text(f"it is {heir} now", f"現在のコードは {heir} です")
            if heir
            else Text("it existed at another time", "別の時点の団体です")
        )
        unknown = Text("the register doesn't know it", "団体一覧にありません")
        why = former if plain in register.codes else unknown
        raise refuse(
            where,
            Text(
                f"no organisation of {day}: {why.en}", f"{day} 現在の団体ではありません: {why.ja}"
            ),
            Text(
                "give the code of a prefecture or municipality, such as 131016 (wards of "
                "designated cities are none)",
                "131016 のような都道府県か市区町村のコードを指定してください(指定都市の区は対象外)",
            ),
            code="unknown_code",
            fields={"code": plain, "now": heir},
        )
    return plain
