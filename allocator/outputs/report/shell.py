"""The shell of every HTML page: one file, nothing fetched, no script but the embedded ones."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from allocator import __version__
from allocator.domain.characters import legible
from allocator.domain.text import Language
from allocator.domain.yen import group
from allocator.outputs.writers.json_text import json_text

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = _HERE / "templates"
_STYLE: Final = "assets/page.css"
_LICENSES: Final = "vendor/LICENSES.txt"

_END_OF_ELEMENT: Final = re.compile("</(?:script|style)", re.IGNORECASE)

# They could end the script element.
_UNSAFE_IN_SCRIPT: Final = "<>&"


def page(
    title: str,
    body: Markup | str,
    *,
    lead: str = "",
    links: Sequence[tuple[str, str]] = (),
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    data: Mapping[str, object] | None = None,
    language: Language = "ja",
) -> bytes:
    """Return a whole page. Arguments as in `allocator.outputs.report.page`.

    `styles` are further style sheets of this package, which follow the one of every page.
    """
    sources = [asset(name) for name in scripts]
    style = Markup("").join(map(asset, (_STYLE, *styles)))
    text = (
        environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            lead=lead,
            body=body,
            links=links,
            language=language,
            version=__version__,
            policy=_policy(style, sources),
            style=style,
            scripts=sources,
            data=None if data is None else script_json(data),
            licenses=_text(_LICENSES)
            if any(name.startswith("vendor/") for name in scripts)
            else "",
        )
    )
    # A file named in a remark may have bytes that are no text.
    return text.encode("utf-8", "replace")


def fragment(template: str, **context: Any) -> Markup:
    """Return a template of this package, rendered: a part of a page's body."""
    return Markup(environment().get_template(template).render(**context))


def script_json(data: object) -> Markup:
    """Return data as JSON that can stand inside a script element."""
    text = json_text(data, compact=True)
    for character in _UNSAFE_IN_SCRIPT:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


@cache
def environment() -> Environment:
    """Return the templates of this package: everything is escaped that isn't markup already."""
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        bytecode_cache=_byte_code(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_legible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["yen"] = group
    return found


class _ByteCode(FileSystemBytecodeCache):
    """Templates as byte code, which need not be compiled anew; where it can't be kept, they are."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template as it was kept, if that can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, if there is room and a right to."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _byte_code() -> _ByteCode | None:
    """Return the place where Python would keep modules that stand beside the templates."""
    if sys.dont_write_bytecode:
        return None
    folder = Path(cache_from_source(str(_TEMPLATES / "page.py"))).parent
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return _ByteCode(str(folder), f"%s.jinja2-{jinja2.__version__}.cache")


def _legible(value: object) -> object:
    """Return what a template is to show: marks of direction in names would turn a line around."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def asset(name: str) -> Markup:
    """Return a style sheet or script of this package, to stand inside its element."""
    text = _text(name)
    if _END_OF_ELEMENT.search(text):
        raise AssertionError(f"{name} would end the element that it stands in")
    return Markup(text)


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """Return the page's own rule for its browser: fetch nothing, run and apply what is embedded."""
    hashes = " ".join(map(_hash, scripts)) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
