"""What readers of Japanese see has no English in it: audit, check, run, extract and wrong calls.

Left standing are names of files, codes, ids, options, keys and values of TOML, what an input has
itself, and the names of formats.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from allocator.cli.main import COMMANDS, run
from allocator.plans.plan import MeasureSource, PlanTable
from allocator.plans.programme import Part, Programme
from allocator.plans.tables import (
    Adjustment,
    Band,
    Breakdown,
    CarriedForward,
    Rounding,
    Share,
    UnitAmount,
)
from allocator.sources.bundled import CONFIGS, DATA

LISTS: Final = DATA / "published/2023"
SOUND: Final = (LISTS / "residents.csv").read_text(encoding="utf-8")
SERVER: Final = (LISTS / "intermediate_server.csv").read_text(encoding="utf-8")
ROWS: Final = SOUND.splitlines()


def _rows(*order: int) -> str:
    return "\n".join(ROWS[at] for at in order)


FILES: Final[dict[str, str | bytes]] = {
    "sound.csv": SOUND,
    "fraction.csv": SOUND.replace("47267000", "47267000.5"),
    "negative.csv": SOUND.replace("47267000", "-1"),
    "letters.csv": SOUND.replace("47267000", "abc"),
    "blank.csv": SOUND.replace("23579000", ""),
    "nothing.csv": "",
    "repeated.csv": f"{SOUND}010006,x,,5\n",
    "totals.csv": f"{SOUND}合計,,,5\n合計,,,6\n",
    "total.csv": f"{SOUND}合計,,,5\n",
    "codes.csv": SOUND.replace("010006", "010007").replace("020001", "02000"),
    "stranger.csv": SOUND.replace("010006,北海道", "131016,謎県"),
    "zeros.csv": b"\x00\x01\x02",
    "bytes.csv": b"code,amount\n\xff\xfe\x80,1\n",
    "large.csv": SOUND.replace("47267000", "9" * 30),
    "headless.csv": "010006,5\n020001,6\n",
    "columns.csv": "code,amount,amount\n010006,1,2\n",
    "lacking.csv": "code,name\n010006,x\n",
    "title.csv": f"令和4年度負担金\n{SOUND}",
    "backwards.csv": "\n".join([ROWS[0], *reversed(ROWS[1:])]),
    "swapped.csv": _rows(0, 1, 2, 4, 3, *range(5, len(ROWS))),
    "moved.csv": _rows(0, 2, 3, 4, 5, 6, 7, 8, 1, *range(9, len(ROWS))),
    "missing.csv": _rows(0, 2, 3, *range(5, len(ROWS))),
    "names.csv": SOUND.replace("北海道", "北海逍"),
    "thousands.csv": SOUND.replace("000\n", "\n"),
    "band.csv": SERVER.replace("千代田区,3101000", "千代田区,3937000").replace("011002", "044237"),
    "page.xlsx": b"<html><body>error</body></html>",
    "broken.xlsx": b"PK\x03\x04garbage",
    "broken.pdf": b"%PDF-1.4 junk",
    "broken.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk",
    "paper.txt": "令和5年度負担金一覧\n",
}
PLANS: Final[dict[str, tuple[str, str, str]]] = {
    "unit": ("residents.toml", "unit = 1000", "unit = -17"),
    "syntax": ("residents.toml", "[rounding]", "[rounding"),
    "measure": ("residents.toml", 'by = "equal"', 'by = "equl"'),
    "yen": ("residents.toml", "total = 1_514_000_000", 'total = "x"'),
    "key": ("residents.toml", "id =", "idd ="),
    "year": ("plan.toml", "fiscal_year = 2023", "fiscal_year = 99"),
    "date": ("residents.toml", "as_of = 2022-01-01", "as_of = 2099-01-01"),
    "weight": ("residents.toml", 'weight = "1/2"', 'weight = "1/3"'),
    "method": ("residents.toml", 'method = "largest_remainder"', 'method = "foo"'),
    "bands": ("intermediate_server.toml", "from = 10_000,", "from = 0,"),
    "gone": ("plan.toml", '"lgwan"', '"nothere"'),
    "payers": ("residents.toml", 'payers = "prefectures"', 'payers = "x"'),
    "type": ("residents.toml", 'basis = "rule"', 'basis = "estimated"\nstated_error = 5'),
    "carried": ("jpki.toml", "published/2023/jpki.csv", "none.csv"),
}
CALLS: Final[tuple[tuple[str, ...], ...]] = (
    ("audit",),
    ("audit", "--foo"),
    ("nonsense",),
    ("run", "--total"),
    ("run", "--total", "x=5"),
    ("run", "--total", "residents=abc"),
    ("run", "--as-of", "residents=foo"),
    ("run", "--programme", "foo"),
    ("run", "2023", "--encoding", "foo"),
    ("extract", "sound.csv"),
    ("audit", "sound.csv", "extra"),
    ("audit", "sound.csv", "--report", "x.doc"),
    ("audit", "sound.csv", "--programme", "foo"),
    ("audit", "sound.csv", "--programme"),
    ("show",),
    ("show", "999999"),
    ("show", "010006", "gone"),
    ("--foo",),
    *((command, "--help") for command in COMMANDS),
    ("--help",),
)

_TABLES = (Adjustment, Band, Breakdown, CarriedForward, MeasureSource, PlanTable)
_KEYS = {
    field.alias or name
    for table in (*_TABLES, Part, Programme, Rounding, Share, UnitAmount)
    for name, field in table.model_fields.items()
}
_VALUES = """equal population municipalities prefectures all largest first largest_remainder
    half_up_then_largest floor_then_first cumulative adams dean huntington_hill webster jefferson
    floor ceiling half_up
    rule estimated residents jpki intermediate_server lgwan""".split()
_HEADINGS = ("code", "amount", "name", "from", "list")
_FORMATS = "CSV TOML UTF PDF HTML XML JSON YEN PLAN FILE CODE PATH DATE DIR Parquet xls xlsx cp932"
_COMMANDS = (*COMMANDS, "allocator", "out", "ID", "utf")
_GIVEN = "plan abc foo equl idd nothere none gone nonsense extra x doc md html json csv toml txt"
LEFT: Final = frozenset(
    {*_KEYS, *_VALUES, *_HEADINGS, *_FORMATS.split(), *_COMMANDS, *_GIVEN.split()}
)


def english(text: str) -> list[str]:
    """Return the English words of a text, with what may stand in Japanese taken out."""
    plain = re.sub(r"[^\s:、。()「」`]*\.(csv|toml|xlsx?|pdf|txt|html|md|json|doc)\b", "", text)
    plain = re.sub(r"--?[a-z][a-z-]*", "", plain)
    words = re.findall(r"[A-Za-z][A-Za-z_]{2,}", plain)
    return [word for word in words if word not in LEFT]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Iterator[str]:
    status = run(["--lang", "ja", *words])
    printed = capsys.readouterr()
    assert status in (0, 1, 2), (words, printed.err)
    yield from (line for line in (printed.out + printed.err).splitlines() if english(line))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("audit", name),
        ("audit", name, "--programme", "residents"),
        ("audit", name, "--against", "sound.csv"),
        ("audit", "sound.csv", "--against", name),
        ("check", name),
        ("run", "2023", "--programme", "residents", "--population", name, "--out", "out"),
    ):
        assert list(said(capsys, *words)) == [], words


@pytest.mark.parametrize("name", PLANS)
def test_plans(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(CONFIGS / "2023", "plan")
    file, old, new = PLANS[name]
    text = Path("plan", file).read_text(encoding="utf-8")
    assert old in text
    Path("plan", file).write_text(text.replace(old, new), encoding="utf-8")
    for words in (("check", "plan"), ("audit", "sound.csv", "--plan", "plan")):
        assert list(said(capsys, *words)) == [], words


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_wrong_calls_and_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert list(said(capsys, *words)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("エラー: list.csv: line 7, column 金額", ["line"]),
        ("誤り: 金額相違 (other_band)", ["other_band"]),
        ("population 2019-01-01: 5", []),
        ("エラー: allocator: No such option '--foo'.", ["such", "option"]),
        ("a/b.csv: 7行目、列 amount", []),
    ],
)
def test_english_is_seen(text: str, words: list[str]) -> None:
    """The measure of this file itself."""
    found: Callable[[str], list[str]] = english
    assert found(text) == words
