"""One payer's way as text, a paragraph for each programme."""

from __future__ import annotations

from allocator.domain.text import Language, Text
from allocator.domain.yen import group
from allocator.words.payer import Explanation


def payer_lines(explanation: Explanation, heading: Text, language: Language) -> list[str]:
    """Return the lines of an explanation; `heading` stands behind the name of the payer."""
    organisation = explanation.organisation
    lines = [f"{organisation.code} {organisation.name} ({heading.in_(language)})"]
    for each in explanation.programmes:
        amount = "" if each.amount is None else group(each.amount)
        mark = Text("[参考 notional] ", "【参考】").in_(language) if each.notional else ""
        basis = each.footing.in_(language)
        lines += ["", f"{mark}{each.title} [{each.programme}, {basis}] {amount}".rstrip()]
        if each.note:
            lines.append(f"  {Text('note', '備考').in_(language)}: {each.note}")
        for number, part in enumerate(each.parts, start=1):
            lines.append(f"  ({number}) {part.heading.in_(language)}")
            lines += [f"    {step.text.in_(language)}" for step in part.steps]
        lines += [f"  {step.text.in_(language)}" for step in each.steps]
    total = Text(
        f"pays altogether: {group(explanation.pays)} yen (notional figures not counted)",
        f"負担額の合計: {group(explanation.pays)}円(参考の額は含まない)",
    )
    return [*lines, "", total.in_(language)]
