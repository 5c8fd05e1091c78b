"""Plans (plan.toml) that are deep, long, or nothing but keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

_HEAD: Final = 'fiscal_year = 2030\nprogrammes = ["water"]\n'
_LARGE: Final = 290_000
"""Just less characters than are read of a plan."""


def arrays_deep_down(folder: Path) -> Path:
    """Arrays in arrays, as deep as there is room."""
    return _plan(folder, "a = " + "[" * (_LARGE // 2) + "]" * (_LARGE // 2))


def tables_deep_down(folder: Path) -> Path:
    """Inline tables in inline tables."""
    return _plan(folder, "a = " + "{a = " * (_LARGE // 6) + "1" + "}" * (_LARGE // 6))


def keys_deep_down(folder: Path) -> Path:
    """A key of very many parts."""
    return _plan(folder, "a." * (_LARGE // 2) + "b = 1")


def headings_deep_down(folder: Path) -> Path:
    """Tables whose names have eight parts, and all begin alike."""
    name = ".".join("abcdefg")
    return _plan(folder, "".join(f"[{name}.x{at}]\n" for at in range(10_000)))


def keys_of_eight_parts(folder: Path) -> Path:
    """Keys of eight parts in a table of seven, again and again."""
    name = ".".join("abcdefg")
    keys = "".join(f"{name}.x{at} = 1\n" for at in range(10_000))
    return _plan(folder, f"[{name}]\n{keys}")


def many_keys(folder: Path) -> Path:
    """As many keys that no plan has as there may be."""
    return _plan(folder, "".join(f"k{at} = 1\n" for at in range(14_000)))


def many_programmes(folder: Path) -> Path:
    """As many programmes as there may be, none of which is there."""
    names = ", ".join(f'"p{at}"' for at in range(28_000))
    return _plan(folder, "", head=f"fiscal_year = 2030\nprogrammes = [{names}]\n")


def many_measures(folder: Path) -> Path:
    """As many measures as there may be, without anything."""
    return _plan(folder, '[[measure]]\nname = "a"\n' * 9_000)


def ninety_million_bytes(folder: Path) -> Path:
    """Ninety million bytes of keys."""
    return _plan(folder, "key = 1\n" * 11_000_000)


def a_long_key(folder: Path) -> Path:
    """A key of very many characters."""
    return _plan(folder, f"{'k' * _LARGE} = 1\n")


def a_long_value(folder: Path) -> Path:
    """A year of very many digits."""
    return _plan(folder, "", head=f"fiscal_year = {'9' * _LARGE}\n")


def a_long_programme(folder: Path) -> Path:
    """A programme whose name is very long."""
    return _plan(folder, "", head=f'fiscal_year = 2030\nprogrammes = ["{"p" * _LARGE}"]\n')


def a_text_without_end(folder: Path) -> Path:
    """A text of nothing but quotation marks."""
    return _plan(folder, 'a = """' + '\\"' * (_LARGE // 2))


PLANS: Final[dict[str, Callable[[Path], Path]]] = {
    f"plan_{maker.__name__}": maker
    for maker in (
        arrays_deep_down,
        tables_deep_down,
        keys_deep_down,
        headings_deep_down,
        keys_of_eight_parts,
        many_keys,
        many_programmes,
        many_measures,
        ninety_million_bytes,
        a_long_key,
        a_long_value,
        a_long_programme,
        a_text_without_end,
    )
}


def _plan(folder: Path, text: str, head: str = _HEAD) -> Path:
    path = folder / "plan.toml"
    path.write_text(f"{head}{text}\n", encoding="utf-8")
    return path
