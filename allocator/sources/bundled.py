"""Where the data and the plans that come with the package lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.files.paths import resolved
from allocator.files.source import Sources

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def _folder(name: str) -> Path:
    """Return a bundled folder: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


DATA: Final = _folder("data")
CONFIGS: Final = _folder("configs")


def bundled_years() -> list[int]:
    """Return the years of the bundled plans, in their order."""
    folders = CONFIGS.glob("[0-9]*")
    return sorted(int(each.name) for each in folders if (each / "plan.toml").is_file())


def newest_plan() -> Path:
    """Return the folder of the newest bundled plan."""
    years = bundled_years()
    if not years:
        raise refuse(
            str(CONFIGS),
            Text("no bundled plan is there", "同梱の計画がありません"),
            Text(
                "name a plan, or install the package again",
                "計画を指定するか、再インストールしてください",
            ),
            code="missing_file",
        )
    return CONFIGS / f"{years[-1]}"


def locate(name: str, folder: Path, sources: Sources) -> Path | None:
    """Return the file that a plan in `folder` names: beside the plan first, then in the data.

    What `sources` of this run have found once is there for the whole run.
    """
    for candidate in (folder / name, DATA / name):
        if sources.has(candidate):
            return candidate
    return None


def shown(path: Path) -> str:
    """Return a path for people and manifests: bundled files as data/… or configs/…."""
    for name, base in (("data", DATA), ("configs", CONFIGS)):
        if (at := resolved(path)).is_relative_to(base):
            return f"{name}/{at.relative_to(base).as_posix()}"
    return path.as_posix()
