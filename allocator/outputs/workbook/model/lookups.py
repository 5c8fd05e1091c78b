"""Looking names up by formulas: to a spreadsheet some of them are patterns or comparisons.

MATCH and SUMIF take `*`, `?` and `~` for wildcards and `<1` for a comparison, read `1e5` as a
number, and tell no capitals from small letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WILD: Final = re.compile("[*?~]")
_COMPARES: Final = re.compile("^[<>=]|^[+-]?[0-9.,%/:eE¥$ ]+$|^(?i:true|false)$|^#")


def are_plain(names: Sequence[str]) -> bool:
    """Tell whether a spreadsheet finds each of different names by itself, and no other."""
    several = set(names)
    alike = len({name.casefold() for name in several}) < len(several)
    return not alike and not any(_WILD.search(name) for name in several)


def are_no_criteria(names: Sequence[str]) -> bool:
    """Tell whether SUMIF, which takes them for criteria, finds the names themselves."""
    return are_plain(names) and not any(_COMPARES.search(name) for name in names)


def position(cell: str, cells: str, codes: Sequence[str]) -> str:
    """Return the formula of where in `cells`, which hold `codes`, what stands in `cell` stands."""
    if are_plain(codes):
        return f"MATCH({cell},{cells},0)"
    first = cells.partition(":")[0]
    place = f"SUMPRODUCT(EXACT({cells},{cell})*(ROW({cells})-ROW({first})+1))"
    return f"IF({place}=0,NA(),{place})"
