"""The package as a user gets it: built, installed into an empty environment, run far from here.

Needs a package index, as `make test` did a moment before.
"""

import csv
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock"]

# Fiscal year 2023: who pays, and the declared totals in yen (configs/2023).
PAYERS = {"residents": 47, "jpki": 47, "intermediate_server": 47 + 1741, "lgwan": 47}
TOTALS = {
    "residents": 1_514_000_000,
    "jpki": 2_406_000_000,
    "intermediate_server": 5_978_953_000,
    "lgwan": 1_677_903_280,
}


@dataclass(frozen=True)
class Installation:
    """A virtual environment with the package in it, and a folder that has nothing to do with it."""

    prefix: Path
    elsewhere: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment in the folder elsewhere; give its standard output."""
        folder = self.prefix / ("Scripts" if os.name == "nt" else "bin")
        return _run([str(folder / program), *arguments], cwd=self.elsewhere)


def _run(command: list[str], *, cwd: Path) -> str:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "ALLOCATOR_", "VIRTUAL_ENV"))
    }
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stderr}"
    return done.stdout


def _pins(lock: str) -> dict[tuple[str, str], str]:
    """Give the locked versions by name and environment marker."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pins = {}
    for line in lines:
        if line.startswith((" ", "#")):
            continue
        found = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)(?: ; ([^\\]+))? \\", line)
        assert found, f"{lock}: not an exact version with hashes: {line}"
        pins[found[1], found[3] or ""] = found[2]
    return pins


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution, and the wheel from it: so both are complete."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)], cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    pip_wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    _run([*pip_wheel, "--no-build-isolation", "-w", str(folder), str(sdist)], cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel with the dependencies that it names, in the locked versions."""
    folder = tmp_path_factory.mktemp("installation")
    constraints = folder / "constraints.txt"
    constraints.write_text(
        "".join(
            f"{name}=={version}{f' ; {marker}' if marker else ''}\n"
            for (name, marker), version in _pins("requirements.lock").items()
        ),
        encoding="utf-8",
    )
    installation = Installation(prefix=folder / "venv", elsewhere=folder / "elsewhere")
    installation.elsewhere.mkdir()
    _run([sys.executable, "-m", "venv", str(installation.prefix)], cwd=folder)
    pip_install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installation.run("python", *pip_install, "-c", str(constraints), str(wheel))
    return installation


def test_wheel_holds_the_package_with_data_and_configs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {
        "allocator",
        f"{'-'.join(wheel.name.split('-')[:2])}.dist-info",
    }
    for folder in ["data", "configs"]:
        here = {path for path in (ROOT / folder).rglob("[!.]*") if path.is_file()}
        there = {name for name in names if name.startswith(f"allocator/{folder}/")}
        assert there == {f"allocator/{path.relative_to(ROOT).as_posix()}" for path in here}
    assert "allocator/configs/2023/plan.toml" in names
    assert "allocator/data/derived/2023/jpki_by_ratio.csv" in names
    assert "allocator/py.typed" in names


def test_installed_package_lies_in_site_packages(installation: Installation) -> None:
    code = "import allocator, sys; print(allocator.__file__); print('\\n'.join(sys.path))"
    package, *paths = installation.run("python", "-c", code).splitlines()

    assert Path(package).is_relative_to(installation.prefix)
    assert Path(package).parents[1].name == "site-packages"
    assert not [path for path in paths if path and Path(path).is_relative_to(ROOT)]


def test_installed_package_computes_the_bundled_plan(installation: Installation) -> None:
    installation.run("allocator", "run", "--out", "results")

    path = installation.elsewhere / "results" / "allocation.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert reader.fieldnames == [
        "fiscal_year",
        "programme",
        "code",
        "prefecture",
        "municipality",
        "amount",
    ]

    amounts: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        amounts[row["programme"]].append(int(row["amount"]))
    assert len(rows) == 1929
    assert {programme: len(each) for programme, each in amounts.items()} == PAYERS
    assert {programme: sum(each) for programme, each in amounts.items()} == TOTALS


def test_command_and_module_are_the_same(installation: Installation) -> None:
    as_command = installation.run("allocator", "--help")
    as_module = installation.run("python", "-m", "allocator", "--help")

    assert as_command.splitlines()[1:] == as_module.splitlines()[1:]
    assert "Usage: " in as_command


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert not re.search(r"://|file:|^-|/| @ ", text, re.MULTILINE)
    assert _pins(lock)
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement


def test_both_locks_hold_the_same_versions() -> None:
    runtime, everything = (_pins(lock) for lock in LOCKS)

    assert runtime.items() <= everything.items()


def test_everything_declared_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = declared["dependency-groups"]
    runtime = [*declared["project"]["dependencies"], *groups["build"]]
    dev = [entry for entry in groups["dev"] if isinstance(entry, str)]

    for lock, requirements in zip(LOCKS, [runtime, runtime + dev], strict=True):
        names = {re.split(r"[^A-Za-z0-9-]", entry)[0] for entry in requirements}
        assert names <= {name for name, _ in _pins(lock)}
