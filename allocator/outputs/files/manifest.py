"""manifest.json: what the output files are and what they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from allocator.files.paths import portable
from allocator.outputs.files.manifest_form import FORM, sealed
from allocator.outputs.files.provenance import Provenance
from allocator.outputs.writers.json_text import json_text
from allocator.results.agreement import Agreement
from allocator.results.earlier import Earlier
from allocator.results.outcome import Outcome, ProgrammeOutcome


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
    return f"{json_text(sealed(content), indent=2, sort_keys=True)}\n".encode()


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
    programmes = outcome.previous.programmes
    return [{"programme": each.programme, **earlier_dict(each)} for each in programmes]


def earlier_dict(earlier: Earlier) -> dict[str, Any]:
    """Return what a programme was compared with, its amounts in yen."""
    origin = earlier.origin
    return {
        "kind": origin.kind,
        "name": origin.name,
        "fiscal_year": origin.year.year if origin.year else None,
        "basis": origin.basis,
        "total": earlier.total,
        "carried": earlier.carried,
        "lost": earlier.lost_amount,
    }
