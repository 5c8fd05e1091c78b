"""Exact allocation of shared-system costs over Japan's prefectures and municipalities.

    import allocator

    plan = allocator.load_plan(2023)
    outcome = allocator.allocate(plan)
    outcome["residents"].frame()

What is public stands in `__all__`, comes from `allocator.api`, and is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from allocator.api import (
        Amounts,
        Apportionment,
        Audits,
        BoundAmounts,
        BoundPlan,
        Comparison,
        Explanation,
        InputError,
        Lists,
        Outcome,
        Plan,
        PlanLike,
        Problem,
        Solution,
        allocate,
        apportion,
        audit,
        bind,
        build_plan,
        compare,
        load_plan,
        read_lists,
    )

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
    "__version__",
    "allocate",
    "apportion",
    "audit",
    "bind",
    "build_plan",
    "compare",
    "load_plan",
    "read_lists",
]


def __getattr__(name: str) -> Any:
    """Load what is public when it is asked for: start-up stays cheap."""
    if name not in __all__:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    from allocator import api

    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
