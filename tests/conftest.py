"""What all tests share: Hypothesis profiles and the tools that only some machines have."""

import os
import shutil
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzzing import MANY

settings.register_profile("default", derandomize=True, deadline=None, max_examples=100)
settings.register_profile(
    "fuzz",
    derandomize=False,
    deadline=None,
    max_examples=MANY,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def _require_tool(name: str) -> str:
    """Return the path of a program; without it skip, or under CI=true fail."""
    path = shutil.which(name)
    if path is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI has to install it: see need_apt in .ci/run.")
    pytest.skip(f"{name} is not installed; install it to run this test as well.")


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """Give tests that need a program outside Python its path: ``require_tool("libreoffice")``."""
    return _require_tool
