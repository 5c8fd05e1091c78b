"""Lists whose amounts are all near the largest one: their sums pass 2^63, and nothing wraps."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from allocator.domain.years import FiscalYear
from allocator.files.source import open_source
from allocator.sources.budgets.reconcile import reconcile
from allocator.sources.budgets.tables import Stage
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import BudgetLine
from allocator.sources.reading.document import Place
from allocator.sources.reading.opening import open_document
from allocator.sources.register import japan
from tests.acceptance.recompute import ROOT, table
from tests.cli.calls import Caller, assert_refused

ONE: Final = 9 * 10**17
SUM: Final = 47 * ONE
WRAPPED: Final = 5_406_511_852_580_896_768  # what 64 bits make of the sum
PREFECTURES: Final = table(ROOT / "data" / "published" / "2023" / "residents.csv")
EVERYBODY: Final = table(ROOT / "data" / "published" / "2023" / "intermediate_server.csv")
JOETSU: Final = "152226"
"""上越市: the parts of it that had codes of their own are more than ten."""


def as_table(file: Path, *, declared: int | None = SUM) -> Path:
    rows = [f"{row['code']},{row['prefecture']},{ONE}" for row in PREFECTURES]
    total = [] if declared is None else [f',合計,"{declared:,}"']
    file.write_text("\n".join(["code,prefecture,amount", *rows, *total]), encoding="utf-8")
    return file


def as_paper(file: Path, *, declared: int = SUM, unit: str = "円", amount: int = ONE) -> Path:
    head = (
        "令和5年度 本人確認情報処理事務等に係る負担金について\n"
        f"1 負担金総額 {declared:,}{unit}\n"
        "令和5年度 本人確認情報処理事務等に係る負担金一覧\n"
        f"(単位:{unit})\n"
        "都道府県名\t負担金額\n"
    )
    rows = [f"{row['prefecture']}\t{amount:,}\n" for row in PREFECTURES]
    file.write_text(head + "".join(rows) + f"合計\t{declared:,}\n", encoding="utf-8")
    return file


def as_paper_in_millions(file: Path) -> Path:
    return as_paper(file, declared=SUM // 10**6, unit="百万円", amount=ONE // 10**6)


FORMS: Final = (as_table, as_paper, as_paper_in_millions)


def test_the_sums_do_pass_64_bits() -> None:
    assert SUM % 2**64 == WRAPPED


@pytest.mark.parametrize("write", FORMS)
def test_audit(write: Callable[[Path], Path], call: Caller, here: Path) -> None:
    write(here / "list.txt")
    ended = call("audit", "list.txt", "--programme", "residents", "--json")
    assert ended.status == 1
    (audit,) = ended.object["audits"]
    assert audit["listed_total"] == audit["declared_total"] == SUM
    assert audit["expected_total"] == 1_514_000_000
    differences = [each["difference"] for each in audit["findings"] if each["kind"] == "amount"]
    assert sum(differences) == SUM - 1_514_000_000


@pytest.mark.parametrize(
    ("write", "other"), [(as_table, as_paper), (as_paper, as_paper_in_millions)]
)
def test_audit_against(
    write: Callable[[Path], Path], other: Callable[[Path], Path], call: Caller, here: Path
) -> None:
    write(here / "list.txt")
    other(here / "other.txt")
    words = ("--against", "other.txt", "--programme", "residents")
    ended = call("audit", "list.txt", *words, "--json")
    assert ended.status == 0, ended.out
    (audit,) = ended.object["audits"]
    assert audit["listed_total"] == audit["expected_total"] == SUM
    assert audit["matched"] == 47


@pytest.mark.parametrize("write", [as_table, as_paper])
def test_a_declared_total_that_is_the_sum_of_64_bits_is_wrong(
    write: Callable[..., Path], call: Caller, here: Path
) -> None:
    write(here / "list.txt", declared=WRAPPED)
    as_table(here / "other.csv")
    words = ("--against", "other.csv", "--programme", "residents")
    ended = call("audit", "list.txt", *words, "--json")
    assert ended.status == 1
    (finding,) = ended.object["audits"][0]["findings"]
    assert (finding["kind"], finding["published"], finding["expected"]) == ("total", WRAPPED, SUM)


@pytest.mark.parametrize("write", FORMS)
def test_extract(write: Callable[[Path], Path], call: Caller, here: Path) -> None:
    write(here / "list.txt")
    ended = call("extract", "list.txt", "--out", "out", "--json")
    assert ended.status == 0, ended.err
    (found,) = ended.object["lists"]
    assert found["listed_total"] == found["printed_total"] == SUM
    told = [note for note in ended.object["notes"] if "add up" in note]
    assert told == []
    written = table(here / "out" / found["file"])
    assert sum(int(row["amount"]) for row in written) == SUM
    shown = call("extract", "list.txt", "--out", "again")
    assert f"{SUM:,}" in shown.out + shown.err
    assert f"{WRAPPED:,}" not in shown.out + shown.err


@pytest.mark.parametrize("write", [as_table, as_paper])
def test_extract_says_where_the_sum_of_64_bits_is_declared(
    write: Callable[..., Path], call: Caller, here: Path
) -> None:
    write(here / "list.txt", declared=WRAPPED)
    ended = call("extract", "list.txt", "--out", "out", "--json")
    told = [note for note in ended.object["notes"] if "add up" in note]
    assert told
    assert all(f"{WRAPPED:,}" in note and f"{SUM:,}" in note for note in told)


def test_check(call: Caller, here: Path) -> None:
    as_table(here / "list.csv")
    ended = call("check", "list.csv")
    assert ended.status == 0, ended.err
    assert f"{SUM:,}" in ended.out + ended.err
    as_table(here / "list.csv", declared=WRAPPED)
    assert_refused(call("check", "list.csv"), f"{SUM:,}", f"{WRAPPED:,}")


@pytest.mark.parametrize("write", FORMS)
def test_run_with_the_list_as_earlier_amounts(
    write: Callable[[Path], Path], call: Caller, here: Path
) -> None:
    write(here / "list.txt")
    words = ("--programme", "residents", "--previous", "residents=list.txt", "--out", "out")
    ended = call("run", ROOT / "configs" / "2023", *words, "--json")
    assert ended.status == 0, ended.err
    (programme,) = ended.object["programmes"]
    assert programme["previous"]["total"] == programme["previous"]["carried"] == SUM
    manifest = json.loads((here / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["previous"][0]["total"] == SUM


def plan(here: Path, programme: str) -> Path:
    folder = here / "plan"
    folder.mkdir()
    head = 'fiscal_year = 2023\nprogrammes = ["fees"]\npayers_as_of = 2023-04-01\n'
    (folder / "plan.toml").write_text(head, encoding="utf-8")
    (folder / "fees.toml").write_text(f'id = "fees"\n{programme}', encoding="utf-8")
    return folder


CARRIED: Final = """\
payers = "{payers}"
basis = "carried_forward"
total = 1_000_000_000_000_000_000
[carried_forward]
list = "list.csv"
[rounding]
unit = 1
method = "largest_remainder"
"""

BOUNDED: Final = """\
payers = "all"
basis = "rule"
[unit_amount]
by = "population"
as_of = 2019-01-01
prefectures = [{ from = 0, amount = 100 }]
municipalities = [{ from = 0, amount = 10 }]
[[adjustment]]
reason = "no sudden fall"
previous = "list.csv"
max_decrease = "0.1"
"""


def test_show_and_run_with_the_list_carried_forward(call: Caller, here: Path) -> None:
    folder = plan(here, CARRIED.format(payers="prefectures"))
    as_table(folder / "list.csv")
    ended = call("run", folder, "--out", "out", "--json")
    assert ended.status == 0, ended.err
    amounts = [int(row["amount"]) for row in table(here / "out" / "allocation.csv")]
    assert sum(amounts) == 10**18
    assert set(amounts) == {10**18 // 47, 10**18 // 47 + 1}
    shown = call("show", "130001", folder, "--json")
    assert shown.status == 0, shown.err
    assert shown.object["programmes"][0]["amount"] in set(amounts)
    assert f"{SUM:,}" in str(shown.object)
    assert call("check", folder).status == 0


def merged_list(file: Path, amount: int) -> Path:
    """Write a list in which 上越市 stands as the municipalities that it was made of."""
    with (ROOT / "data" / "code_changes.csv").open(encoding="utf-8") as lines:
        changes = list(csv.DictReader(lines))
    parts = {row["old_code"] for row in changes if row["new_code"] == JOETSU}
    parts.discard(JOETSU)
    assert len(parts) * ONE > 2**63
    rows = [f"{code},{amount}" for code in sorted(parts)]
    rows += [f"{row['code']},1000" for row in EVERYBODY if row["code"] != JOETSU]
    file.write_text("\n".join(["code,amount", *rows]), encoding="utf-8")
    return file


@pytest.mark.parametrize("programme", [CARRIED.format(payers="all"), BOUNDED])
@pytest.mark.parametrize("words", [("run", "plan", "--out", "out"), ("check", "plan")])
def test_parts_of_a_merged_payer_that_add_up_to_too_much_are_refused_in_plans(
    programme: str, words: tuple[str, ...], call: Caller, here: Path
) -> None:
    merged_list(plan(here, programme) / "list.csv", ONE)
    assert_refused(call(*words), "list.csv", JOETSU, "13,500,000,000,000,000,000")


def test_parts_of_a_merged_payer_that_add_up_to_too_much_are_refused_by_audit(
    call: Caller, here: Path
) -> None:
    merged_list(here / "old.csv", ONE)
    rows = [f"{row['code']},1000" for row in EVERYBODY]
    (here / "new.csv").write_text("\n".join(["code,amount", *rows]), encoding="utf-8")
    words = ("--programme", "intermediate_server", "--against")
    for one, other in (("old.csv", "new.csv"), ("new.csv", "old.csv")):
        ended = call("audit", one, *words, other)
        assert_refused(ended, "old.csv", JOETSU, "13,500,000,000,000,000,000")
    merged_list(here / "old.csv", 100)
    ended = call("audit", "old.csv", *words, "new.csv")
    assert ended.status == 1
    assert "1,500 yen" in ended.err


@pytest.mark.parametrize("words", [("audit", "list.txt"), ("extract", "list.txt", "--out", "out")])
def test_an_amount_too_large_by_its_unit_is_refused(
    words: tuple[str, ...], call: Caller, here: Path
) -> None:
    as_paper(here / "list.txt", unit="千円")
    assert_refused(call(*words), "list.txt: line 6", f"{ONE:,}")
    assert not (here / "out").exists()


def test_a_budget_is_compared_with_the_exact_sum_of_the_list(here: Path) -> None:
    document = open_document(open_source(as_paper(here / "list.txt")))
    lists = extract(document, japan()).lists
    stage = Stage(FiscalYear(2023), "special")
    for amount, status in ((SUM // 1000, "fact"), (WRAPPED // 1000, "open")):
        line = BudgetLine(f"{stage.prefix}-residents-revenue", stage, "", "", "", amount, Place(1))
        (found,) = (each for each in reconcile([line], lists) if each.programme == "residents")
        assert found.listed == SUM
        assert found.status == status
