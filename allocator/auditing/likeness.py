"""Likeness: codes that are one slip apart, names that may be the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from allocator.auditing.spelling import is_misread
from allocator.domain.names import fold, spellings


def is_slip(written: str, code: str) -> bool:
    """Tell whether two codes differ in one character, or by two neighbours that changed places."""
    if len(written) != len(code):
        return False
    differing = [place for place in range(len(code)) if written[place] != code[place]]
    if len(differing) == 1:
        return True
    if len(differing) != 2 or differing[1] != differing[0] + 1:  # noqa: PLR2004
        return False
    first, second = differing
    return written[first] == code[second] and written[second] == code[first]


class Slips:
    """Codes, each to be found by what is one slip away from it: see `is_slip`."""

    def __init__(self, codes: Iterable[str]) -> None:
        """Take the codes that may be meant."""
        self._codes = frozenset(codes)
        self._without: dict[tuple[int, str], list[str]] = defaultdict(list)
        for code in self._codes:
            for key in _gaps(code):
                self._without[key].append(code)

    def near(self, written: str) -> set[str]:
        """Return the codes that `written` may be a slip of."""
        found = {code for key in _gaps(written) for code in self._without.get(key, ())}
        crossed = {
            f"{written[:at]}{written[at + 1]}{written[at]}{written[at + 2 :]}"
            for at in range(len(written) - 1)
        }
        return (found | crossed & self._codes) - {written}


def _gaps(code: str) -> Iterator[tuple[int, str]]:
    """Yield a code without each of its characters, and where that stood."""
    return ((at, code[:at] + code[at + 1 :]) for at in range(len(code)))


def shortens(written: str, code: str) -> bool:
    """Tell whether `written` is a code that lost its leading zero, its check digit, or both."""
    without_zero = code.removeprefix("0")
    return written in (code[:-1], without_zero, without_zero[:-1]) and written != code


def is_alike(prefecture: str, municipality: str, names: Sequence[str]) -> bool:
    """Tell whether a printed prefecture and municipality are, or are likely, those of `names`.

    `names` are the prefecture and all forms of the municipality; a list need not print the first.
    """
    known, *forms = names
    if not prefecture and not municipality:
        return False
    if fold(prefecture) not in (fold(known), "") and not is_misread(prefecture, known):
        return False
    return any(
        fold(form) in spellings(municipality) or is_misread(municipality, form) for form in forms
    )
