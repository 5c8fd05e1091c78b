"""Any folder of a plan: a sound one with keys, values, bytes or whole files changed."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from tests.cli.any_file import CELLS, FILES, NEW_BYTES
from tests.outputs.country import write_country
from tests.plans.plans import FILES as EVERY_RULE

Folder = dict[str, bytes | str]
"""Names (with folders) to content; text is where a symbolic link leads."""

KEYS: Final = (
    "fiscal_year programmes payers_as_of organisations codes measure name as_of file column id "
    "payers basis total source published share weight by rounding unit method ties rest "
    "unit_amount prefectures municipalities from amount keep_total carried_forward list "
    "adjustment reason exempt fixed minimum maximum max_increase max_decrease previous breakdown "
    'legal_basis colour "" "a.b" a.b.c "\\u0000"'
).split()

_WORDS: Final = (
    "1/2 1/3 1/0 -1/2 0 1e9 1e-9 1e99999999 1/9999999999999999999999999 １/２ nan a\\nb \\u0000 "
    "\\u001b[31m equal population municipalities staff all prefectures rule carried_forward "
    "estimated largest_remainder half_up_then_largest floor_then_first cumulative adams dean "
    "huntington_hill webster jefferson code weight error first largest text official . / ../x "
    "organisations.csv staff.csv published/2023/jpki.csv plan.toml roads split"
).split()

_FIGURES: Final = (
    "0 1 -1 1000 2023 9999999 1_000_000_000_000_000_000 9223372036854775808 0x10 nan inf -inf "
    "1e400 0.5 1.5 2022-01-01 0001-01-01 9999-12-31 2022-01-01T00:00:00Z 12:00:00 true [] [[]] {}"
).split()

VALUES: Final = [
    *_FIGURES,
    *(f'"{word}"' for word in ("", "a" * 300, *_WORDS)),
    *("1" + "0" * 400, "1" + "0" * 5000, "[" * 2000, "'''", '["split"]', '["E"]', "[1, 2]", "[{}]"),
    *("{ a = 1 }", '["010006", "010006"]', "[{ from = 0, amount = 1 }]"),
    *("[{ from = 1, amount = 1 }]", "[{ from = 0, amount = 1e300 }]"),
    "[{ from = -1, amount = 1 }, { from = -1, amount = -5 }]",
]


@cache
def sound() -> tuple[Folder, ...]:
    """Return two sound plans: an invented country, and one of every rule on Japan."""
    with tempfile.TemporaryDirectory() as made:
        country = write_country(Path(made) / "country")
        files: Folder = {file.name: file.read_bytes() for file in country.iterdir()}
    japan: Folder = {f"{name}.toml": text.encode() for name, text in EVERY_RULE.items()}
    return files, japan | {"staff.csv": b"code,persons\n010006,1\n"}


@st.composite
def plans(draw: st.DrawFn) -> Folder:
    """Draw the files of a plan, most often the small country, with one change or a few."""
    country, japan = sound()
    folder = dict(draw(st.sampled_from([country, country, country, japan])))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(folder)))
        content = folder[name]
        if isinstance(content, str):
            continue
        kind = draw(st.sampled_from(["line", "line", "line", "line", "bytes", "file", "cell"]))
        if kind == "line":
            folder[name] = _other_line(draw, content)
        elif kind == "bytes":
            at = draw(st.integers(0, max(0, len(content) - 1)))
            folder[name] = content[:at] + draw(NEW_BYTES) + content[at + draw(st.integers(0, 5)) :]
        elif kind == "cell":
            cells = content.decode("utf-8", "replace").split(",")
            cells[draw(st.integers(0, len(cells) - 1))] = str(draw(CELLS))
            folder[name] = ",".join(cells).encode("utf-8", "replace")
        else:
            _other_file(draw, folder, name)
    return folder


def _other_line(draw: st.DrawFn, content: bytes) -> bytes:
    """Change a line: another value, another key, none at all, twice, a new one before it."""
    lines = content.decode("utf-8", "replace").split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    key, value = draw(st.sampled_from(KEYS)), draw(st.sampled_from(VALUES))
    found = re.match(r"([A-Za-z_]+) = ", lines[at])
    kind = draw(st.sampled_from(["value"] * 4 + ["key", "drop", "twice", "new"]))
    if kind == "value":
        lines[at] = f"{found[1] if found else key} = {value}"
    elif kind == "key":
        lines[at] = f"{key} = {lines[at].partition(' = ')[2] or value}"
    elif kind == "drop":
        del lines[at]
    elif kind == "twice":
        lines.insert(at, lines[at])
    else:
        lines.insert(at, draw(st.sampled_from([f"{key} = {value}", f"[{key}]", f"[[{key}]]"])))
    return "\n".join(lines).encode("utf-8", "replace")


def _other_file(draw: st.DrawFn, folder: Folder, name: str) -> None:
    """Take a file away, put a link or another file in its place, or a folder."""
    del folder[name]
    kind = draw(st.sampled_from(["none", "loop", "dangling", "file", "folder", "odd name"]))
    if kind == "loop":
        folder[name] = name
    elif kind == "dangling":
        folder[name] = "nowhere"
    elif kind == "file":
        folder[name] = draw(FILES)
    elif kind == "folder":
        folder[f"{name}/inside"] = b""
    elif kind == "odd name":
        folder["\n\udcff .toml"] = b"id = 1"
