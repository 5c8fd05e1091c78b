"""Hostile files each end in one clear sentence and status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.cli.main import run
from tests.sources.hostile import HOSTILE


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_hostile_file_is_one_problem(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, out = tmp_path / "given", tmp_path / "out"
    made.mkdir()
    path = HOSTILE[kind](made)

    status = run(["--lang", "en", "run", "--population", str(path), "--out", str(out)])

    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.count("Error: ") == 1
    assert said.err.count("To mend it: ") == 1
    assert len(said.err.splitlines()) == 2
    assert "Traceback" not in said.err
    assert not out.exists()


def test_an_encrypted_workbook_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "population_2022-01-01.xlsx"
    path.write_bytes(ENCRYPTED.read_bytes())

    assert run(["--lang", "en", "run", "--population", str(path)]) == 2
    assert "password" in capsys.readouterr().err


ENCRYPTED = Path(__file__).parents[1] / "fixtures" / "encrypted.xlsx"
