"""Names: what all spellings of one name share. Names inform, codes identify."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Forms of one character, by pairs: small and large kana, particles, 旧字体 and 異体字 with the form
# that is usual today. Which form is "right" doesn't matter here: both are folded alike.
_VARIANTS: Final = str.maketrans(
    "ヶヵ箇个がガッっノ之乃"
    "曾檮鰺惠龍澤濱邊邉廣國嶋嶌齋櫻瀧藏鷄壽渕圓條眞縣髙﨑鶯籠蘂祗靱頸礪蠣鷗諫龜攝與戶"
    "會來佛鹽舊總關豐靜德橫黑榮萬鐵臺學寶燈穗瀨增敎淸靑吞讚巖薗舘桧藪驛釡冨峯埜"
    "稻奧溫嶽樂卷觀歸氣狹區輕溪劍檢嚴絲兒舍澁緖燒淨淺雙壯莊屬對帶膽鎭當讀繩賣發拂萠滿"
    "彌豫餘樣覽兩綠禮靈戀郞灣渊嵜豬竃羣蘆鄕閒栁杤桒枩姬寳栢祢隱內潴迩齊",
    "ケケケケケケツつののの"
    "曽梼鯵恵竜沢浜辺辺広国島島斎桜滝蔵鶏寿淵円条真県高崎鴬篭蕊祇靭頚砺蛎鴎諌亀摂与戸"
    "会来仏塩旧総関豊静徳横黒栄万鉄台学宝灯穂瀬増教清青呑讃巌園館檜薮駅釜富峰野"
    "稲奥温岳楽巻観帰気狭区軽渓剣検厳糸児舎渋緒焼浄浅双壮荘属対帯胆鎮当読縄売発払萌満"
    "弥予余様覧両緑礼霊恋郎湾淵崎猪竈群芦郷間柳栃桑松姫宝柏禰隠内瀦邇斉",
)

_SPACES: Final = re.compile(r"[\s\u200b\u2060\ufeff]+")
_SELECTORS: Final = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

TOTAL_WORDS: Final = ("合計", "総計", "計", "総数", "全国", "全国計", "全国合計")
"""What stands for a name in the row of a table's total. 小計 and 市町村計 are parts of it."""


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


def is_total(*cells: str) -> bool:
    """Tell whether one of the cells that name a row is a word for a total: 合計, 合　計."""
    return any(_SPACES.sub("", cell) in TOTAL_WORDS for cell in cells)
