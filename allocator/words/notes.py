"""What a reader of the amounts should know, in words: ties, differences, rests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from allocator.domain.text import Text, listed
from allocator.domain.yen import group, signed
from allocator.engine.notes import (
    DifferenceNote,
    KeptTotalNote,
    Note,
    RestNote,
    TieNote,
    UnboundedNote,
    UnsplitNote,
)
from allocator.engine.result import Allocation
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.rule import TIES

CLAIMED: Final = {
    "unit": Text("the last unit", "最後の単位"),
    "difference": Text("the difference of the rounding", "端数処理の差"),
    "rest": Text("the rest below a unit", "単位未満の端数"),
}
"""What equal claims are on."""


def notes_of(outcome: ProgrammeOutcome) -> Iterator[Text]:
    """Yield the notes on a programme's amounts in words, those on its parts with their names."""
    for note in outcome.allocation.notes if outcome.allocation else ():
        yield note_words(note)
    for part in outcome.parts:
        for words in notes_of(part):
            yield Text(f"{part.programme.title}: {words.en}", f"{part.programme.title}: {words.ja}")


def concerning(allocation: Allocation, code: str) -> Iterator[Note]:
    """Yield the notes that concern one payer: those that name it, and those on all amounts."""
    for note in allocation.notes:
        match note:
            case TieNote():
                named = code in note.contenders
            case DifferenceNote() | RestNote():
                named = code == note.code
            case UnboundedNote():
                named = code in note.codes
            case _:
                named = True
        if named:
            yield note


def note_words(note: Note) -> Text:
    """Return a note as a sentence."""
    match note:
        case TieNote():
            return _tie(note)
        case DifferenceNote():
            return Text(
                f"the rounding difference of {signed(note.yen)} yen went to {note.code}",
                f"端数処理の差 {signed(note.yen)} 円は {note.code} で調整しました",
            )
        case RestNote():
            return Text(
                f"the rest of {group(note.yen)} yen below a unit went to {note.code}",
                f"単位未満の端数 {group(note.yen)} 円は {note.code} に加えました",
            )
        case UnboundedNote():
            named = listed(list(note.codes))
            return Text(
                f"no earlier amount to compare with, so no limit on change: {named.en}",
                f"前回の金額がないため増減の制限を適用していません: {named.ja}",
            )
        case KeptTotalNote():
            return Text(
                f"the total of the unit amounts, {group(note.yen)} yen, is kept",
                f"単価による総額 {group(note.yen)} 円を保っています",
            )
        case UnsplitNote():
            gap = signed(note.charged - note.given)
            return Text(
                f"each amount is rounded for itself: {group(note.charged)} yen are charged of "
                f"{group(note.given)} ({gap})",
                f"各団体の額を個別に端数処理したため、{group(note.given)} 円に対し "
                f"{group(note.charged)} 円となります({gap} 円)",
            )


def _tie(note: TieNote) -> Text:
    contenders, served = listed(list(note.contenders)), listed(list(note.served))
    on, by = CLAIMED[note.on], TIES[note.rule]
    return Text(
        f"equal claims on {on.en}: {contenders.en}; by {by.en} it went to {served.en}",
        f"{on.ja}は同順位({contenders.ja})のため、{by.ja}で {served.ja} に配りました",
    )
