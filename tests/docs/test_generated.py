"""Generated parts of the documentation are what the program says today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allocator.cli.main import COMMANDS
from docs import build


def test_generated_parts_are_up_to_date() -> None:
    stale = [path.relative_to(build.ROOT).as_posix() for path in build.stale()]

    assert not stale, f"{', '.join(stale)}: stale; `make docs` rebuilds them"


def test_every_generated_part_stands_on_a_page() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in build.pages())
    placed = re.findall(r"<!-- generated: (.+?) -->", text)

    assert sorted(placed) == sorted(build.BLOCKS)


def test_every_command_has_its_help_in_both_languages() -> None:
    assert build.commands() == list(COMMANDS)
    for language in ("en", "ja"):
        text = build.BLOCKS[f"help {language}"]()
        for command in COMMANDS:
            assert f": allocator {command} " in text


def test_rendering_replaces_what_stands_between_the_marks_and_nothing_else() -> None:
    page = "a\n<!-- generated: x -->\nold\n<!-- end of generated -->\nb\n"

    fresh = build.rendered(page, {"x": lambda: "new"})

    assert fresh == page.replace("old", "new")
    assert build.rendered(fresh, {"x": lambda: "new"}) == fresh


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(KeyError, match="no generated part 'y'; there are: x"):
        build.rendered("<!-- generated: y -->\n<!-- end of generated -->", {"x": lambda: "new"})


@pytest.fixture
def one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the builder see one stale page, with nothing to compute in it."""
    path = tmp_path / "page.md"
    path.write_text(
        "<!-- generated: benchmarks -->\nold\n<!-- end of generated -->\n", encoding="utf-8"
    )
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "MEASURED", tmp_path / "measured")
    monkeypatch.setattr(build, "pages", lambda: [path])
    return path


def test_check_ends_with_1_on_a_stale_page_and_leaves_it(
    one_page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = one_page.read_text(encoding="utf-8")

    assert build.main(["--check"]) == 1
    assert "page.md is stale" in capsys.readouterr().err
    assert one_page.read_text(encoding="utf-8") == before


def test_without_check_a_stale_page_is_rebuilt(one_page: Path) -> None:
    assert build.main([]) == 0
    assert "Not measured yet." in one_page.read_text(encoding="utf-8")
    assert build.main(["--check"]) == 0

    (one_page.parent / "measured").mkdir()
    (one_page.parent / "measured" / "speed.md").write_text("| figures |\n", encoding="utf-8")

    assert build.main(["--check"]) == 1
    assert build.main([]) == 0
    assert "\n| figures |\n<!--" in one_page.read_text(encoding="utf-8")


def test_other_options_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
