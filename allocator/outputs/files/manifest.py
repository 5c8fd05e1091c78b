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
from allocator.files.paths import is_file
from allocator.files.source import MissingError, open_regular, open_source
from allocator.outputs.files.claim import WORK, is_left_over, state_of
from allocator.outputs.files.provenance import Provenance, portable
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome

MANIFEST: Final = "manifest.json"
FORM: Final = 1
"""The form of the manifest; it grows when a reader of the older form could misread a newer one."""

_LITTER: Final = ("Thumbs.db", "desktop.ini", ".DS_Store")
_LOCKS: Final = ("~$", ".~lock.")

_TRIES: Final = 3
_LEFT_OVER: Final = Text(
    "the manifest doesn't name it: left by a run that was stopped before it was done",
    "manifest.json に記録のない、途中で止められた実行の残りです",
)
_CLEAR: Final = Text(
    "run again into this folder, which clears it away, or delete it",
    "同じフォルダーへもう一度実行すると片付きます。削除しても構いません",
)
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
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()


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

    Lock files and other litter of desktops are passed over. Where a run has written the folder
    meanwhile, it is looked at again.
    """
    found: list[Problem] = []
    for _ in range(_TRIES):
        before = _stamp(folder)
        found = _verified(folder)
        if not found or _stamp(folder) == before:
            break
    return found


def _stamp(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        found = (folder / MANIFEST).stat()
        return found.st_ino, found.st_mtime_ns
    return None


def _verified(folder: Path) -> list[Problem]:
    if (unfinished := _unfinished(folder)) is not None:
        return [unfinished]
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
    found += [_extra(file) for file in _others(folder, listed)]
    if found and state_of(folder) == "writing":
        return [_writing(folder)]
    return found


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
        if file.name not in (*listed, MANIFEST, WORK, *_LITTER)
        and not file.name.startswith(_LOCKS)
        and not is_file(file / MANIFEST)  # a folder of outputs in its own right
    )


def _unfinished(folder: Path) -> Problem | None:
    """Return that a run is writing into a folder, or was stopped while it did."""
    place = f"{folder / WORK}"
    state = state_of(folder)
    if state == "writing":
        return _writing(folder)
    if state == "midway":
        return Problem(
            place,
            Text(
                "a run was stopped while it put files into place: some are old, some are new",
                "ファイルの置換え中に実行が止められました。新旧のファイルが混ざっています",
            ),
            Text(
                "run it again into this folder: that first puts everything back as it was",
                "同じフォルダーへもう一度実行してください。最初に元の状態へ戻します",
            ),
            code="left_over",
        )
    if state == "left over":
        return Problem(place, _LEFT_OVER, _CLEAR, code="left_over")
    return None


def _writing(folder: Path) -> Problem:
    return Problem(
        f"{folder}",
        Text(
            "a run is writing into this folder at this moment",
            "このフォルダーには別の実行が書込み中です",
        ),
        Text("check it when the run is done", "終わってから、もう一度検証してください"),
        code="in_use",
    )


def _extra(file: Path) -> Problem:
    if is_left_over(file.name):
        return Problem(f"{file}", _LEFT_OVER, _CLEAR, code="left_over")
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
