"""Rebuild the generated parts of the documentation.

    python docs/build.py            rewrites what is stale
    python docs/build.py --check    changes nothing; ends with 1 where something is stale

A generated part stands between `<!-- generated: NAME -->` and `<!-- end of generated -->`; BLOCKS
says what each name is made from. Calls of `allocator` are real ones, in an empty folder and at a
fixed width, so that the text is the same on every machine.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
MEASURED: Final = ROOT / "docs" / "measured"
LIST: Final = ROOT / "data" / "published" / "2023" / "residents.csv"
WIDTH: Final = 80

_BLOCK: Final = re.compile(
    r"(?P<head><!-- generated: (?P<name>[^>]+?) -->\n).*?(?P<foot><!-- end of generated -->)",
    re.DOTALL,
)


def pages() -> list[Path]:
    """Return every page that can hold generated parts."""
    return [ROOT / "README.md", ROOT / "README.ja.md", *sorted((ROOT / "docs").glob("*.md"))]


@cache
def allocator(
    *arguments: str, files: tuple[tuple[str, str], ...] = (), status: int = 0
) -> tuple[str, str]:
    """Call allocator in a folder with `files` alone; return standard output and standard error."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ALLOCATOR_")
    } | {
        "COLUMNS": str(WIDTH),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files:
            Path(folder, name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "allocator", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode != status:
        raise RuntimeError(f"allocator {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout, done.stderr


def fenced(text: str) -> str:
    """Return `text` as a code block."""
    lines = (line.rstrip() for line in text.strip("\n").splitlines())
    return "\n".join(["```text", *lines, "```"])


def commands() -> list[str]:
    """Return the names of the commands, as `allocator --help` lists them."""
    listed = allocator("--lang", "en", "--help")[0].partition("Commands:\n")[2]
    return re.findall(r"^  ([a-z-]+)", listed, re.MULTILINE)


def helps(language: str) -> str:
    """Return the help of every command."""
    parts = [fenced(allocator("--lang", language, "--help")[0])]
    for command in commands():
        parts += [
            f"#### allocator {command}",
            fenced(allocator("--lang", language, command, "--help")[0]),
        ]
    return "\n\n".join(parts)


def result(language: str) -> str:
    """Return what `allocator run` prints for the bundled plan."""
    return fenced(allocator("--lang", language, "run")[1])


def audited(language: str) -> str:
    """Return an audit of the residents list of FY2023 with one amount changed by one yen."""
    text = LIST.read_text(encoding="utf-8").replace(",47267000", ",47267001")
    call = ("--lang", language, "audit", "list.csv", "--programme", "residents")
    return fenced(
        "$ allocator audit list.csv --programme residents\n"
        + "".join(allocator(*call, files=(("list.csv", text),), status=1))
    )


def shown(language: str) -> str:
    """Return how `allocator show` explains the first programme of 東京都."""
    text = allocator("--lang", language, "show", "130001")[0]
    return fenced("\n\n".join(text.split("\n\n")[:2]))


def measured() -> str:
    """Return the figures of the last measurement."""
    tables = [path.read_text(encoding="utf-8").strip() for path in sorted(MEASURED.glob("*.md"))]
    return "\n\n".join(tables) or "Not measured yet."


BLOCKS: Final[Mapping[str, Callable[[], str]]] = {
    "help en": lambda: helps("en"),
    "help ja": lambda: helps("ja"),
    "result en": lambda: result("en"),
    "result ja": lambda: result("ja"),
    "show en": lambda: shown("en"),
    "audit en": lambda: audited("en"),
    "benchmarks": measured,
}


def rendered(text: str, blocks: Mapping[str, Callable[[], str]] = BLOCKS) -> str:
    """Return a page with its generated parts made anew."""

    def fill(found: re.Match[str]) -> str:
        if found["name"] not in blocks:
            known = ", ".join(blocks)
            raise KeyError(f"no generated part {found['name']!r}; there are: {known}")
        return f"{found['head']}{blocks[found['name']]()}\n{found['foot']}"

    return _BLOCK.sub(fill, text)


def stale() -> dict[Path, str]:
    """Return every page that is not up to date, with the text that it should have."""
    found = {}
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (fresh := rendered(text)) != text:
            found[page] = fresh
    return found


def main(arguments: list[str]) -> int:
    """Rewrite what is stale, or with --check only say so."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/build.py [--check]", file=sys.stderr)
        return 2
    found = stale()
    for page, text in found.items():
        name = page.relative_to(ROOT).as_posix()
        if arguments:
            print(f"{name} is stale; `make docs` rebuilds it", file=sys.stderr)
        else:
            page.write_text(text, encoding="utf-8")
            print(f"rebuilt {name}", file=sys.stderr)
    return 1 if found and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
