"""The working paper names the rows that were left out of an audit, or says that there were none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from allocator.auditing.findings import Audit
from allocator.outputs.audit_paper.particulars import Particulars
from allocator.outputs.audit_paper.report import write_report
from allocator.sources.bundled import newest_plan
from allocator.sources.tables.ledger import Ledger
from allocator.tasks.audit_plan import audit_file
from tests.audit.paper_text import PAPERS, text_of

LIST = Path(__file__).parents[2] / "data" / "published" / "2023" / "residents.csv"


def recorded(ledger: Ledger) -> Audit:
    (audit,) = audit_file(LIST, newest_plan(), "residents")
    return replace(audit, ledger=ledger)


@pytest.mark.parametrize("ending", PAPERS)
def test_rows_left_out_stand_in_it_with_place_and_reason(ending: str, tmp_path: Path) -> None:
    rows = Ledger(48)
    rows.leave_out(9, "subtotal", ("小計", "1,234"))
    path = tmp_path / f"report{ending}"
    write_report([recorded(rows)], path, Particulars(), "ja")

    text = text_of(path).replace("\\|", "|")
    assert "照合の対象としなかった行" in text
    assert "9行目" in text
    assert "郡・島などの小計" in text
    assert "全48行のうち、照合47行、対象外1行、表題・見出し・空白0行" in text
    assert "小計 | 1,234" in text


@pytest.mark.parametrize("ending", PAPERS)
def test_where_no_row_was_left_out_it_says_so(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"report{ending}"
    write_report([recorded(Ledger(47))], path, Particulars(), "ja")

    assert "なし(すべての行を照合した)。全47行のうち、照合47行" in text_of(path)
