"""A plan's files with what a call changes written into them; the rest stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import tomlkit

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.files.source import Source, Sources
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.plans.variant import Overrides, apply, resolved


def changed_sources(plan: Plan, overrides: Overrides) -> Sequence[Source]:
    """Return the files of a plan, plan.toml first, as they have to be for what `overrides` changes.

    Raises:
        InputError: a change that cannot be written there.
    """
    if overrides == Overrides():
        return plan.sources
    wanted = apply(plan, overrides)
    overrides = resolved(plan, overrides)
    kept = [programme.id for programme in wanted]
    sources = [_with(plan.sources[0], lambda keys: keys.update(programmes=kept))]
    for programme, source in zip(plan.programmes, plan.sources[1:], strict=True):
        if programme.id in kept:
            sources.append(
                _with(source, lambda keys, of=programme.id: _change(keys, of, overrides))
            )
    # Every known change can be written; what was is compared all the same.
    if load_plan(plan.files[0], Sources(sources)).programmes != wanted:  # pragma: no cover
        raise refuse(
            "save",
            Text(
                "what was changed cannot be written into the plan's files",
                "変更した内容を計画のファイルに書き込めません",
            ),
            Text("change the files themselves", "ファイルを直接変更してください"),
            code="cannot_save",
        )
    return sources


def _change(keys: Any, programme: str, overrides: Overrides) -> None:
    if programme in overrides.totals:
        keys["total"] = overrides.totals[programme]
    if programme in overrides.dates:
        for rule in _rules(keys):
            if "as_of" in rule:
                rule["as_of"] = overrides.dates[programme]


def _rules(keys: Any) -> Iterator[Any]:
    for table in (keys, *keys.get("part", ())):
        yield from table.get("share", ())
        if "unit_amount" in table:
            yield table["unit_amount"]


def _with(source: Source, change: Any) -> Source:
    keys = tomlkit.parse(source.text())
    change(keys)
    text = tomlkit.dumps(keys)
    return source if text == source.text() else replace(source, content=text.encode())
