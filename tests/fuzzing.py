"""How many examples a property test runs: few in `make test`, many in `make fuzz`."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
MANY: Final = int(os.environ.get("FUZZ_EXAMPLES", "1000"))


def examples(few: int) -> settings:
    """Return the settings of a test whose examples take long each: few of them in `make test`."""
    return settings(
        max_examples=MANY if LONG else few,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
