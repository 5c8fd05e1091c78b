"""Names that some program takes for more than names, and a plan that has them wherever it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit
from hypothesis import strategies as st

from allocator.domain.characters import refused_in
from allocator.domain.names import fold

PIECES: Final = (
    *("=", "+", "-", "@", "＝", "＠", "=1+1", "=cmd|'/C calc'!A0", "'=1", "\t=1", "\u3000+1"),
    *("{total}", "{changed}", "{", "}", "[units]", "[units:]", "[amount:]", "[", "]", "{=1}"),
    *("<r>", "</r>", "<r><t>x</t></r>", "<r>&bad</r>", "&", "&amp;", "<", ">", "]]>", "<!--"),
    *("_x0041_", "_x0041_x0042_", "_x000D_", "'", "''", '"', '""', "!", "$A$1", "#REF!", "TRUE"),
    *("<script>alert(1)</script>", "</script>", "<img src=x onerror=alert(1)>", "javascript:x"),
    *("[x](javascript:x)", "![x](y)", "`x`", "```", "|", "|---|", "*x*", "__x__", "~~x~~", "# x"),
    *("1. x", "10) x", "- x", "+ x", "> x", "---", "===", "\\", "\\|", "&lt;", "<http://e/>"),
    *("http://e/", "www.e.jp", "a@b.jp", "mailto:x", "[bold]", "[/]", "[link=http://e]x[/link]"),
    *("{{7*7}}", "{% x %}", "${7*7}", "%s%n", "{0}", "\\u003c", "\\x1b", "&&", "&P", "&[Picture]"),
    *("*", "?", "~", "<1", ">=", "1e5", "00123", "1/2", "A1", "R1C1", "a", "A", "町", "ｱ", "が"),
    *("\n", "\r", "\t", " ", "\u3000", "\xa0", "\ufeff", "\u200b", "\u200d", "\u2028", "\xad"),
    *("\ue000", "😀", "𠮷", "e\u0301" * 9, "長" * 300),
)
"""Every office may write these (`refused_in` finds nothing)."""

STEERING: Final = (
    *("\x1b]0;title\x07", "\x1b[2J", "\x1b]52;c;eA==\x07", "\x9b31m", "\x07", "\x08", "\x7f"),
    *("\x01", "\x85", "\u202e", "\u2066", "\u200f", "\u061c", "\ufffe", "\uffff"),
)
"""What registers and plans refuse, and lists and names of files can have all the same."""

SUMS: Final = ("計", "部", "総", "国", "合")
"""What may make a row one of sums: not for lists."""


def _text(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    joined = st.lists(st.sampled_from(pieces), min_size=1, max_size=5).map("".join)
    return st.one_of(joined, st.sampled_from(pieces), st.text(min_size=1, max_size=20))


def written_names() -> st.SearchStrategy[str]:
    """Draw names that a register takes, as it reads them: without blanks around them."""
    drawn = _text(PIECES).map(lambda name: name.replace("\r", "\n").strip())
    return drawn.filter(lambda name: refused_in(name) is None and "\0" not in name and bool(name))


def listed_names() -> st.SearchStrategy[str]:
    """Draw names as a list may print them, control characters and all."""
    drawn = _text(PIECES + STEERING).map(lambda name: f"町{name}".replace("\r", "\n").strip())
    return drawn.filter(
        lambda name: (
            not any(each in name for each in (*SUMS, "\0")) and name.isprintable() is not None
        )
    ).filter(lambda name: _encodes(name) and fold(name) != "町")


def _encodes(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True)
class Words:
    """What a plan says in words of its own."""

    prefecture: str
    towns: tuple[str, str, str]
    programmes: tuple[str, str]
    short: str
    part: str
    text: str


HARMLESS: Final = Words("東国", ("甲町", "乙町", "丙町"), ("道路", "井戸"), "", "残り", "備考")


def words() -> st.SearchStrategy[Words]:
    """Draw words for a plan; its prefecture is not that of the others."""
    name = written_names()
    return st.builds(
        Words,
        name.filter(lambda each: fold(each) not in ("西国", "")),
        st.tuples(name, name, name),
        # Two programmes have two names.
        st.tuples(name, name).filter(lambda both: fold(both[0]) != fold(both[1])),
        st.one_of(st.just(""), name),
        name,
        name,
    )


def write_plan(folder: Path, said: Words) -> Path:
    """Write a plan of two programmes, one of parts with a rest, over two prefectures."""
    folder.mkdir(parents=True)
    roads: dict[str, Any] = {
        "id": "roads",
        "name": said.programmes[0],
        "payers": "prefectures",
        "basis": "rule",
        "total": 1_000_000,
        "source": said.text,
        "legal_basis": said.text,
        "note": said.text,
        "share": [{"weight": "1/3", "by": "equal"}, {"weight": "2/3", "by": "staff"}],
        "rounding": {"unit": 100, "method": "largest_remainder"},
        "breakdown": {"by": "staff"},
    }
    one = {"unit": 1, "method": "largest_remainder"}
    wells: dict[str, Any] = {
        "id": "wells",
        "name": said.programmes[1],
        "short": said.short,
        "payers": "all",
        "total": 5_000,
        "part": [
            {
                "name": "部分",
                "basis": "rule",
                "total": 1_000,
                "share": [{"weight": "1", "by": "equal"}],
                "rounding": one,
            },
            {
                "name": said.part,
                "basis": "rule",
                "total": "rest",
                "share": [{"weight": "1", "by": "staff"}],
                "rounding": one,
                "adjustment": [{"reason": said.text, "exempt": ["W2"]}],
            },
        ],
    }
    plan = {
        "fiscal_year": 2030,
        "programmes": ["roads", "wells"],
        "organisations": "organisations.csv",
        "codes": "text",
        "measure": [{"name": "staff", "file": "staff.csv"}],
    }
    for name, keys in (("plan", plan), ("roads", roads), ("wells", wells)):
        (folder / f"{name}.toml").write_text(tomlkit.dumps(keys), encoding="utf-8")
    rows = [
        ("E", said.prefecture, "", "prefecture"),
        *((f"E{n}", said.prefecture, town, "town") for n, town in enumerate(said.towns)),
        ("W", "西国", "", "prefecture"),
        ("W1", "西国", "丁町", "town"),
        ("W2", "西国", "戊町", "town"),
    ]
    write_rows(folder / "organisations.csv", ("code", "prefecture", "municipality", "kind"), rows)
    staff = {"E": 60, "E0": 10, "E1": 20, "E2": 30, "W": 40, "W1": 39, "W2": 1}
    write_rows(folder / "staff.csv", ("code", "staff"), [(c, str(n)) for c, n in staff.items()])
    return folder


def write_rows(file: Path, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Write a CSV file, every cell of it in quotes."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    file.write_bytes("\n".join([",".join(heads), *lines, ""]).encode())
