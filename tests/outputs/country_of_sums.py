"""A plan of sums of parts: limited payers, every way of rounding alone, parts that follow."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

SHARES = '[[part.share]]\nweight = "{}"\nby = "{}"\n'
ROUNDED = '[part.rounding]\nunit = {}\nmethod = "{}"\n'


def part(name: str, head: str, shares: Sequence[tuple[str, str]], unit: int, method: str) -> str:
    """Return a part of a plan."""
    text = f'[[part]]\nname = "{name}"\nbasis = "rule"\n{head}\n'
    text += "".join(SHARES.format(*share) for share in shares)
    return text + ROUNDED.format(unit, method)


STAFF, LINES = [("1", "staff")], [("1", "lines")]
MIXED = [("1/3", "equal"), ("2/3", "staff")]
BANDS = """\
[[part]]
name = "単価による額"
basis = "rule"
[part.unit_amount]
by = "staff"
prefectures = [{ from = 0, amount = 500 }, { from = 300, amount = 900 }]
municipalities = [{ from = 0, amount = 70 }, { from = 30, amount = 900 }]
[[part.adjustment]]
reason = "独自設備"
exempt = ["A3"]
"""
CARRIED = """\
[[part]]
name = "引継ぎ額"
basis = "carried_forward"
total = 123_000
[part.carried_forward]
list = "earlier.csv"
derived_from = "printed.csv"
[part.rounding]
unit = 1000
method = "largest_remainder"
"""
PROGRAMMES = {
    # Some pay but one part; what is left is rounded each for itself, so that another sum is charged
    "mixed": 'payers = "all"\ntotal = 987_654_321\n'
    + part("町村割", 'payers = "municipalities"\ntotal = 12_345_678', STAFF, 1000, "floor")
    + part("設置団体", 'codes = ["A", "A3", "B1"]\ntotal = 90_000_001', LINES, 7, "ceiling")
    + BANDS
    + part("残り", 'total = "rest"', [("1/2", "equal"), ("1/2", "lines")], 100, "half_up"),
    # The total follows from the parts
    "follows": 'payers = "municipalities"\n'
    + part("均等割", "total = 7_654_321", [("1", "equal")], 1000, "floor")
    + part("職員割", "total = 5_000_000", MIXED, 1000, "half_up_then_largest"),
    # The total holds; one part is carried forward, one stays behind the inputs
    "whole": 'payers = "prefectures"\ntotal = 50_000_000\n'
    + part("職員割", 'total = "rest"', STAFF, 1000, "largest_remainder")
    + CARRIED
    + '[breakdown]\nby = "staff"\n',
    "values": 'payers = "prefectures"\ntotal = 50_000_000\n'
    + part("ドント", "total = 30_000_000", MIXED, 1000, "jefferson")
    + part("職員割", 'total = "rest"', STAFF, 1, "cumulative"),
}


def write_plan(folder: Path, **programmes: str) -> Path:
    """Write a plan of sums in an invented country of two prefectures and eleven towns."""
    folder.mkdir(parents=True)
    draw = random.Random(3)
    codes = ["A", *(f"A{n}" for n in range(6)), "B", *(f"B{n}" for n in range(5))]
    lines = ["code,prefecture,municipality,kind"]
    for code in codes:
        kind, name = ("town", f"{code}町") if len(code) > 1 else ("prefecture", "")
        lines.append(f"{code},{code[0]}国,{name},{kind}")
    (folder / "organisations.csv").write_text("\n".join(lines), encoding="utf-8")
    for name, most in (("staff", 90), ("lines", 10_000)):
        figures = {code: draw.randrange(1, most) for code in codes if len(code) > 1}
        figures |= {
            upper: sum(value for code, value in figures.items() if code[0] == upper)
            for upper in "AB"
        }
        text = "\n".join([f"code,{name}", *(f"{code},{v}" for code, v in figures.items())])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "earlier.csv").write_text("code,amount\nA,37\nB,22\n", encoding="utf-8")
    texts = programmes or PROGRAMMES
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(f'id = "{name}"\n{text}', encoding="utf-8")
    listed = str(list(texts)).replace("'", '"')
    plan = f"fiscal_year = 2030\nprogrammes = {listed}\n"
    plan += 'organisations = "organisations.csv"\ncodes = "text"\n'
    plan += "".join(f'[[measure]]\nname = "{n}"\nfile = "{n}.csv"\n' for n in ("staff", "lines"))
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    return folder
