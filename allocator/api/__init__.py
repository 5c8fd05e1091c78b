"""The public library: plans, allocations, bound rules, lists, audits and comparisons from Python.

Amounts are whole yen, codes six-character text, weights exact (fractions or text, never floats).
Frames are those of polars. What is wrong with an input is an `InputError`, whose `problems` say
where, what and how to mend it, each with a stable code; `InputError.frame()` has them as a table.
"""

from __future__ import annotations

from allocator.api.bound import BoundAmounts, BoundPlan, Solution, bind
from allocator.api.explanation import Explanation
from allocator.api.lists import Audits, Comparison, Lists, audit, compare, read_lists
from allocator.api.outcome import Amounts, Outcome, allocate
from allocator.api.plan import Plan, PlanLike, build_plan, load_plan
from allocator.domain.errors import InputError, Problem
from allocator.tasks.apportioning import Apportionment, apportion

__all__ = [
    "Amounts",
    "Apportionment",
    "Audits",
    "BoundAmounts",
    "BoundPlan",
    "Comparison",
    "Explanation",
    "InputError",
    "Lists",
    "Outcome",
    "Plan",
    "PlanLike",
    "Problem",
    "Solution",
    "allocate",
    "apportion",
    "audit",
    "bind",
    "build_plan",
    "compare",
    "load_plan",
    "read_lists",
]
