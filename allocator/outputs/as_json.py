"""What the commands print with --json: one object each.

Keys are the contract with scripts: see docs/outputs.md and docs/extract.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from allocator.domain.frames import added
from allocator.domain.text import Language
from allocator.outputs.files.extracted import list_files
from allocator.outputs.files.manifest import earlier_dict
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.sources.documents.results import Extraction
from allocator.words.notes import notes_of
from allocator.words.payer import Explanation, ProgrammeExplanation
from allocator.words.steps import Step


def run_dict(outcome: Outcome, paths: list[str], language: Language) -> dict[str, Any]:
    """Return the JSON object of one plan that `allocator run` computed and wrote."""
    return {
        "fiscal_year": outcome.plan.fiscal_year.year,
        "programmes": [
            _programme_dict(each, language) | {"previous": _previous_dict(each, outcome)}
            for each in outcome.programmes
        ],
        "notes": [note.in_(language) for note in outcome.notes],
        "outputs": paths,
    }


def _programme_dict(outcome: ProgrammeOutcome, language: Language) -> dict[str, Any]:
    programme, allocation, found = outcome.programme, outcome.allocation, outcome.agreement
    return {
        "id": programme.id,
        "basis": programme.basis if allocation else "not computed",
        "payers": len(allocation.payers) if allocation else 0,
        "total": allocation.total if allocation else programme.total,
        "allocated": allocation.allocated if allocation else None,
        "published": {
            "list": found.list_name,
            "rows": found.rows,
            "matched": found.matched,
            "different": found.different,
        }
        if isinstance(found, Agreement)
        else None,
        "reason": None if isinstance(found, Agreement) else found.reason.in_(language),
        "notes": [note.in_(language) for note in notes_of(outcome)],
        **_parts(outcome),
    }


def _parts(outcome: ProgrammeOutcome) -> dict[str, Any]:
    """Return the key `parts` of a sum of parts (totals as charged, yen); else no key."""
    if outcome.allocation is None or not outcome.parts:
        return {}
    whole = max(outcome.allocation.total, 1)
    parts = [
        {
            "name": part.programme.title,
            "basis": part.programme.basis,
            "total": part.allocation.total,
            "share_of_total": float(round(Fraction(part.allocation.total, whole), 6)),
        }
        for part in outcome.parts
        if part.allocation is not None
    ]
    return {"parts": parts}


def _previous_dict(each: ProgrammeOutcome, outcome: Outcome) -> dict[str, Any] | None:
    found = outcome.previous.of(each.programme.id) if outcome.previous else None
    if found is None or each.allocation is None:
        return None
    new = len(each.allocation.by_code.keys() - found.amounts.keys())
    return earlier_dict(found) | {"new": new}


def show_dict(explanation: Explanation, year: int, language: Language) -> dict[str, Any]:
    """Return the JSON object of an explanation, as `allocator show` prints it."""
    organisation = explanation.organisation
    return {
        "fiscal_year": year,
        "code": organisation.code,
        "prefecture": organisation.prefecture,
        "municipality": f"{organisation.county}{organisation.municipality}",
        "kind": organisation.kind,
        "pays": explanation.pays,
        "programmes": [
            {
                "id": each.programme,
                "name": each.title,
                "basis": each.basis,
                "pays": each.pays,
                "notional": each.notional,
                "amount": each.amount,
                "note": each.note,
                "steps": _steps(each.steps, language),
                **_payer_parts(each, language),
            }
            for each in explanation.programmes
        ],
    }


def _payer_parts(explanation: ProgrammeExplanation, language: Language) -> dict[str, Any]:
    """Return the key `parts` of a payer of a sum of parts; no key for anybody else."""
    if not explanation.parts:
        return {}
    parts = [
        {
            "name": part.name,
            "basis": part.basis,
            "given": part.given,
            "total": part.total,
            "amount": part.amount,
            "steps": _steps(part.steps, language),
        }
        for part in explanation.parts
    ]
    return {"parts": parts}


def _steps(steps: Sequence[Step], language: Language) -> list[dict[str, str]]:
    return [
        {"name": step.name, "value": step.value, "text": step.text.in_(language)} for step in steps
    ]


def extract_dict(
    extraction: Extraction, paths: Sequence[Path], language: Language
) -> dict[str, Any]:
    """Return the JSON object of an extraction. Lists are in yen, budgets in thousand yen."""
    names = list_files(extraction)
    return {
        "file": extraction.document.file.as_posix(),
        "kind": extraction.document.kind,
        "document": extraction.title,
        "lists": [
            {
                "programme": each.programme or None,
                "fiscal_year": each.fiscal_year.year if each.fiscal_year else None,
                "heading": each.heading,
                "heading_year": each.heading_year.year if each.heading_year else None,
                "title": each.title,
                "title_year": each.title_year.year if each.title_year else None,
                "reference": each.reference or None,
                "rows": len(each.frame),
                "listed_total": added(each.frame["amount"]),
                "declared_total": each.declared_total,
                "printed_total": each.printed_total,
                "where": each.where(each.frame["line"][0]),
                "file": name,
                **each.left_out.as_dict(len(each.frame), each.places),
            }
            for each, name in zip(extraction.lists, names, strict=True)
        ],
        "budget": [
            {
                "id": line.id,
                "fiscal_year": line.stage.fiscal_year.year,
                "stage": line.stage.name,
                "business": line.business or None,
                "item": line.item,
                "amount_thousand_yen": line.amount,
                "where": extraction.document.where(line.place),
                "also": [str(place) for place in line.also],
            }
            for line in extraction.lines
        ],
        "reconciliation": [
            {
                "fiscal_year": each.stage.fiscal_year.year,
                "stage": each.stage.name,
                "programme": each.programme,
                "lines": list(each.lines),
                "total_thousand_yen": each.total,
                "status": each.status,
                "agrees": each.agrees,
                "candidates": [
                    {"lines": list(candidate.lines), "total_thousand_yen": candidate.total}
                    for candidate in each.candidates
                ],
                "missing": list(each.missing),
                "why": each.why.in_(language),
            }
            for each in extraction.reconciliations
        ],
        "rows_in": extraction.rows_in,
        "rows_taken": extraction.rows_in - len(extraction.left_out),
        "left_out": [each._asdict() for each in extraction.left_out],
        "notes": [remark.in_(language) for remark in extraction.remarks],
        "outputs": [path.as_posix() for path in paths],
    }
