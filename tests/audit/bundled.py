"""The bundled lists with what they are compared with, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

from allocator.auditing.reasons import Knowledge
from allocator.auditing.reference import Reference
from allocator.files.source import open_source
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.sources.bundled import DATA, newest_plan
from allocator.sources.lists.table import PublishedList, read_list
from allocator.tasks.compute import Prepared, prepare
from allocator.tasks.expected import expected_of
from tests.audit.mutations import Faulty, Oracle, sound


@dataclass(frozen=True)
class Bundled:
    """One bundled list, its reference, and the oracle for lists made of it."""

    programme: str
    plan: Plan
    ready: Prepared

    @cached_property
    def published(self) -> PublishedList:
        return read_list(
            open_source(DATA / f"published/2023/{self.programme}.csv"), self.ready.register
        )

    @cached_property
    def sound(self) -> Faulty:
        return sound(self.published.frame)

    @cached_property
    def reference(self) -> Reference:
        return self._expected[0]

    @cached_property
    def knowledge(self) -> Knowledge:
        return self._expected[1]

    @cached_property
    def _expected(self) -> tuple[Reference, Knowledge]:
        programme = self.plan.programme(self.programme, "test")
        expected = expected_of(self.published, self.plan, self.ready, programme)
        found = expected.knowledge
        dated = None if found.dated is None else cache(found.dated)
        others = None if found.others is None else cache(found.others)
        return expected.reference, replace(found, dated=dated, others=others)

    def oracle(self, *, named: bool = True) -> Oracle:
        """Amounts and total come from the list itself: the mutations start from it."""
        frame = self.published.frame
        amounts = dict(frame.select("code", "amount").iter_rows())
        misnamed = frozenset(MISNAMED if named and len(amounts) > 47 else ())
        changes = self.reference.changes
        successor = (lambda _: "") if named else lambda code: changes.carry(code, amounts).to
        return Oracle(amounts, sum(amounts.values()), misnamed, successor)


MISREAD = ("013463", "013951", "023213", "113638", "232149", "284424")
VARIANTS = (
    *("033812", "082082", "122246", "122297", "213624"),
    *("204226", "204234", "204251", "204293", "204307", "204323"),
    *("243035", "293857", "462179", "464686"),
    *("133817", "134015"),
)
"""The 23 places where the list's names differ from the register: data/SOURCES.md."""
MISNAMED = (*MISREAD, *VARIANTS)


@cache
def bundled(programme: str) -> Bundled:
    return Bundled(programme, *_plan())


@cache
def _plan() -> tuple[Plan, Prepared]:
    plan = load_plan(newest_plan())
    return plan, prepare(plan)
