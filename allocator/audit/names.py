"""Names: whether two spellings are one name, and what kind of difference there is.

Names inform, codes identify. So nothing here decides whose row it is, except where a code is
wrong (see `identify`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final, Literal

Difference = Literal["variant", "misreading", "former", "other"]
DIFFERENCES: Final[tuple[Difference, ...]] = ("variant", "misreading", "former", "other")
"""From the least to the greatest difference."""

# Forms of one character, by pairs: small and large kana, particles, 旧字体 and 異体字 with the form
# that is usual today. Which form is "right" doesn't matter here: both are folded alike.
_VARIANTS: Final = str.maketrans(
    "ヶヵ箇个ッっノ之乃"
    "曾檮鰺惠龍澤濱邊邉廣國嶋嶌齋櫻瀧藏鷄壽渕圓條眞縣髙﨑鶯籠蘂祗靱頸礪蠣鷗諫龜攝與戶"
    "會來佛鹽舊總關豐靜德橫黑榮萬鐵臺學寶燈穗瀨增敎淸靑吞讚巖薗舘桧藪驛釡冨峯埜",
    "ケケケケツつののの"
    "曽梼鯵恵竜沢浜辺辺広国島島斎桜滝蔵鶏寿淵円条真県高崎鴬篭蕊祇靭頚砺蛎鴎諌亀摂与戸"
    "会来仏塩旧総関豊静徳横黒栄万鉄台学宝灯穂瀬増教清青呑讃巌園館檜薮駅釜富峰野",
)

# Characters that look alike in print, as optical reading and copying by eye confuse them.
_LOOK_ALIKES: Final = str.maketrans(
    "ニ一ロカエタハトミチヘべぺヌオシソリ未士曰己已",
    "二ー口力工夕八卜三千へベペ又才ツンり末土日巳巳",
)

_SPACES: Final = re.compile(r"[\s\u200b\u2060\ufeff]+")
_SELECTORS: Final = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MOST_MISREAD: Final = 2
"""How many characters of a name may be misread before it is another name."""


@lru_cache(maxsize=10_000)
def fold(name: str) -> str:
    """Return what all spellings of one name share: width, blanks and forms of characters gone."""
    plain = _SELECTORS.sub("", unicodedata.normalize("NFKC", name))
    return _SPACES.sub("", plain).translate(_VARIANTS)


def spellings(printed: str) -> tuple[str, ...]:
    """Return the folded forms that a printed name may stand for: with and without an island.

    Tables of the islands of 東京都 write the island before the name: 三宅島 三宅村.
    """
    whole = fold(printed)
    _, island, rest = whole.rpartition("島")
    return (whole, rest) if island and len(rest) > 1 else (whole,)


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
