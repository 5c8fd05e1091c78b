"""`make` in a checkout that was copied or moved: it runs itself, not the folder it came from."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

# `python -m venv` and `pip install -e .`, with nothing behind them: the command that is installed
# knows the folder it was installed from, as the real one does.
FAKE_PYTHON: Final = """#!/bin/sh
[ "$1" = -c ] && exit 0
[ "$1 $2 $3" = "-m venv --clear" ] || exit 9
echo "made" >>log
rm -rf "$4"
mkdir -p "$4/bin"
cat >"$4/bin/python" <<'END'
#!/bin/sh
case "$*" in
*" -e .") printf '#!/bin/sh\\necho "runs %s"\\n' "$PWD" >.venv/bin/allocator
    chmod +x .venv/bin/allocator; echo "installed" >>log ;;
esac
END
chmod +x "$4/bin/python"
"""


@pytest.fixture
def make(require_tool: Callable[[str], str]) -> Callable[[Path], str]:
    """Call `make run` in a folder, and give what the installed command says."""
    program = require_tool("make")
    inherited = {name: each for name, each in os.environ.items() if not name.startswith("MAKE")}

    def call(folder: Path) -> str:
        command = [program, "--silent", "run", "PYTHON=./fake_python"]
        done = subprocess.run(
            command, cwd=folder, env=inherited, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


Make = Callable[[Path], str]


@pytest.fixture(params=["checkout", "a checkout, with blanks (and more)", "庁内 資料"])
def checkout(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a folder with what `make run` needs."""
    folder = tmp_path / str(request.param)
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / "fake_python").write_text(FAKE_PYTHON, encoding="utf-8")
    (folder / "fake_python").chmod(0o755)
    return folder


def log(folder: Path) -> list[str]:
    return (folder / "log").read_text("utf-8").split()


def test_the_environment_is_made_once(checkout: Path, make: Make) -> None:
    assert make(checkout) == f"runs {checkout}\n"
    assert make(checkout) == f"runs {checkout}\n"
    assert log(checkout) == ["made", "installed"]


def test_a_copy_runs_itself(checkout: Path, make: Make, tmp_path: Path) -> None:
    make(checkout)
    copy = tmp_path / "a copy"
    shutil.copytree(checkout, copy, symlinks=True)  # stamps and all, as old as they were

    assert make(copy) == f"runs {copy}\n"
    assert make(copy) == f"runs {copy}\n"
    assert log(copy) == ["made", "installed"] * 2
    assert make(checkout) == f"runs {checkout}\n"
    assert log(checkout) == ["made", "installed"]


def test_a_moved_checkout_runs_itself(checkout: Path, make: Make, tmp_path: Path) -> None:
    make(checkout)
    moved = checkout.rename(tmp_path / "moved here")

    assert make(moved) == f"runs {moved}\n"
    assert log(moved) == ["made", "installed"] * 2


def test_an_environment_of_before_is_made_anew(checkout: Path, make: Make) -> None:
    """It doesn't say where it was made: it might be a copy."""
    make(checkout)
    (checkout / ".venv" / "made_in").unlink()
    make(checkout)
    assert log(checkout) == ["made", "installed"] * 2


def test_a_newer_lock_is_installed(checkout: Path, make: Make) -> None:
    make(checkout)
    later = (checkout / ".venv" / "run.stamp").stat().st_mtime + 5
    os.utime(checkout / "requirements.lock", (later, later))
    make(checkout)
    assert log(checkout) == ["made", "installed", "installed"]


def test_on_windows_a_copy_and_a_folder_on_a_server_run_themselves() -> None:
    """The batch file cannot be run here; this much can be seen."""
    lines = (ROOT / "make.cmd").read_text("utf-8").splitlines()

    assert 'pushd "%~dp0" || exit /b 1' in lines  # `cd` knows no \\\\server\\folder
    assert not [line for line in lines if line.startswith("cd ")]
    assert [line for line in lines if "exit /b" in line][1:] == ["exit /b %CODE%"]
    assert lines[-2:] == ["popd", "exit /b %CODE%"]
    made = lines.index("%PYTHON% -m venv --clear .venv")
    assert lines[made + 2] == '>.venv\\made_in.txt echo "%HERE%"'
    compared = lines.index("fc /b .venv\\here.txt .venv\\made_in.txt >nul 2>&1")
    assert lines[compared + 1] == "if not errorlevel 1 goto compare"
    assert compared < lines.index(":find") < made
