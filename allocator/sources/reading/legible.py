"""Text whose characters mean nothing: fonts without a table of what they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text

MEANINGLESS: Final = re.compile("\\(cid:[0-9]+\\)|[\ufffd\ud800-\uf8ff\U000f0000-\U0010ffff]")
"""What programs write for a character that a font gives no meaning to."""


def refuse_meaningless(file: Path, wrong: int, characters: int) -> None:
    """Refuse a document where more than a fifth of the characters mean nothing.

    Raises:
        InputError: the fonts of the document don't say which characters they show.
    """
    if wrong * 5 <= characters:
        return
    raise refuse(
        str(file),
        Text(
            f"{wrong:,} of {characters:,} characters cannot be told: the document's fonts do not "
            "say which characters they show",
            f"{characters:,} 文字のうち {wrong:,} 文字を判別できません"
            "(フォントに文字の対応表がありません)",
        ),
        Text(
            "ask the publisher for another file, or read it with a text recognition (OCR) program",
            "発行元に別のファイルを求めるか、文字認識(OCR)ソフトで読み取ってください",
        ),
        code="not_legible",
    )
