"""A plan whose year before leads back to itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from allocator.domain.errors import Problem, refuse
from allocator.domain.text import Text, same
from allocator.files.paths import is_file, is_folder, resolved
from allocator.files.source import Sources
from allocator.files.toml import read_toml
from allocator.plans.load import PLAN_FILE
from allocator.plans.plan import Plan
from allocator.sources.bundled import CONFIGS, locate


def refuse_circles(plan: Plan, sources: Sources) -> None:
    """Refuse a plan that is its own year before, be it by way of others (a, b, a).

    Only what the plans name as `previous` is followed. One that cannot be read leads nowhere: that
    it is wrong is said where it is used.

    Raises:
        InputError: a plan names itself, or one that leads back to it.
    """
    _follow(plan.files[0], plan.table.previous, [plan.files[0]], set(), sources)


def _follow(
    file: Path, names: Sequence[str], trail: list[Path], done: set[Path], sources: Sources
) -> None:
    for name, other in _plans(file, names, sources):
        seen = [resolved(each) for each in trail]
        if resolved(other) in seen:
            way = [*trail[seen.index(resolved(other)) :], other]
            raise _circle(trail[0], name, way)
        if resolved(other) not in done:
            _follow(other, _named_by(other, sources), [*trail, other], done, sources)
    done.add(resolved(file))


def _plans(file: Path, names: Sequence[str], sources: Sources) -> Iterator[tuple[str, Path]]:
    """Yield the plan.toml of each plan among what a plan is compared with."""
    for name in names:
        for wanted in (name, name.partition("=")[2]):  # ID=PATH
            found = locate(wanted, file.parent, sources) if wanted else None
            if found is None and wanted and is_file(CONFIGS / wanted / PLAN_FILE):
                found = CONFIGS / wanted
            if found is not None and is_folder(found):
                found /= PLAN_FILE
            if found is not None and found.suffix == ".toml" and is_file(found):
                yield name, found
                break


def _named_by(file: Path, sources: Sources) -> list[str]:
    content = read_toml(file, sources)
    names = [] if isinstance(content, Problem) else content.get("previous", [])
    several = names if isinstance(names, list) else [names]
    return [each for each in several if isinstance(each, str)]


def _circle(file: Path, name: str, way: Sequence[Path]) -> Exception:
    if len(way) == 2 and way[0] == file:  # noqa: PLR2004 from itself to itself
        what = Text(
            "the plan names itself as the year before",
            "計画が自分自身を前年度の計画としています",
        )
    else:
        names = same(" → ".join(resolved(each.parent).name for each in way))
        what = Text(
            f"the years before lead in a circle: {names.en}",
            f"前年度の計画をたどると元に戻ります: {names.ja}",
        )
    return refuse(
        f"{file}: previous {name!r}",
        what,
        Text(
            "name the plan of an earlier year, or leave previous out",
            "前の年度の計画を指定するか、previous を外してください",
        ),
        code="circle",
    )
