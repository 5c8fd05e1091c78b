"""A country that nobody knows: five municipalities in two prefectures, or 200,000 payers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from tests.acceptance.recompute import largest_remainder, table, written
from tests.cli.calls import WITHOUT_PARTS, call_inside, call_outside

PLAN = """\
fiscal_year = 2031
programmes = ["towns", "counties", "bands"]
organisations = "register.csv"
codes = "{codes}"
[[measure]]
name = "population"
as_of = 2030-01-01
file = "population.csv"
"""

TOWNS = """\
id = "towns"
name = "=1+1"
payers = "municipalities"
basis = "rule"
total = 100_000
[[share]]
weight = "1/3"
by = "equal"
[[share]]
weight = "2/3"
by = "population"
as_of = 2030-01-01
[rounding]
unit = 100
method = "largest_remainder"
"""

COUNTIES = (
    TOWNS.replace('"towns"', '"counties"')
    .replace('"municipalities"', '"prefectures"')
    .replace("100_000", "10_001")
    .replace('"largest_remainder"', '"largest_remainder"\nrest = "largest"')
    + '[breakdown]\nby = "population"\n'
)

BANDS = """\
id = "bands"
payers = "all"
basis = "rule"
[unit_amount]
by = "population"
prefectures = [{ from = 0, amount = 7_000 }, { from = 900, amount = 9_000 }]
municipalities = [
    { from = 0, amount = 10 },
    { from = 200, amount = 25 },
    { from = 401, amount = 50 },
]
"""

PEOPLE = [100, 200, 300, 400, 500]


def check_digit(first_five: str) -> str:
    """(11 − s mod 11) mod 10 of s = 6·d1 + 5·d2 + 4·d3 + 3·d4 + 2·d5."""
    weighted = sum(w * int(d) for w, d in zip((6, 5, 4, 3, 2), first_five, strict=True))
    return str((11 - weighted % 11) % 10)


OFFICIAL = [
    number + check_digit(number)
    for number in ("48000", "49000", "48100", "48101", "48102", "49100", "49101")
]
TEXT = ["甲", "乙", "north/1", "north/2", "north/3", "Süd 1", "süd 2"]


def write_country(folder: Path, kind: str) -> list[str]:
    """Write the plan with its register and population; return the codes: two prefectures first."""
    codes = OFFICIAL if kind == "official" else TEXT
    north, south, *towns = codes
    names = ["甲", "甲", "甲", "乙", "乙"]
    organisations = [(north, "甲", "", "prefecture"), (south, "乙", "", "prefecture")] + [
        (code, name, f"町{place}", "town")
        for place, (code, name) in enumerate(zip(towns, names, strict=True), start=1)
    ]
    register = "code,prefecture,municipality,kind\n"
    register += "".join(f"{','.join(row)}\n" for row in organisations)
    figures = [600, 900, *PEOPLE]
    population = "code,population\n"
    population += "".join(f"{code},{figure}\n" for code, figure in zip(codes, figures, strict=True))
    files = {
        "plan.toml": PLAN.format(codes=kind),
        "towns.toml": TOWNS,
        "counties.toml": COUNTIES,
        "bands.toml": BANDS,
        "register.csv": register,
        "population.csv": population,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return codes


@pytest.mark.parametrize("kind", ["official", "text"])
def test_five_municipalities_in_two_prefectures(kind: str, tmp_path: Path) -> None:
    codes = write_country(tmp_path, kind)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ended = call_outside(["run", tmp_path, "--json", "--out", "r"], cwd=elsewhere)
    assert (ended.status, ended.err) == (0, "")
    assert ended.object["fiscal_year"] == 2031
    out = elsewhere / "r"
    assert sorted(path.name for path in out.iterdir()) == sorted(WITHOUT_PARTS)

    # 1,000 units: 1/3 · 1/5 · 1000 = 66 2/3 each, and 2/3 · p/1500 · 1000 = 4/9 · p. Quotas
    # 111 1/9, 155 5/9, 200, 244 4/9, 288 8/9: 998 whole units; two more, to 8/9 and 5/9.
    towns = dict(zip(codes[2:], [11_100, 15_600, 20_000, 24_400, 28_900], strict=True))
    assert written(out, "towns") == towns
    # Shares 1/6 + 2/3 · 600/1500 = 13/30 and 17/30 of 100 units: 43 1/3 and 56 2/3, so 43 and 57;
    # the odd yen of 10,001 goes to the larger share.
    assert written(out, "counties") == {codes[0]: 4_300, codes[1]: 5_701}
    # 4,300 over 100 : 200 : 300 and 5,701 over 400 : 500, largest remainder of 1 yen.
    notional = dict(zip(codes[2:], [717, 1_433, 2_150, 2_534, 3_167], strict=True))
    assert written(out, "counties", "breakdown.csv") == notional
    bands = dict(zip(codes, [7_000, 9_000, 10, 25, 25, 25, 50], strict=True))
    assert written(out, "bands") == bands

    order = [(row["programme"], row["code"]) for row in table(out / "allocation.csv")]
    expected = [
        *(("towns", code) for code in sorted(codes[2:])),
        *(("counties", code) for code in sorted(codes[:2])),
        *(("bands", code) for code in sorted(codes)),
    ]
    assert order == expected


@pytest.mark.parametrize("kind", ["official", "text"])
def test_show_and_check_in_an_invented_country(kind: str, tmp_path: Path) -> None:
    codes = write_country(tmp_path, kind)
    shown = call_inside("show", codes[2], tmp_path, "--json")
    assert shown.status == 0
    found = {each["id"]: each["amount"] for each in shown.object["programmes"]}
    assert found == {"towns": 11_100, "counties": 717, "bands": 10}
    assert shown.object["pays"] == 11_110
    assert call_inside("check", tmp_path).status == 0
    assert call_inside("show", "131016", tmp_path).status == 2


def test_a_wrong_check_digit_above_prefecture_47_is_refused(tmp_path: Path) -> None:
    codes = write_country(tmp_path, "official")
    wrong = codes[2][:5] + str((int(codes[2][5]) + 1) % 10)
    for name in ("register.csv", "population.csv"):
        file = tmp_path / name
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(codes[2], wrong), encoding="utf-8")
        ended = call_inside("run", tmp_path, "--out", tmp_path / "r")
        assert ended.status == 2
        assert wrong in ended.err
        assert f"{name}: line " in ended.err
        assert not (tmp_path / "r").exists()
        file.write_text(text, encoding="utf-8")


def test_codes_as_text_need_no_check_digit_but_must_agree(tmp_path: Path) -> None:
    codes = write_country(tmp_path, "text")
    file = tmp_path / "population.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("north/1", "north/9"), "utf-8")
    ended = call_inside("run", tmp_path, "--out", tmp_path / "r")
    assert ended.status == 2
    assert codes[2] in ended.err
    assert not (tmp_path / "r").exists()


def test_a_row_of_nobody_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    write_country(tmp_path, "text")
    file = tmp_path / "population.csv"
    file.write_text(file.read_text(encoding="utf-8") + "north/9,7\n", encoding="utf-8")
    ended = call_inside("run", tmp_path, "--out", tmp_path / "r")
    assert "population.csv" in ended.err
    assert "left out" in ended.err or "north/9" in ended.err


def test_a_country_without_prefectures_takes_a_population_file(tmp_path: Path) -> None:
    codes = write_country(tmp_path, "text")
    for name in ("register.csv", "population.csv"):
        header, _, _, *lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text("\n".join([header, *lines]), encoding="utf-8")
    plan = PLAN.format(codes="text").replace('"towns", "counties", "bands"', '"towns"')
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    file = (tmp_path / "population.csv").rename(tmp_path / "own_2032-01-01.csv")
    (tmp_path / "population.csv").write_text("code,population\nnorth/1,1\n", encoding="utf-8")
    words: list[str | Path] = ["--population", file, "--as-of", "towns=2032-01-01"]
    ended = call_inside("run", tmp_path, *words, "--out", tmp_path / "r")
    assert ended.status == 0, ended.err
    amounts = dict(zip(codes[2:], [11_100, 15_600, 20_000, 24_400, 28_900], strict=True))
    assert written(tmp_path / "r", "towns") == amounts


def test_the_largest_total_to_the_yen(tmp_path: Path) -> None:
    """10^18 yen in units of 100: 1/15 + 4/9 · p/1000 of 10^16, far beyond what doubles can hold."""
    codes = write_country(tmp_path, "text")
    towns = TOWNS.replace("100_000", "1_000_000_000_000_000_000")
    (tmp_path / "towns.toml").write_text(towns, encoding="utf-8")
    ended = call_inside("run", tmp_path, "--out", tmp_path / "r")
    assert ended.status == 0, ended.err
    shares = {
        code: Fraction(1, 15) + Fraction(2, 3) * Fraction(figure, 1_500)
        for code, figure in zip(codes[2:], PEOPLE, strict=True)
    }
    assert written(tmp_path / "r", "towns") == largest_remainder(shares, 10**18, 100)


def test_two_hundred_thousand_payers(tmp_path: Path) -> None:
    random = Random(200_000)
    counties, count, total = 400, 200_000, 10**15
    rows = [(f"c{place:03d}", f"県{place}", "", "prefecture") for place in range(counties)]
    rows += [
        (f"p-{random.randrange(16**6):06x}-{place}", f"県{place % counties}", f"町{place}", "town")
        for place in range(count)
    ]
    register = "code,prefecture,municipality,kind\n" + "".join(f"{','.join(row)}\n" for row in rows)
    staff = {row[0]: random.randrange(1, 10**6) for row in rows[counties:]}
    figures = "code,staff\n" + "".join(f"{code},{value}\n" for code, value in staff.items())
    plan = (
        'fiscal_year = 2031\nprogrammes = ["towns"]\norganisations = "register.csv"\n'
        'codes = "text"\n[[measure]]\nname = "staff"\nfile = "staff.csv"\n'
    )
    towns = TOWNS.replace('by = "population"\nas_of = 2030-01-01', 'by = "staff"')
    files = {
        "plan.toml": plan,
        "towns.toml": towns.replace("100_000", str(total)),
        "register.csv": register,
        "staff.csv": figures,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    ended = call_outside(["run", ".", "--json", "--out", "r"], cwd=tmp_path)
    assert (ended.status, ended.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == sorted(WITHOUT_PARTS)
    (found,) = ended.object["programmes"]
    assert (found["payers"], found["total"], found["allocated"]) == (count, total, total)

    # All shares over 3 · n · Σ: 1/3 · 1/n + 2/3 · m/Σ.
    whole, units = sum(staff.values()), total // 100
    denominator = 3 * count * whole
    quotas = {code: (whole + 2 * count * value) * units for code, value in staff.items()}
    expected = {code: quota // denominator for code, quota in quotas.items()}
    order = sorted(quotas, key=lambda code: (-(quotas[code] % denominator), code))
    for code in order[: units - sum(expected.values())]:
        expected[code] += 1
    amounts = written(tmp_path / "r", "towns")
    assert sum(amounts.values()) == total
    assert amounts == {code: 100 * amount for code, amount in expected.items()}
