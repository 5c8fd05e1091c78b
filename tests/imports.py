"""The imports of a package, as its source has them: in functions and under TYPE_CHECKING too."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class Import(NamedTuple):
    """A module imports another one (by their full names) on a line of its source."""

    importer: str
    imported: str
    line: int = 0

    def __str__(self) -> str:
        """Say who imports what, for a message."""
        return f"{self.importer}, line {self.line}: imports {self.imported}"


def modules_of(package: Path) -> dict[str, Path]:
    """Return the modules of a package by their full names; a folder is its `__init__.py`."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(modules: Mapping[str, Path]) -> list[Import]:
    """Return every import of these modules, those of other packages too."""
    return [
        each
        for name, path in modules.items()
        for each in imports_in(name, path.read_text(encoding="utf-8"), modules)
    ]


def imports_in(importer: str, source: str, modules: Collection[str]) -> Iterator[Import]:
    """Yield the imports of one module; what comes `from` a package is a module if it is in there.

    Raises:
        AssertionError: a relative import, which doesn't name its module.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield Import(importer, each.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise AssertionError(f"{importer}, line {node.lineno}: a relative import")
            names = [f"{node.module}.{each.name}" for each in node.names]
            for name in dict.fromkeys(name if name in modules else node.module for name in names):
                yield Import(importer, name, node.lineno)


def in_circles(imports: Iterable[Import]) -> list[Import]:
    """Return the imports whose importer is imported in turn, however many modules are between."""
    found = list(imports)
    of: dict[str, set[str]] = defaultdict(set)
    for each in found:
        of[each.importer].add(each.imported)
    reached = {name: _reached(name, of) for name in list(of)}
    return [each for each in found if each.importer in reached.get(each.imported, ())]


def _reached(start: str, of: Mapping[str, set[str]]) -> set[str]:
    """Return all that a module imports, itself or by others; itself if it is among them."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = of.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached
