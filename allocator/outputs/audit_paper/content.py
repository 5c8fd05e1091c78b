"""What an audit's working paper says, whatever it is written as: one content for every kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from allocator import __version__
from allocator.auditing.findings import Audit
from allocator.auditing.verdict import bridge, gross_difference, net_difference, verdict
from allocator.domain.text import Language, Text
from allocator.domain.years import japanese_day
from allocator.domain.yen import group, signed
from allocator.outputs.audit_paper.blocks import (
    Block,
    Column,
    Facts,
    Items,
    Paper,
    Row,
    Section,
    Table,
)
from allocator.outputs.audit_paper.findings import (
    columns_of_findings,
    findings_tables,
    left_out_table,
)
from allocator.outputs.audit_paper.particulars import Particulars
from allocator.outputs.audit_paper.standing import INFERRED, basis_of, conclusions, is_inferred
from allocator.words.rule import BASIS

TITLE: Final = Text("Audit of published lists: working paper", "公表一覧の照合調書")

_PURPOSE: Final = (
    Text(
        "To establish whether each row of the published list names the right payer and amount, and "
        "whether its total is right, by comparing it with what is expected; to record every "
        "difference with its place and its cause, as far as it is known.",
        "公表された一覧について、各行の団体及び金額並びに合計が、あるべき額(下記「照合先」)と"
        "一致するかを確かめ、差異があるときは、その箇所、金額及び判明した原因を記録する。",
    ),
)
_METHOD: Final = (
    Text(
        "Every row of the list was compared (full coverage, no sampling).",
        "一覧の全行を照合した(全件照合。抽出によらない)。",
    ),
    Text(
        "Rows and payers are joined by code (団体コード), in a list without codes by name; amounts "
        "are compared to the yen.",
        "行と団体は団体コード(コードのない一覧では名称)で結び付け、金額は1円単位で比較した。",
    ),
    Text(
        "All differences are listed, whatever their size.",
        "差異は、金額の大小にかかわらず、すべて記載した。",
    ),
)
_BLANK_DAY: Final = Text("(to be filled in)", "\u3000\u3000年\u3000\u3000月\u3000\u3000日")


def paper(audits: Sequence[Audit], of: Particulars, language: Language) -> Paper:
    """Return the whole content of a working paper; nothing is cut."""
    several = len(audits) > 1
    blocks = (
        Facts(_in(Text("This paper", "概要"), language), _of_paper(audits, of, language)),
        _signatures(language),
        Items(_in(Text("Purpose", "目的"), language), tuple(_in(t, language) for t in _PURPOSE)),
        Items(
            _in(Text("Method and coverage", "方法・範囲"), language),
            tuple(_in(t, language) for t in _METHOD),
        ),
        _sources(of, language),
    )
    sections = [
        _section(audit, of, language, number if several else None)
        for number, audit in enumerate(audits, start=1)
    ]
    columns = columns_of_findings(of, language)
    return Paper(_in(TITLE, language), blocks, tuple(sections), columns)


# -- the whole paper -------------------------------------------------------------------------------


def _of_paper(
    audits: Sequence[Audit], of: Particulars, language: Language
) -> tuple[tuple[str, str], ...]:
    lists = ", ".join(dict.fromkeys(audit.source for audit in audits))
    rows = [
        (Text("file audited", "照合した資料"), lists),
        (Text("lists in it", "照合した一覧の数"), f"{len(audits):,}"),
        (Text("day of the work", "実施日"), _day(of.day, language)),
        (Text("threshold of materiality", "重要性の基準値"), _threshold(of, language)),
        (Text("made with", "使用ソフトウェア"), f"allocator {__version__}"),
    ]
    return tuple((_in(name, language), value) for name, value in rows)


def _day(day: date | None, language: Language) -> str:
    if day is None:
        return _in(_BLANK_DAY, language)
    if language == "en":
        return day.isoformat()
    western = japanese_day(day)
    if day < date(2019, 5, 1):
        return western
    year = day.year - 2018
    return f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日({western})"


def _threshold(of: Particulars, language: Language) -> str:
    if of.materiality is None:
        return _in(Text("none set", "設定なし(すべての差異を等しく扱う)"), language)
    amount = group(of.materiality)
    return _in(
        Text(
            f"{amount} yen; smaller findings are marked as such and listed all the same",
            f"{amount}円(これに満たない指摘も、その旨を付してすべて記載)",
        ),
        language,
    )


def _signatures(language: Language) -> Table:
    columns = (
        Column("part", _in(Text("", "区分"), language), "text", 16),
        Column("office", _in(Text("office, position", "所属・職"), language), "blank", 34),
        Column("person", _in(Text("name", "氏名"), language), "blank", 34),
        Column("day", _in(Text("date", "年月日"), language), "blank", 24),
    )
    parts = (Text("prepared by", "作成"), Text("reviewed by", "確認"))
    rows = tuple(Row((_in(part, language), None, None, None)) for part in parts)
    heading = _in(Text("Prepared and reviewed", "作成・確認"), language)
    return Table("signatures", heading, columns, rows)


def _sources(of: Particulars, language: Language) -> Table:
    columns = (
        Column("role", _in(Text("what", "区分"), language), "text", 16),
        Column("name", _in(Text("file", "ファイル名"), language), "text", 40),
        Column("sha256", "SHA-256", "hash", 66),
    )
    rows = tuple(Row((_in(each.role, language), each.name, each.sha256)) for each in of.sources)
    note = Text(
        "The sha256 fixes the very bytes of each file, bundled data included.",
        "SHA-256 は、照合に用いた各ファイル(同梱データを含む)の内容を特定する値である。",
    )
    heading = _in(Text("Sources", "資料"), language)
    return Table("sources", heading, columns, rows, _in(note, language) if rows else "")


# -- one list --------------------------------------------------------------------------------------


def _section(audit: Audit, of: Particulars, language: Language, number: int | None) -> Section:
    name = of.name(audit.programme) or audit.programme or audit.source
    blocks: list[Block] = [
        Facts(_in(Text("What was compared", "照合の対象"), language), _scope(audit, of, language)),
        Facts(_in(Text("Result", "照合結果"), language), _result(audit, of, language)),
        Items(
            _in(Text("Conclusion", "結論"), language),
            tuple(_in(text, language) for text in conclusions(audit, of.materiality)),
        ),
    ]
    if (steps := _bridge(audit, language)) is not None:
        blocks.append(steps)
    blocks += _checks(audit, language)
    mark = "" if number is None else _in(Text(f"List {number}", f"一覧{number}"), language)
    return Section(
        mark,
        f"{mark} {name}".strip(),
        _in(verdict(audit), language),
        "error" if audit.errors else "warning" if audit.warnings else "none",
        tuple(blocks),
        findings_tables(audit, of, language),
        left_out_table(audit, language),
    )


def _scope(audit: Audit, of: Particulars, language: Language) -> tuple[tuple[str, str], ...]:
    """Return what was compared with what, and that all of it was."""
    basis = BASIS.get(audit.basis, Text("another list", "別の一覧"))
    if (shares := audit.shares) is not None:
        basis = Text(f"{basis.en}: {shares.en}", f"{basis.ja}({shares.ja})")
    if is_inferred(audit):
        basis = Text(
            f"{basis.en}, inferred from this very list ({audit.inferred_from})",
            f"{basis.ja}(この一覧({audit.inferred_from})の金額から推定した規則)",
        )
    rows = [(Text("list", "一覧"), audit.source)]
    if audit.programme is not None:
        name = of.name(audit.programme)
        shown = audit.programme if name is None else f"{name}({audit.programme})"
        rows.append((Text("programme", "事業"), shown))
    if audit.plan is not None:
        rows.append((Text("plan", "計画"), _in(audit.plan, language)))
    rows += [
        (Text("compared with", "照合先"), _in(audit.against, language)),
        (Text("basis of the expected amounts", "あるべき額の根拠"), _in(basis, language)),
        (
            Text("coverage", "照合の範囲"),
            _in(
                Text(
                    f"all {audit.rows:,} rows (no sampling)",
                    f"全{audit.rows:,}行(全件照合、抽出なし)",
                ),
                language,
            ),
        ),
    ]
    return tuple((_in(name, language), value) for name, value in rows)


def _result(audit: Audit, of: Particulars, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the figures, the basis of what was expected beside each that rests on it."""
    not_checkable = _in(Text("not checkable", "照合不能"), language)
    beside = basis_of(audit)
    remark = "" if beside is None else _brackets(beside, language)

    def yen(amount: int | None) -> str:
        return _in(Text("none", "なし"), language) if amount is None else group(amount)

    net, gross = net_difference(audit), gross_difference(audit)
    agreeing = _brackets(INFERRED, language) if is_inferred(audit) else remark
    matched = not_checkable if audit.matched is None else f"{audit.matched:,}{agreeing}"
    expected = yen(audit.expected_total)
    rows = [
        (Text("rows", "行数"), f"{audit.rows:,}"),
        (Text("rows that agree", "一致した行"), matched),
        (Text("declared total, yen", "合計欄(円)"), yen(audit.declared_total)),
        (Text("sum of the rows, yen", "各行の合計(円)"), yen(audit.listed_total)),
        (
            Text("expected total, yen", "あるべき合計(円)"),
            expected if audit.expected_total is None else f"{expected}{remark}",
        ),
        (
            Text("net difference, yen", "純差額(円)"),
            not_checkable if net is None else f"{signed(net)}{remark}",
        ),
        (
            Text("gross difference, yen", "総差額(円)"),
            not_checkable if gross is None else f"{group(gross)}{remark}",
        ),
        (Text("threshold of materiality", "重要性の基準値"), _threshold(of, language)),
        (
            Text("errors, warnings", "指摘"),
            _in(
                Text(
                    f"errors {len(audit.errors):,}, warnings {len(audit.warnings):,}",
                    f"誤り{len(audit.errors):,}件、注意{len(audit.warnings):,}件",
                ),
                language,
            ),
        ),
    ]
    return tuple((_in(name, language), value) for name, value in rows)


