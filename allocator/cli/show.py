"""`allocator show`: one payer, every programme, every step from input to amount."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.domain.errors import refuse
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from allocator.results.outcome import Outcome
    from allocator.words.payer import Explanation


@bilingual_command(
    "show",
    Text(
        "Explain what the organisation CODE (団体コード, such as 131016) pays under PLAN (default: "
        "the bundled newest), step by step.",
        "団体コード CODE(例: 131016)の負担額を、PLAN(省略時は同梱の最新年度)に沿って説明します。",
    ),
)
@click.argument("code", metavar="CODE")
@click.argument("plan", metavar="[PLAN]", required=False, type=click.Path(path_type=Path))
@option(
    "--quiet",
    "-q",
    is_flag=True,
    text=Text(
        "Print nothing but the explanation and errors.",
        "説明とエラーのほかは何も表示しない。",
    ),
)
@json_option
def command(code: str, plan: Path | None, quiet: bool, as_json: bool) -> int:
    """Compute, explain."""
    from allocator.cli.terminal import working
    from allocator.sources.bundled import newest_plan
    from allocator.tasks.compute import compute_plan
    from allocator.words.payer import explain

    with working(Text("computing", "計算中"), quiet=quiet):
        outcome = compute_plan(plan or newest_plan())
        explanation = explain(outcome, _known(outcome, code))
    language = chosen()
    year = outcome.plan.fiscal_year
    if as_json:
        click.echo(json.dumps(as_dict(explanation, year.year, language), ensure_ascii=False))
    else:
        heading = Text(f"fiscal year {year}", year.japanese).in_(language)
        click.echo("\n".join(_lines(explanation, heading, language)))
    return DONE


def as_dict(explanation: Explanation, year: int, language: Language) -> dict[str, Any]:
    """Return the JSON object of an explanation."""
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
                "steps": [
                    {"name": step.name, "value": step.value, "text": step.text.in_(language)}
                    for step in each.steps
                ],
            }
            for each in explanation.programmes
        ],
    }


def _lines(explanation: Explanation, heading: str, language: Language) -> list[str]:
    from allocator.domain.yen import group
    from allocator.words.rule import BASIS

    organisation = explanation.organisation
    lines = [f"{organisation.code} {organisation.name} ({heading})"]
    for each in explanation.programmes:
        amount = "" if each.amount is None else group(each.amount)
        mark = Text("[参考 notional] ", "【参考】").in_(language) if each.notional else ""
        basis = BASIS[each.basis].in_(language)
        lines += ["", f"{mark}{each.title} [{each.programme}, {basis}] {amount}".rstrip()]
        if each.note:
            lines.append(f"  {Text('note', '備考').in_(language)}: {each.note}")
        lines += [f"  {step.text.in_(language)}" for step in each.steps]
    total = Text(
        f"pays altogether: {group(explanation.pays)} yen (notional figures not counted)",
        f"負担額の合計: {group(explanation.pays)}円(参考の額は含まない)",
    )
    return [*lines, "", total.in_(language)]


def _known(outcome: Outcome, code: str) -> str:
    """Return the code as the register has it; whoever isn't there is refused, with a hint."""
    from allocator.domain.codes import parse_code

    day = outcome.plan.table.payers_on
    register = outcome.register
    valid = set(register.payers("all", day)["code"].to_list())
    plain = parse_code(code, "CODE", valid) if register.official else code
    if plain not in valid:
        heir = outcome.changes.carry(plain, valid).to
        former = (
            Text(f"it is {heir} now", f"現在のコードは {heir} です")
            if heir
            else Text("it existed at another time", "別の時点の団体です")
        )
        unknown = Text("the register doesn't know it", "団体一覧にありません")
        why = former if plain in register.codes else unknown
        raise refuse(
            f"CODE {code}",
            Text(
                f"no organisation of {day}: {why.en}", f"{day} 現在の団体ではありません: {why.ja}"
            ),
            Text(
                "give the code of a prefecture or municipality, such as 131016 (wards of "
                "designated cities are none)",
                "131016 のような都道府県か市区町村のコードを指定してください(指定都市の区は対象外)",
            ),
        )
    return plain
