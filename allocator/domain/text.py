"""Text in the two languages that people read it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

Language = Literal["en", "ja"]


class Text(NamedTuple):
    """One statement in English and in Japanese; the reader's language is chosen at the edge."""

    en: str
    ja: str

    def in_(self, language: Language) -> str:
        """Return the statement in `language`."""
        return self.ja if language == "ja" else self.en


def same(text: str) -> Text:
    """Return `text` as a statement that reads the same in both languages (a name, a figure)."""
    return Text(text, text)


def joined(texts: Iterable[Text], en: str = ", ", ja: str = "、") -> Text:
    """Return statements as one, with `en` and `ja` between them; empty ones are left out."""
    found = [text for text in texts if text != ("", "")]
    return Text(en.join(text.en for text in found), ja.join(text.ja for text in found))


LONGEST: Final = 1_000
"""The most characters of a statement in a message: a cell that it quotes can have millions."""


def shortened(text: str, most: int = LONGEST) -> str:
    """Return `text` with its middle left out where it is longer than `most`.

    What is wrong stands before a quotation, or behind it.
    """
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def listed(items: list[str], most: int = 10) -> Text:
    """Join `items` for a message; beyond `most`, say how many more there are."""
    head = ", ".join(items[:most])
    more = len(items) - most
    if more <= 0:
        return Text(head, "、".join(items))
    return Text(f"{head} and {more} more", "、".join(items[:most]) + f" ほか{more}件")