def _bridge(audit: Audit, language: Language) -> Table | None:
    """Return the way from the declared (or expected) total to the sum of the rows."""
    steps = bridge(audit)
    if not steps:
        return None
    columns = (
        Column("step", _in(Text("step", "項目"), language), "text", 70),
        Column("yen", _in(Text("yen", "金額(円)"), language), "yen", 24),
    )
    rows = tuple(
        Row((_in(step.text, language), step.yen), step.role == "change", step.role != "change")
        for step in steps
    )
    heading = _in(Text("From total to total", "差異の橋渡し"), language)
    note = Text(
        "The steps add up from the first total to the sum of the rows.",
        "最初の合計に各項目を加減すると、各行の合計になる。",
    )
    return Table("bridge", heading, columns, rows, _in(note, language))


def _checks(audit: Audit, language: Language) -> list[Block]:
    checked = tuple(check.described(language) for check in audit.checked)
    left = tuple(check.described(language) for check in audit.not_checked)
    nothing = _in(Text("none", "なし"), language)
    return [
        Items(_in(Text("Checked", "照合した事項"), language), checked or (nothing,), brief=True),
        Items(
            _in(Text("Not checked, and why", "照合しなかった事項とその理由"), language),
            left or (nothing,),
        ),
    ]


def _in(text: Text, language: Language) -> str:
    return text.in_(language)


def _brackets(text: Text, language: Language) -> str:
    return f" ({text.en})" if language == "en" else f"({text.ja})"
