"""An audit against a plan, from its file to its findings, in the order of the work.

load plan -> read list -> choose programme -> expected amounts -> compare -> say what was checked
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from allocator.auditing.absorbed import with_titles
from allocator.auditing.choose import choose_programme
from allocator.auditing.compare import compare, in_order
from allocator.auditing.findings import Audit, Check
from allocator.auditing.scope import checks_left, checks_made, picked
from allocator.auditing.titles import title_findings
from allocator.domain.errors import InputError
from allocator.domain.progress import counted
from allocator.domain.text import Text
from allocator.files.source import Sources
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.sources.bundled import shown
from allocator.sources.lists.anywhere import read_lists
from allocator.sources.lists.table import PublishedList
from allocator.tasks.compute import Prepared, prepare
from allocator.tasks.expected import Basis, bare, expected_of, inferred_from


def audit_file(
    file: Path, plan_path: Path, programme: str | None = None, sources: Sources | None = None
) -> tuple[Audit, ...]:
    """Audit every list in `file` against the plan, one audit each.

    Raises:
        InputError: the file, the plan or the choice of programme is wrong.
    """
    sources = sources or Sources()
    return audit_against(file, load_plan(plan_path, sources), programme, sources)


def audit_against(
    file: Path, plan: Plan, programme: str | None, sources: Sources
) -> tuple[Audit, ...]:
    """Audit every list in `file` against a plan that is loaded; see `audit_file`."""
    ready = prepare(plan, sources)
    if programme is not None:
        plan.programme(programme, f"--programme {programme}")
    known = {each.id for each in plan.programmes}
    audits: list[Audit] = []
    source = sources.open(file)
    lists = picked(read_lists(source, ready.register), programme)
    for published in counted(lists, Text("auditing the lists", "一覧を照合中")):
        if programme is not None:
            chosen = plan.programme(programme, f"--programme {programme}")
        elif published.programme in known:
            chosen = plan.programme(published.programme, str(source.path))
        else:
            chosen = _choose(published, plan, ready)
        audits.append(_against_plan(published, plan, ready, chosen))
    return tuple(audits)


def _against_plan(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> Audit:
    expected = expected_of(published, plan, ready, programme)
    found = compare(published, expected.reference, expected.knowledge)
    names = {each.id: each.name for each in plan.programmes}
    inferred = inferred_from(published, plan, ready, programme)
    on = Basis(programme, expected.bases)
    titles = title_findings(published, plan.fiscal_year, programme.id, names)
    checked = list(checks_made(published, found, expected.reference))
    not_checked = list(checks_left(published))
    if expected.unchecked is not None:
        not_checked.insert(0, Check("amounts", expected.unchecked))
    elif (note := on.unverified) is not None:
        checked[checked.index(Check("amounts"))] = Check("amounts", note)
    elif inferred is not None:
        note = Text(
            f"the rule was inferred from this very list ({inferred}): agreement is no independent "
            "evidence",
            f"規則はこの一覧から推定したもの({inferred})で、一致は独立の証拠になりません",
        )
        checked[checked.index(Check("amounts"))] = Check("amounts", note)
    if published.title:
        checked.append(Check("title"))
    else:
        not_checked.append(Check("title", Text("the file has none", "表題がありません")))
    return Audit(
        source=str(published.file),
        against=on.against,
        programme=programme.id,
        basis=programme.basis,
        bases=expected.bases,
        checked=tuple(checked),
        not_checked=tuple(not_checked),
        rows=len(published.frame),
        matched=found.matched,
        payers=found.payers,
        agreeing=found.agreeing,
        inferred_from=inferred,
        ledger=published.left_out,
        places=published.places,
        declared_total=published.declared_total,
        listed_total=found.listed_total,
        expected_total=expected.reference.total,
        findings=tuple(in_order(with_titles(found.findings, titles))),
        plan=Text(
            f"fiscal year {plan.fiscal_year} ({shown(plan.files[0])})",
            f"{plan.fiscal_year.japanese}({shown(plan.files[0])})",
        ),
    )


def _choose(published: PublishedList, plan: Plan, ready: Prepared) -> Programme:
    def payers(programme: Programme) -> frozenset[str]:
        due = ready.register.payers(programme.payers, plan.table.payers_on)
        return frozenset(due["code"].to_list())

    def amounts(programme: Programme) -> Mapping[str, int] | None:
        try:
            allocation = ready.compute(bare(programme)).allocation
        except InputError:
            return None
        return None if allocation is None else allocation.by_code

    return choose_programme(published, plan, payers, amounts)
