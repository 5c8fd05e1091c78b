"""The form of manifest.json, and reading one strictly: nothing in it is guessed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, ValidationError

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.files.source import MissingError, open_source

MANIFEST: Final = "manifest.json"
FORM: Final = 2
"""The form of the manifest; it grows when a reader of the older form could misread a newer one.

1 had no sha256 of its own.
"""

RUN_AGAIN: Final = Text(
    "write the outputs again with `allocator run`", "allocator run で出力し直してください"
)
_ALWAYS: Final = frozenset({"allocation.xlsx", "allocation.csv", "breakdown.csv", "report.html"})
_SEAL: Final = "sha256"
_VERSION: Final = re.compile(r"[0-9]+(\.[0-9A-Za-z+-]+)*")


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with the sha256 of all the rest of it: any slip in it is noticed."""
    return {**content, _SEAL: _seal_of(content)}


def _seal_of(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != _SEAL}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# -- the form --------------------------------------------------------------------------------------


def _day(value: str) -> str:
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError("no date such as 2023-04-01")
    return value


def _portable(value: str) -> str:
    """Refuse a place of one machine, and what no file is called."""
    absolute = value.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", value)
    if not value or absolute or "\0" in value:
        raise ValueError("no name that means the same everywhere")
    return value


def _version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise ValueError("no version such as 1.2.3")
    return value


Sha256 = Annotated[StrictStr, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Portable = Annotated[StrictStr, AfterValidator(_portable)]
Day = Annotated[StrictStr, AfterValidator(_day)]
Version = Annotated[StrictStr, AfterValidator(_version)]
Basis = Literal["rule", "carried_forward", "estimated"]


class _Entry(BaseModel):
    """A table of the manifest; keys of later versions, which the seal covers, are passed over."""

    # Deferred: a run writes a manifest, and only reads one where there was one before.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)


class FileEntry(_Entry):
    """A file, by a name that means the same everywhere."""

    file: Portable
    sha256: Sha256


class Published(_Entry):
    """How many amounts equal the published list."""

    list_: Portable = Field(alias="list")
    rows: Count
    matched: Count
    different: Count


class PartEntry(_Entry):
    """A part of a programme, in yen as given and as charged."""

    name: StrictStr
    basis: Basis
    given: Count | None
    total: Count


class ProgrammeEntry(_Entry):
    """A programme: what it stands on, and what it comes to in yen."""

    id: StrictStr
    name: StrictStr
    basis: Literal[Basis, "parts", "not computed"]
    payers: Count
    total: Count | None
    published: Published | None
    reason: StrictStr | None
    parts: tuple[PartEntry, ...] | None = None


class PreviousEntry(_Entry):
    """What the amounts of a programme are compared with, in yen."""

    programme: StrictStr
    kind: Literal["plan", "list"]
    name: Portable
    fiscal_year: int | None
    basis: StrictStr | None
    total: Count
    carried: Count
    lost: Count


class Options(_Entry):
    """What the call set."""

    total: dict[str, Count | None] = {}
    as_of: dict[str, Day] = {}
    programme: Sequence[StrictStr] = ()


class Manifest(_Entry):
    """manifest.json, whole."""

    fiscal_year: int
    payers_as_of: Day
    programmes: tuple[ProgrammeEntry, ...] = Field(min_length=1)
    previous: tuple[PreviousEntry, ...] | None
    csv_encoding: Literal["utf-8", "cp932"]
    options: Options
    inputs: tuple[FileEntry, ...] = Field(min_length=1)
    outputs: tuple[FileEntry, ...]
    versions: dict[str, Version]

    @property
    def listed(self) -> dict[str, str]:
        """The sha256 of every output, by its name."""
        return {each.file: each.sha256 for each in self.outputs}


# -- reading ---------------------------------------------------------------------------------------


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def read_manifest(file: Path) -> Manifest | Problem:
    """Return a manifest of this form or an earlier one, or what is wrong with it."""
    try:
        content = json.loads(
            open_source(file).text(), object_pairs_hook=_once, parse_constant=_no_number
        )
    except MissingError:
        what = Text("there is no manifest", "manifest.json がありません")
        return Problem(f"{file}", what, RUN_AGAIN, code="missing_file")
    except InputError as error:
        return replace(error.problems[0], mend=RUN_AGAIN)
    except _TwiceError as error:
        what = Text(f"the key {error} stands twice", f"キー {error} が2回あります")
        return Problem(f"{file}", what, RUN_AGAIN, code="not_a_manifest")
    except (ValueError, RecursionError):
        return _no_manifest(file, Text("it is no JSON", "JSONではありません"))
    if not isinstance(content, dict) or "manifest" not in content:
        what = Text("it has no key manifest", "キー manifest がありません")
        return _no_manifest(file, what)
    return _of_form(file, content)


def _of_form(file: Path, content: dict[str, Any]) -> Manifest | Problem:
    if (what := _strange(content)) is not None:
        return Problem(f"{file}", what, RUN_AGAIN, code="unknown_format")
    try:
        found = Manifest.model_validate_json(json.dumps(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        what = Text(f"{where}: {first['msg']}", f"{where} の値が正しくありません")
        return _no_manifest(file, what)
    if content["manifest"] == FORM and content.get(_SEAL) != _seal_of(content):
        what = Text(
            "it was changed after it was written: its own sha256 doesn't fit the rest",
            "書き出した後に変更されています(自身の sha256 が内容と合いません)",
        )
        return Problem(f"{file}", what, RUN_AGAIN, code="changed_manifest")
    what = _incomplete(content, found)
    return found if what is None else _no_manifest(file, what)


def _strange(content: Mapping[str, Any]) -> Text | None:
    """Say why a manifest is not read at all: of another form, or of files that lie elsewhere."""
    form = content["manifest"]
    if type(form) is not int or not 1 <= form <= FORM:  # True is an int as well, and no form
        return Text(f"a manifest of another form ({form!r})", f"形式({form!r})が異なります")
    for name in _names(content):
        if not _is_plain(name):
            return Text(
                f"it names files elsewhere, or what is no name of a file: {name!r}",
                f"フォルダー外のファイルか、ファイル名でないものを示しています: {name!r}",
            )
    return None


def _incomplete(content: Mapping[str, Any], found: Manifest) -> Text | None:
    """Say what a manifest lacks, or has too much."""
    form = content["manifest"]
    if form < FORM and _SEAL in content:
        return Text(f"form {form} has no key {_SEAL}", f"形式 {form} にキー {_SEAL} はありません")
    if missing := ", ".join(sorted(_ALWAYS - found.listed.keys())):
        return Text(f"outputs: {missing} missing", f"outputs に {missing} がありません")
    if len(found.listed) != len(found.outputs):
        return Text("outputs: a file stands twice", "outputs に同じファイルが2回あります")
    return None


def _names(content: Mapping[str, Any]) -> list[str]:
    """Return what a manifest calls the outputs, as far as it does."""
    outputs = content.get("outputs")
    entries = outputs if isinstance(outputs, list) else []
    names = [each.get("file") for each in entries if isinstance(each, dict)]
    return [each for each in names if isinstance(each, str)]


def _is_plain(name: str) -> bool:
    return (
        name.isprintable() and name not in ("", ".", "..", MANIFEST) and not set(name) & set("/\\:")
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _no_manifest(file: Path, why: Text) -> Problem:
    return Problem(
        f"{file}",
        Text(
            f"this is no manifest of allocator: {why.en}",
            f"allocator の manifest.json ではありません: {why.ja}",
        ),
        RUN_AGAIN,
        code="not_a_manifest",
    )
