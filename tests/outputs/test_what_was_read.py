"""A file that changes while a run goes on changes nothing; the manifest names what was read.

Every file is written over, or taken away, as soon as it was opened: who opens it again is found.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.files import source as reading
from allocator.files.source import Source, Sources, open_source
from allocator.outputs.files.folder import write_outputs
from allocator.plans.variant import Overrides
from allocator.sources import register
from allocator.sources.budgets import known
from allocator.sources.bundled import CONFIGS, DATA
from allocator.sources.lists.papers import published_lists
from allocator.sources.measures import of_plan
from allocator.sources.reading.opening import open_document
from allocator.tasks import binding, compute, earlier
from allocator.tasks.audit_lists import audit_two
from allocator.tasks.audit_plan import audit_file
from allocator.tasks.check import check
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against, with_previous
from tests.cli.calls import snapshot

Harm = Callable[[Path], object]

HARMS: dict[str, Harm] = {
    "written over": lambda file: file.write_bytes(b"code,amount,population\n010006,1,1\n"),
    "taken away": lambda file: file.unlink(),
}


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of all that a run of the bundled plan reads, and make it read the copy."""
    folder = tmp_path / "country"
    shutil.copytree(CONFIGS / "2023", folder / "plan")
    for name in ("published/2023", "derived/2023", "population"):
        shutil.copytree(DATA / name, folder / "plan" / name)
    for name in ("organisations.csv", "code_changes.csv", "budget/reconciliation.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(DATA / name, folder / name)
    with (folder / "plan/plan.toml").open("a", encoding="utf-8") as plan:
        plan.write(
            'previous = ["published/2023/lgwan.csv"]\n[[measure]]\nname = "population"\n'
            'as_of = 2019-01-01\nfile = "population/resident_register_2019-01-01.csv"\n'
        )
    shutil.copytree(folder / "plan/population", folder / "population")
    measured = folder / "plan/population/resident_register_2019-01-01.csv"
    old_code = measured.read_text(encoding="utf-8").replace("\n402311,", "\n403059,")
    measured.write_text(old_code, encoding="utf-8")
    monkeypatch.setattr(of_plan, "DATA", folder)
    monkeypatch.setattr(register, "REGISTER_FILE", folder / "organisations.csv")
    for module in (register, binding, earlier):
        monkeypatch.setattr(module, "CHANGES_FILE", folder / "code_changes.csv")
    for module in (known, compute):
        monkeypatch.setattr(module, "RECONCILIATION", folder / "budget/reconciliation.toml")
    return folder


def harming(monkeypatch: pytest.MonkeyPatch, harm: Harm) -> dict[Path, bytes]:
    """Do harm to every file as soon as it was opened; return what was read of each."""
    read: dict[Path, bytes] = {}

    def opened(path: Path) -> Source:
        source = open_source(path)
        assert path not in read, f"{path} was opened twice"
        assert not path.is_relative_to(DATA), f"{path} is not that of the copy"
        read[path] = source.content
        harm(path)
        return source

    monkeypatch.setattr(reading, "open_source", opened)
    return read


def run(country: Path, out: Path) -> None:
    population = country / "population_2022-01-01.csv"
    shutil.copy(DATA / "population/resident_register_2022-01-01.csv", population)
    sources = Sources()
    outcome = compute_plan(country / "plan", Overrides(population=(population,)), sources)
    write_outputs(with_previous(outcome, sources=sources), out)


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_the_run(
    harm: Harm, country: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(country, tmp_path / "undisturbed")
    read = harming(monkeypatch, harm)
    run(country, tmp_path / "disturbed")

    assert snapshot(tmp_path / "disturbed") == snapshot(tmp_path / "undisturbed")
    names = {path.relative_to(country).as_posix() for path in read}
    assert names >= {
        "organisations.csv",
        "code_changes.csv",
        "budget/reconciliation.toml",
        "population_2022-01-01.csv",
        "plan/population/resident_register_2019-01-01.csv",
        "plan/plan.toml",
        "plan/residents.toml",
        "plan/published/2023/intermediate_server.csv",
        "plan/published/2023/lgwan.csv",
        "plan/published/2023/lists.toml",
    }
    manifest = json.loads((tmp_path / "disturbed/manifest.json").read_text(encoding="utf-8"))
    hashes = sorted(each["sha256"] for each in manifest["inputs"])
    assert hashes == sorted(hashlib.sha256(content).hexdigest() for content in read.values())


def test_what_changes_after_the_computing(country: Path, tmp_path: Path) -> None:
    outcome = compute_plan(country / "plan")
    before = {path: source.sha256 for path, source in outcome.files.items()}
    for path in outcome.files:
        path.write_bytes(b"changed")
    write_outputs(with_previous(outcome, [str(country / "plan/published/2023/jpki.csv")]), tmp_path)

    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    hashes = {each["sha256"] for each in manifest["inputs"]}
    assert hashes >= set(before.values())
    assert hashlib.sha256(b"changed").hexdigest() not in hashes


def test_an_earlier_plan_that_was_read_at_another_time_is_named_apart(
    country: Path, tmp_path: Path
) -> None:
    earlier = compute_plan(country / "plan")
    changed = country / "plan/residents.toml"
    changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    outcome = against(compute_plan(country / "plan"), earlier)
    write_outputs(outcome, tmp_path)

    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    found = {each["file"]: each["sha256"] for each in manifest["inputs"]}
    assert found["residents.toml"] == hashlib.sha256(changed.read_bytes()).hexdigest()
    assert found["plan/residents.toml"] == earlier.files[changed].sha256
    assert "plan/jpki.toml" not in found  # the same as that of the plan


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_whatever_else_reads_files(
    harm: Harm, country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = country / "plan/published/2023"
    shutil.copy(lists / "residents.csv", country / "a.csv")
    shutil.copy(lists / "residents.csv", country / "b.csv")
    shutil.copy(DATA / f"population/resident_register_{date(2025, 1, 1)}.csv", country / "c.csv")
    shutil.copy(lists / "jpki.csv", country / "d.csv")
    kept = Path(shutil.copytree(country, country.parent / "kept"))

    def fresh() -> None:
        shutil.rmtree(country)
        shutil.copytree(kept, country)
        monkeypatch.setattr(reading, "open_source", open_source)
        harming(monkeypatch, harm)

    fresh()
    (audit,) = audit_two(country / "a.csv", country / "b.csv", country / "plan")
    assert (audit.matched, audit.findings) == (47, ())
    fresh()
    (audit,) = audit_file(country / "a.csv", country / "plan")
    assert (audit.matched, audit.programme) == (47, "residents")
    fresh()
    assert "1,788 organisations" in check(country / "c.csv").text.en
    fresh()
    assert "a list of 47 amounts" in check(country / "d.csv").text.en
    fresh()
    source = Sources().open(country / "d.csv")
    (found,) = published_lists(open_document(source), register.japan())
    assert found.source == source
    assert len(found.frame) == 47
