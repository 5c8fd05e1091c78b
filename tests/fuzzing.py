"""How many examples a slow property test runs: few in `make test`, many in `make fuzz`."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"


def examples(few: int, many: int) -> settings:
    """Return the settings of a test that takes long; about ten minutes is enough for `many`."""
    return settings(
        max_examples=many if LONG else few,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
