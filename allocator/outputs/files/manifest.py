"""manifest.json: what the output files are and what they were made from; and checking it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.files.source import MissingError, open_regular, open_source
from allocator.outputs.files.provenance import Provenance, portable
from allocator.outputs.writers.json_text import json_text
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome

MANIFEST: Final = "manifest.json"
FORM: Final = 1
"""The form of the manifest; it grows when a reader of the older form could misread a newer one."""

_LITTER: Final = ("Thumbs.db", "desktop.ini", ".DS_Store")
_LOCKS: Final = ("~$", ".~lock.")

_RUN_AGAIN: Final = Text(
    "write the outputs again with `allocator run`", "allocator run で出力し直してください"
)


def manifest_json(
    outcome: Outcome, provenance: Provenance, outputs: Mapping[str, bytes], encoding: str
) -> bytes:
    """Return the manifest of `outputs` (name to content): sorted keys, no clock time."""
    content = {
        "manifest": FORM,
        "fiscal_year": outcome.plan.fiscal_year.year,
        "payers_as_of": str(outcome.plan.table.payers_on),
        "programmes": [_programme(each) for each in outcome.programmes],
        "previous": _previous(outcome),
        "csv_encoding": encoding,
        "options": dict(provenance.options),
        "inputs": [{"file": each.name, "sha256": each.sha256} for each in provenance.inputs],
        "outputs": [
            {"file": name, "sha256": hashlib.sha256(outputs[name]).hexdigest()}
            for name in sorted(outputs)
        ],
        "versions": dict(provenance.versions),
    }
    return f"{json_text(content, indent=2, sort_keys=True)}\n".encode()


def _programme(outcome: ProgrammeOutcome) -> dict[str, Any]:
    programme, allocation, found = outcome.programme, outcome.allocation, outcome.agreement
    return {
        "id": programme.id,
        "name": programme.name,
        "basis": programme.basis if allocation else "not computed",
        "payers": len(allocation.payers) if allocation else 0,
        "total": allocation.total if allocation else programme.total,
        "published": {
            "list": portable(found.list_name),
            "rows": found.rows,
            "matched": found.matched,
            "different": found.different,
        }
        if isinstance(found, Agreement)
        else None,
        "reason": None if isinstance(found, Agreement) else found.reason.en,
        **_parts(outcome),
    }


def _parts(outcome: ProgrammeOutcome) -> dict[str, Any]:
    """Return the key `parts` of a sum of parts, in yen as given and as charged; else no key."""
    if not outcome.parts:
        return {}
    parts = [
        {
            "name": part.programme.title,
            "basis": part.programme.basis,
            "given": part.allocation.given,
            "total": part.allocation.total,
        }
        for part in outcome.parts
        if part.allocation is not None
    ]
    return {"parts": parts}


def _previous(outcome: Outcome) -> list[dict[str, Any]] | None:
    """Return what the amounts were compared with, programme by programme."""
    if outcome.previous is None:
        return None
    return [
        {
            "programme": each.programme,
            "kind": each.origin.kind,
            "name": each.origin.name,
            "fiscal_year": each.origin.year.year if each.origin.year else None,
            "basis": each.origin.basis,
            "total": each.total,
            "carried": each.carried,
            "lost": each.lost_amount,
        }
        for each in outcome.previous.programmes
    ]


def verify(folder: Path) -> list[Problem]:
    """Return where a folder's files differ from its manifest: missing, changed, or not in it.

    Lock files and other litter of desktops are passed over.
    """
    listed = _read(folder / MANIFEST)
    if isinstance(listed, Problem):
        return [listed]
    found: list[Problem] = []
    for name, sha256 in listed.items():
        file = folder / name
        try:
            with open_regular(file) as content:
                same = hashlib.file_digest(content, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            what = Text("the manifest names it, and it is not there", "記録にあるのにありません")
        except InputError as error:
            what = error.problems[0].what
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            what = Text(f"cannot be read: {reason}", f"読めません: {reason}")
        else:
            if same:
                continue
            what = Text(
                "its content is not the one that the manifest records",
                "内容が manifest.json の記録と違います",
            )
        found.append(Problem(f"{file}", what, _RUN_AGAIN, code="differs_from_manifest"))
    return found + [_extra(file) for file in _others(folder, listed)]


def left_by_an_earlier_run(folder: Path) -> list[str]:
    """Return the files that a folder's manifest names and that are still as it records them."""
    listed = _read(folder / MANIFEST)
    if isinstance(listed, Problem):
        return []
    found: list[str] = []
    for name, sha256 in listed.items():
        with suppress(OSError, ValueError, InputError), open_regular(folder / name) as content:
            if hashlib.file_digest(content, "sha256").hexdigest() == sha256:
                found.append(name)
    return found


def _others(folder: Path, listed: Mapping[str, str]) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.name not in (*listed, MANIFEST, *_LITTER) and not file.name.startswith(_LOCKS)
    )


def _extra(file: Path) -> Problem:
    return Problem(
        f"{file}",
        Text("the manifest doesn't name it", "manifest.json に記録がありません"),
        Text("move it to another folder", "別のフォルダーに移してください"),
        code="not_in_manifest",
    )


def _read(file: Path) -> dict[str, str] | Problem:
    """Return the sha256 of every file that a manifest names, or what is wrong with it."""
    try:
        content = json.loads(open_source(file).text())
        form = content["manifest"]
        named = {str(each["file"]): str(each["sha256"]) for each in content["outputs"]}
    except MissingError:
        return Problem(
            f"{file}",
            Text("there is no manifest", "manifest.json がありません"),
            _RUN_AGAIN,
            code="missing_file",
        )
    except InputError as error:
        return replace(error.problems[0], mend=_RUN_AGAIN)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Problem(
            f"{file}",
            Text("this is no manifest of allocator", "allocator の manifest.json ではありません"),
            _RUN_AGAIN,
            code="not_a_manifest",
        )
    if form != FORM or any(name != Path(name).name for name in named):
        return Problem(
            f"{file}",
            Text(
                f"a manifest of another form ({form!r}), or one that names files elsewhere",
                f"形式({form!r})が異なるか、フォルダー外のファイルを示しています",
            ),
            _RUN_AGAIN,
            code="unknown_format",
        )
    return named
