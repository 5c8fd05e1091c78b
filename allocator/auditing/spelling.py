"""Names: whether two spellings are one name, and what kind of difference there is.

Names inform, codes identify. So nothing here decides whose row it is, except where a code is
wrong (see `identify`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from allocator.domain.names import fold, spellings

Difference = Literal["variant", "misreading", "former", "other"]
DIFFERENCES: Final[tuple[Difference, ...]] = ("variant", "misreading", "former", "other")
"""From the least to the greatest difference."""

# Characters that look alike in print, as optical reading and copying by eye confuse them.
_LOOK_ALIKES: Final = str.maketrans(
    "ニ一ロカエタハトミチヘべぺヌオシソリ未士曰己已",
    "二ー口力工夕八卜三千へベペ又才ツンり末土日巳巳",
)

_MOST_MISREAD: Final = 2
"""How many characters of a name may be misread before it is another name."""


def is_misread(printed: str, name: str) -> bool:
    """Tell whether `printed` is likely `name`, misread: as long, and hardly different.

    Most of the characters have to agree, unless those that differ look alike.
    """
    one, other = fold(printed), fold(name)
    if len(one) != len(other) or one == other:
        return False
    differing = _distance(one, other)
    if differing <= _MOST_MISREAD and 2 * differing < len(other):
        return True
    return one.translate(_LOOK_ALIKES) == other.translate(_LOOK_ALIKES)


def difference(
    printed: str, names: Collection[str], former: Collection[str], others: Collection[str]
) -> Difference:
    """Say what kind of difference there is between a printed name and an organisation's `names`.

    `names` are the forms it is written in (with its county and without), `former` those it had
    before, `others` names that belong to other organisations nearby: a name that is another's
    was not misread.
    """
    known = {fold(name) for name in names}
    if known.intersection(spellings(printed)):
        return "variant"
    if printed in former:
        return "former"
    if printed not in others and any(is_misread(printed, name) for name in names):
        return "misreading"
    return "other"


def _distance(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
