"""A plan by any of the names of its folder, and plans that lead back to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Caller, assert_refused, snapshot
from tests.outputs.country import write_country


def test_a_plan_is_checked_from_inside_its_folder(
    here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_country(here / "country")
    monkeypatch.chdir(here / "country")
    for name in (".", "./", "plan.toml", "./plan.toml", "../country", "../country/"):
        ended = call("check", name)
        assert ended.status == 0, ended.err
        assert "the plan is sound; it computes roads 1,000,000" in ended.err
    assert_refused(call("check", "roads.toml"), "a programme of a plan", "check its plan: .")


def test_a_plan_inside_the_folder_of_another(
    here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer, inner = write_country(here / "outer"), write_country(here / "outer/inner")
    (here / "link").symlink_to(inner)
    for name in ("outer", "outer/inner", "outer/inner/", "link", "outer/inner/../inner"):
        assert call("check", name).status == 0, name
    monkeypatch.chdir(inner)
    for name in ("..", ".", "../inner"):
        assert call("check", name).status == 0, name
    assert call("run", "..", "--previous", ".", "--out", here / "out").status == 0
    assert outer.is_dir()


def test_the_outputs_are_the_same_however_the_folder_is_named(
    here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = write_country(here / "country")
    (here / "link").symlink_to("country")
    monkeypatch.chdir(plan)
    names = [".", "../country/", "../link", str(plan), "plan.toml", f"{plan}/../country/plan.toml"]
    for number, name in enumerate(names):
        assert call("run", name, "--out", here / f"{number}").status == 0, name
        assert snapshot(here / f"{number}") == snapshot(here / "0"), name


def with_previous(folder: Path, *names: str) -> Path:
    """Write a plan that is compared with `names`."""
    plan = write_country(folder)
    listed = ", ".join(f'"{name}"' for name in names)
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    (plan / "plan.toml").write_text(f"previous = [{listed}]\n{text}", encoding="utf-8")
    return plan


@pytest.mark.parametrize(
    "name", [".", "./", "../a", "plan.toml", "../link", "roads=.", "../a/plan.toml"]
)
def test_a_plan_is_not_its_own_year_before(name: str, here: Path, call: Caller) -> None:
    with_previous(here / "a", name)
    (here / "link").symlink_to("a")
    for words in (("check", "a"), ("run", "a", "--out", "out")):
        refused = call(*words)
        assert_refused(refused, f"a/plan.toml: previous '{name}'", "names itself")
    assert not (here / "out").exists()


def test_years_before_that_lead_in_a_circle(here: Path, call: Caller) -> None:
    with_previous(here / "a", "../b")
    with_previous(here / "b", "../c")
    with_previous(here / "c", "../a")
    assert_refused(call("check", "a"), "previous '../a'", "lead in a circle: a → b → c → a")
    with_previous(here / "d", "../e")
    with_previous(here / "e", ".")
    assert_refused(call("check", "d"), "lead in a circle: e → e")


def test_years_that_end_somewhere_are_no_circle(here: Path, call: Caller) -> None:
    """One plan by two ways, a plan that can't be read, a chain."""
    write_country(here / "c")
    with_previous(here / "b", "../c")
    with_previous(here / "a", "roads=../b", "wells=../c")
    (here / "gone").mkdir()
    (here / "gone/plan.toml").write_text("previous = [", encoding="utf-8")
    assert call("check", "a").status == 0
    with_previous(here / "d", "../gone")
    assert_refused(call("check", "d"), "gone/plan.toml")


def test_an_option_may_name_the_plan_itself(here: Path, call: Caller) -> None:
    """What a total changes against the plan as it stands is a good question."""
    write_country(here / "a")
    words = ("run", "a", "--total", "roads=2000000", "--previous", "a", "--out", "out")
    assert call(*words).status == 0
