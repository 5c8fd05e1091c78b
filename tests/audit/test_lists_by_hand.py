"""Lists written by hand: by name, with odd codes, titles, totals, and registers of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.auditing.findings import Audit, Check
from allocator.domain.errors import InputError
from allocator.sources.bundled import DATA, newest_plan
from allocator.tasks.audit_plan import audit_file

RESIDENTS = [
    line.split(",")
    for line in (DATA / "published/2023/residents.csv").read_text(encoding="utf-8").splitlines()[1:]
]
SERVER = (DATA / "published/2023/intermediate_server.csv").read_text(encoding="utf-8").splitlines()
TOTAL = 1_514_000_000


def audit(folder: Path, lines: list[str], programme: str | None = None) -> Audit:
    file = folder / "list.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    (found,) = audit_file(file, newest_plan(), programme)
    return found


def found_in(each: Audit) -> list[tuple[str, str, str | None]]:
    return [(finding.kind, finding.reason, finding.code) for finding in each.findings]


def reading(each: Audit) -> str | None:
    """Return what an audit says was read otherwise than printed, None where there is nothing."""
    notes = [check.note for check in each.checked if check.what == "reading" and check.note]
    return notes[0].en if notes else None


def by_name(changed: dict[str, str] | None = None) -> list[str]:
    """Return the list of residents with names alone; `changed` says which are printed otherwise."""
    changed = changed or {}
    rows = [f"{changed.get(row[1], row[1])},{int(row[3]):,}".split(",", 1) for row in RESIDENTS]
    return ["都道府県名,金額", *(f'{name},"{amount}"' for name, amount in rows)]


# -- lists by name ---------------------------------------------------------------------------------


def test_prefectures_by_name(tmp_path: Path) -> None:
    each = audit(tmp_path, [*by_name(), f'合計,"{TOTAL:,}"'])
    assert each.findings == ()
    assert (each.programme, each.matched, each.declared_total) == ("residents", 47, TOTAL)
    assert "codes" not in [check.what for check in each.checked]
    assert "codes" in [check.what for check in each.not_checked]


@pytest.mark.parametrize(
    ("printed", "reason"), [("青森", "variant"), ("青 森 県", "variant"), ("青木県", "misreading")]
)
def test_a_name_that_is_not_quite_right(tmp_path: Path, printed: str, reason: str) -> None:
    each = audit(tmp_path, by_name({"青森県": printed}))
    assert [(finding.kind, finding.reason) for finding in each.findings] == [("name", reason)]
    assert each.errors == ()


def test_a_name_that_nobody_bears(tmp_path: Path) -> None:
    lines = by_name({"青森県": "本州のどこか"})
    lines[2] = "本州のどこか,5"
    assert found_in(audit(tmp_path, lines, "residents")) == [
        ("unexpected", "unknown_name", ""),
        ("missing", "no_row", "020001"),
    ]


def test_a_name_that_nobody_bears_beside_the_right_amount_in_the_right_place(
    tmp_path: Path,
) -> None:
    each = audit(tmp_path, by_name({"青森県": "本州のどこか"}))
    assert [(finding.kind, finding.reason) for finding in each.findings] == [("name", "other")]


def test_another_prefectures_name(tmp_path: Path) -> None:
    """Place and amount say whose row it is."""
    each = audit(tmp_path, by_name({"青森県": "秋田県"}))
    (finding,) = each.findings
    assert (finding.kind, finding.reason, finding.prefecture) == (
        "duplicate",
        "other_place",
        "秋田県",
    )
    assert "020001" in finding.message.en


@pytest.mark.parametrize(
    ("printed", "name", "code"), [("岩手県", "青森県", "030007"), ("北海道", "青森県", "010006")]
)
def test_a_neighbours_name(tmp_path: Path, printed: str, name: str, code: str) -> None:
    """Neighbours have the room in common: which row is whose, their order and amounts say."""
    each = audit(tmp_path, by_name({printed: name}))
    (finding,) = each.findings
    assert (finding.kind, finding.reason) == ("duplicate", "other_place")
    assert finding.message.en.startswith(f"{name} is the name of another payer")
    assert code in finding.message.en
    assert each.matched == 46


def test_rows_of_a_list_by_name(tmp_path: Path) -> None:
    lines = by_name()
    lines[3], lines[9] = lines[9], lines[3]
    del lines[20]
    lines.insert(30, lines[30])
    kinds = sorted(kind for kind, *_ in found_in(audit(tmp_path, lines)))
    assert kinds == ["duplicate", "missing", "order"]


# -- codes -----------------------------------------------------------------------------------------


COMPLETED = "codes completed to six digits"
PLAIN = "codes read without quotes and hyphens"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("11002", COMPLETED),
        ("01100", COMPLETED),
        ("1100", COMPLETED),
        ("'011002", PLAIN),
        ("01100-2", PLAIN),
        ("０１１００２", None),
    ],
)
def test_a_shortened_code_is_completed_and_said_once(
    tmp_path: Path, written: str, said: str | None
) -> None:
    (line,) = (number for number, row in enumerate(SERVER, start=1) if "011002" in row)
    each = audit(tmp_path, [row.replace("011002", written) for row in SERVER])
    assert {finding.kind for finding in each.findings} == {"name"}
    assert each.matched == 1788
    assert reading(each) == (said and f"{said}: 1 (lines {line})")
    assert Check("codes") in each.checked


def test_a_list_of_five_digits_throughout(tmp_path: Path) -> None:
    lines = [SERVER[0], *(f"{line[:5]}{line[6:]}" for line in SERVER[1:])]
    each = audit(tmp_path, lines, "intermediate_server")
    assert {finding.kind for finding in each.findings} == {"name"}
    assert each.matched == 1788
    assert reading(each) == f"{COMPLETED}: 1788 (lines 2-1789)"
    assert Check("codes") in each.checked


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("01100A", "not_a_code"),
        ("O11002", "not_a_code"),
        ("0110021", "not_a_code"),
        ("", "empty"),
        ("٠١١٠٠٢", "not_a_code"),
    ],
)
def test_what_is_no_code_is_a_finding(tmp_path: Path, written: str, reason: str) -> None:
    lines = [line.replace("011002", written) for line in SERVER]
    errors = audit(tmp_path, lines).errors
    assert [(each.kind, each.reason, each.code) for each in errors] == [
        ("bad_code", reason, written)
    ]
    assert "011002 北海道札幌市" in errors[0].message.en


def test_a_bad_code_without_any_clue(tmp_path: Path) -> None:
    lines = [line.replace("011002,北海道,札幌市", "999999,北海道,どこか") for line in SERVER]
    assert [each[:2] for each in found_in(audit(tmp_path, lines))][:2] == [
        ("bad_code", "check_digit"),
        ("missing", "no_row"),
    ]


def test_a_municipality_in_a_list_of_prefectures(tmp_path: Path) -> None:
    lines = ["code,amount", *(f"{row[0]},{row[3]}" for row in RESIDENTS), "011002,7"]
    assert found_in(audit(tmp_path, lines)) == [("unexpected", "no_payer", "011002")]


def test_a_row_that_bears_the_code_of_a_payer_left_out(tmp_path: Path) -> None:
    """三重県 became 440001, and 大分県, whose code that is, was left out: two faults."""
    lines = ["code,prefecture,amount"]
    for code, prefecture, _, amount in RESIDENTS:
        if code != "440001":
            lines.append(f"{code.replace('240001', '440001')},{prefecture},{amount}")
    assert found_in(audit(tmp_path, lines)) == [
        ("unexpected", "other_place", "440001"),
        ("missing", "no_row", "440001"),
    ]


def test_a_payer_that_comes_to_be_missing_on_the_way(tmp_path: Path) -> None:
    """伊勢崎市 has the code of 旭川市, which is left out; later a code stands twice."""
    lines = [SERVER[0]]
    for row in SERVER[1:]:
        if row.startswith("102041"):
            lines.append(row.replace("102041", "012041"))
        elif row.startswith("102075"):
            lines += [row, row.replace("館林市", "謎謎市")]
        elif not row.startswith("012041"):
            lines.append(row)
    each = audit(tmp_path, lines)
    assert [(found.kind, found.reason, found.code) for found in each.errors] == [
        ("unexpected", "other_place", "012041"),
        ("duplicate", "repeated", "102075"),
        ("missing", "no_row", "012041"),
    ]


@pytest.mark.parametrize("other", ["014656", "103675"])
def test_codes_that_changed_places_are_codes(tmp_path: Path, other: str) -> None:
    """Of neighbours (下川町, 剣淵町, of one county) as of rows far apart."""
    change = {"014681": other, other: "014681"}
    lines = [SERVER[0], *(f"{change.get(row[:6], row[:6])}{row[6:]}" for row in SERVER[1:])]
    each = audit(tmp_path, lines)
    assert {(finding.kind, finding.reason, finding.code) for finding in each.errors} == {
        ("unexpected", "other_place", code) for code in change
    }
    assert {finding.kind for finding in each.findings} == {"unexpected", "name"}
    assert change.keys().isdisjoint(found.code for found in each.findings if found.kind == "name")


def test_names_of_neighbours_that_changed_places_are_names(tmp_path: Path) -> None:
    change = {"下川町": "剣淵町", "剣淵町": "下川町"}
    lines = [
        row.replace(name := row.split(",")[2], name[:-3] + change.get(name[-3:], name[-3:]))
        for row in SERVER
    ]
    each = audit(tmp_path, lines)
    assert each.errors == ()
    assert {finding.kind for finding in each.findings} == {"name"}
    assert {"014656", "014681"} <= {finding.code for finding in each.findings}


def test_names_that_changed_places_are_names(tmp_path: Path) -> None:
    """The code counts where nothing but the name speaks against it."""
    lines = ["code,prefecture,amount"]
    names = {"三重県": "大分県", "大分県": "三重県"}
    for code, prefecture, _, amount in RESIDENTS:
        lines.append(f"{code},{names.get(prefecture, prefecture)},{amount}")
    assert found_in(audit(tmp_path, lines)) == [
        ("name", "other", "240001"),
        ("name", "other", "440001"),
    ]


# -- titles, totals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "reasons"),
    [
        ("本人確認情報処理事務等に係る令和5年度負担金一覧(都道府県別)", []),
        ("本人確認情報処理事務等に係る令和 ５ 年度負担金一覧(都道府県別)", []),
        ("本人確認情報処理事務等に係る2023年度負担金一覧", []),
        ("負担金一覧", []),
        ("本人確認情報処理事務等に係る令和4年度負担金一覧(都道府県別)", ["other_year"]),
        ("総合行政ネットワークに係る令和5年度負担金一覧(都道府県別)", ["other_programme"]),
        ("総合行政ネットワークに係る令和元年度負担金一覧", ["other_year", "other_programme"]),
    ],
)
def test_titles(tmp_path: Path, title: str, reasons: list[str]) -> None:
    each = audit(tmp_path, [title, *by_name()], "residents")
    assert [(finding.kind, finding.reason) for finding in each.findings] == [
        ("title", reason) for reason in reasons
    ]
    assert each.errors == ()
    assert "title" in [check.what for check in each.checked]


def test_a_declared_total_that_agrees_with_wrong_rows_is_wrong_as_well(tmp_path: Path) -> None:
    lines = by_name()
    lines[1] = '北海道,"47,267,001"'
    each = audit(tmp_path, [*lines, f"合計,{TOTAL + 1}"])
    assert [each[:2] for each in found_in(each)] == [("amount", "other"), ("total", "declared")]


def test_two_totals_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="different totals"):
        audit(tmp_path, [*by_name(), "合計,1", "合計,2"])


# -- which programme -------------------------------------------------------------------------------


def test_the_programme_is_told_by_the_amounts(tmp_path: Path) -> None:
    lines = by_name()
    lines[1] = "北海道,1"
    assert audit(tmp_path, lines).programme == "residents"


def test_the_programme_is_told_by_the_total(tmp_path: Path) -> None:
    lines = ["都道府県名,金額", *(f"{row[1]},1" for row in RESIDENTS), "合計,2406000000"]
    assert audit(tmp_path, lines).programme == "jpki"


def test_the_programme_is_told_by_the_title(tmp_path: Path) -> None:
    title = "総合行政ネットワークに係る令和5年度負担金一覧"
    lines = [title, "都道府県名,金額", *(f"{row[1]},1" for row in RESIDENTS)]
    assert audit(tmp_path, lines).programme == "lgwan"


def test_several_programmes_that_fit_equally_are_named(tmp_path: Path) -> None:
    lines = ["都道府県名,金額", *(f"{row[1]},1" for row in RESIDENTS)]
    with pytest.raises(InputError, match="residents, jpki, lgwan") as caught:
        audit(tmp_path, lines)
    assert "--programme" in caught.value.problems[0].mend.en


def test_a_list_of_nobody_fits_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of the list"):
        audit(tmp_path, ["code,amount", "999999,1"])


# -- registers of one's own ------------------------------------------------------------------------


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A country of five municipalities with codes of any text."""
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.toml").write_text(
        'fiscal_year = 2023\nprogrammes = ["roads"]\norganisations = "register.csv"\n'
        'codes = "text"\n[[measure]]\nname = "cars"\nfile = "cars.csv"\n',
        encoding="utf-8",
    )
    (plan / "roads.toml").write_text(
        'id = "roads"\npayers = "municipalities"\nbasis = "rule"\ntotal = 1000\n'
        '[[share]]\nweight = "1"\nby = "cars"\n'
        '[rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    names = {"A-1": "Ash", "A-2": "Birch", "A-3": "Cedar", "Ｂ１": "Dogwood", "Ｂ２": "Elm"}
    (plan / "register.csv").write_text(
        "code,prefecture,municipality,kind\n"
        + "".join(f"{code},Wood,{name},town\n" for code, name in names.items()),
        encoding="utf-8",
    )
    (plan / "cars.csv").write_text(
        "code,cars\nA-1,1\nA-2,2\nA-3,3\nＢ１,4\nＢ２,10\n",
        encoding="utf-8",
    )
    return plan


def test_codes_of_any_text(tmp_path: Path, toy: Path) -> None:
    file = tmp_path / "list.csv"
    rows = [
        "A-1,Ash,50",
        "A-2,Birch,100",
        "A-9,Cedar,150",
        "Ｂ１,Dogwood,201",
        "ZZ,Elm,500",
        "X,,1",
    ]
    file.write_text("code,municipality,amount\n" + "\n".join(rows), encoding="utf-8")
    (each,) = audit_file(file, toy)
    assert found_in(each) == [
        ("unexpected", "misprint", "A-9"),
        ("amount", "other", "Ｂ１"),
        ("unexpected", "misprint", "ZZ"),
        ("unexpected", "unknown", "X"),
    ]
    assert each.matched == 2
