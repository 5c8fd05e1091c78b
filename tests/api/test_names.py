"""What `import allocator` gives: names, loaded on first use."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import allocator
from allocator import api

FUNCTIONS = "allocate apportion audit bind build_plan compare load_plan read_lists".split()


def test_the_import_loads_no_library() -> None:
    code = (
        "import sys, allocator; dir(allocator); allocator.__version__; "
        "print([name for name in ('polars', 'numpy', 'click', 'pydantic', 'rich', 'xlsxwriter', "
        "'jinja2', 'allocator.api') "
        "if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_all_public_names_are_there() -> None:
    assert dir(allocator) == sorted(allocator.__all__)
    assert {*allocator.__all__} - {"__version__"} == {*api.__all__}
    assert all(getattr(allocator, name) is getattr(api, name) for name in api.__all__)
    assert {name for name in api.__all__ if inspect.isfunction(getattr(api, name))} == {*FUNCTIONS}


def test_a_star_import_gives_them() -> None:
    found: dict[str, object] = {}
    exec("from allocator import *", found)

    assert {*allocator.__all__} <= found.keys()
    assert found["audit"] is allocator.audit


def test_other_names_are_none() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sum'"):
        _ = allocator.sum


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_say_what_they_take_and_raise(name: str) -> None:
    text = inspect.getdoc(getattr(allocator, name)) or ""

    assert "Raises:\n    InputError" in text


@pytest.mark.parametrize("name", [each for each in api.__all__ if each[0].isupper()])
def test_public_methods_are_documented(name: str) -> None:
    owner = getattr(allocator, name)
    if not inspect.isclass(owner):
        return
    members = {
        key: value
        for key, value in vars(owner).items()
        if not key.startswith("_") and (callable(value) or isinstance(value, property))
    }

    assert not [key for key, value in members.items() if not inspect.getdoc(value)]
