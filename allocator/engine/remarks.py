"""What a reader of the amounts should know: ties, rests, payers without a limit."""

from __future__ import annotations

import polars as pl

from allocator.domain.errors import refuse
from allocator.domain.text import Text, listed
from allocator.domain.yen import group
from allocator.engine.adjust import Limits
from allocator.engine.exact import Ints
from allocator.engine.result import Note
from allocator.engine.split import Split
from allocator.plans.tables import Programme


def split_notes(programme: Programme, done: Split, codes: list[str]) -> list[Note]:
    """Return what to know of a split: ties at the cut, the rest; refuse undecided ties."""
    notes: list[Note] = []
    if (tie := done.rounded.tie) is not None:
        contenders = listed([codes[position] for position in tie.contenders])
        served = listed([codes[position] for position in tie.served])
        if tie.rule == "error":
            raise refuse(
                f"{programme.id}: rounding.ties",
                Text(
                    f"equal claims on the last unit: {contenders.en}",
                    f"最後の単位について同順位の団体があります: {contenders.ja}",
                ),
                Text(
                    'decide by ties = "code" or "weight", or change the unit',
                    'ties = "code" または "weight" で決めるか、単位を変えてください',
                ),
            )
        by = {
            "code": Text("the lower code", "団体コードの小さい順"),
            "weight": Text(
                "the larger share, then the lower code", "割合の大きい順(同じなら団体コード順)"
            ),
        }[tie.rule]
        text = Text(
            f"equal claims on the last unit: {contenders.en}; by {by.en} it went to {served.en}",
            f"最後の単位は同順位({contenders.ja})のため、{by.ja}で {served.ja} に配りました",
        )
        notes.append(Note("tie", text))
    if done.rest_to is not None:
        code = codes[done.rest_to]
        text = Text(
            f"the rest of {group(done.rest)} yen below a unit went to {code}",
            f"単位未満の端数 {group(done.rest)} 円は {code} に加えました",
        )
        notes.append(Note("rest", text))
    return notes


def unbounded_notes(limits: Limits | None, payers: pl.DataFrame, under_rule: Ints) -> list[Note]:
    """Return a note on payers that a limit on change could not be applied to."""
    if limits is None or not limits.unknown:
        return []
    unknown = [
        code
        for code, rule in zip(payers["code"], under_rule, strict=True)
        if rule and code in limits.unknown
    ]
    if not unknown:
        return []
    named = listed(unknown)
    text = Text(
        f"no earlier amount to compare with, so no limit on change: {named.en}",
        f"前回の金額がないため増減の制限を適用していません: {named.ja}",
    )
    return [Note("unbounded", text)]
