"""The register of organisations and the history of changes, from their files."""

from __future__ import annotations

from typing import Final

import polars as pl

from allocator.domain.changes import CodeChange, CodeChanges
from allocator.domain.characters import UNWRITTEN, refused_in
from allocator.domain.errors import Problem, refuse
from allocator.domain.frames import stands_once
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.schemas import CODE_CHANGES, ORGANISATIONS
from allocator.domain.text import Text
from allocator.files.source import Source, Sources
from allocator.plans.plan import Plan
from allocator.sources.bundled import DATA, locate
from allocator.sources.reading.limits import MOST_ROWS_OF_OTHERS
from allocator.sources.tables.codes import official_codes, refuse_duplicates
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.opened import TextTable, read_table

REGISTER_FILE = DATA / "organisations.csv"
CHANGES_FILE = DATA / "code_changes.csv"


def japan(sources: Sources | None = None) -> Register:
    """Return Japan's register: every prefecture and municipality since 1970."""
    content = (sources or Sources()).open(REGISTER_FILE).content
    frame = pl.read_csv(content, schema=ORGANISATIONS).with_columns(pl.col(pl.String).fill_null(""))
    return Register(frame, official=True, origin=str(REGISTER_FILE))


def code_changes(sources: Sources | None = None) -> CodeChanges:
    """Return the history of changes of Japan's organisations since 1970."""
    content = (sources or Sources()).open(CHANGES_FILE).content
    frame = pl.read_csv(content, schema=CODE_CHANGES)
    return CodeChanges(tuple(CodeChange(*row) for row in frame.iter_rows()))


def register_of(plan: Plan, sources: Sources) -> tuple[Register, CodeChanges]:
    """Return the register that a plan's payers come from, and the history of their codes.

    Raises:
        InputError: a register of one's own is not there, or wrong.
    """
    name = plan.table.organisations
    if name is None:
        return japan(sources), code_changes(sources)
    file = locate(name, plan.folder, sources)
    if file is None:
        raise refuse(
            f"{plan.files[0]}: organisations",
            Text(f"{name!r} is not there", f"{name!r} がありません"),
            Text("put it beside the plan", "計画の隣に置いてください"),
            code="missing_file",
        )
    official = plan.table.codes == "official"
    return own_register(sources.open(file), official=official), CodeChanges(())


def own_register(source: Source, *, official: bool) -> Register:
    """Read a register of one's own: code, prefecture, municipality, kind.

    `kind` is `prefecture` for those and any other word for municipalities; a prefecture has an
    empty municipality. Columns county, kana, valid_from and valid_to (the first day no more
    valid) may be there; without dates a row is valid at any date.

    Raises:
        InputError: a column is missing, a code is wrong or stands twice, kind and name disagree.
    """
    table = read_table(source, MOST_ROWS_OF_OTHERS)
    for name in ("prefecture", "municipality", "kind"):
        table.column([name])
    column = table.column(["code", "団体コード"])
    codes = official_codes(table, column) if official else _text_codes(table, column)
    _refuse_unwritten(table)
    _refuse_wrong_kinds(table)
    _refuse_namesakes(table, codes)
    since, until = _days(table, "valid_from"), _days(table, "valid_to")
    # A code may stand once more for another time: after a change of name or kind.
    again = pl.DataFrame([codes.alias("code"), since, table.frame["line"]])
    if not stands_once(codes):
        repeated = again.filter(pl.struct("code", "valid_from").is_duplicated())
        refuse_duplicates(table, repeated.select("code", "line"), column)
    frame = table.frame.select(
        codes.alias("code"),
        pl.col("prefecture"),
        pl.col("county") if "county" in table.columns else pl.lit("").alias("county"),
        pl.col("municipality"),
        pl.col("kana") if "kana" in table.columns else pl.lit("").alias("kana"),
        pl.col("kind"),
        since,
        until,
    ).sort("code", "valid_from", nulls_last=False)
    return Register(frame, official=official, origin=str(source.path))


_NAMES: Final = ("code", "団体コード", "prefecture", "county", "municipality", "kana", "kind")


def _refuse_unwritten(table: TextTable) -> None:
    """Refuse names with characters that steer a screen, or that no file can hold."""
    found: list[Problem] = []
    mend = Text("leave it out, or write the name anew", "その文字を除いて書き直してください")
    for column in [name for name in _NAMES if name in table.columns]:
        unwritten = table.frame.filter(pl.col(column).str.contains(UNWRITTEN))
        for line, cell in unwritten.select("line", column).iter_rows():
            what = refused_in(cell)
            assert what is not None
            where = table.where(line, column)
            found.append(Problem(where, what, mend, code="unwritten_character"))
    raise_all(found)


def _refuse_namesakes(table: TextTable, codes: pl.Series) -> None:
    """Members are found by the name of their prefecture: one name has to mean one prefecture."""
    prefectures = (
        table.frame.select("prefecture", "kind", "line")
        .with_columns(codes.alias("code"))
        .filter(pl.col("kind") == PREFECTURE)
    )
    twice = (
        prefectures.group_by("prefecture", maintain_order=True)
        .agg(pl.col("code").unique(maintain_order=True), pl.col("line").last())
        .filter(pl.col("code").list.len() > 1)
    )
    raise_all(
        Problem(
            table.where(line, "prefecture"),
            Text(
                f"two prefectures are called {name}: {', '.join(namesakes)}",
                f"{name} という都道府県が複数あります: {'、'.join(namesakes)}",
            ),
            Text("give each prefecture a name of its own", "別々の名称にしてください"),
            code="duplicate_name",
        )
        for name, namesakes, line in twice.iter_rows()
    )


def _days(table: TextTable, column: str) -> pl.Series:
    """Return a column of dates, null where it is empty or not there at all."""
    if column not in table.columns:
        return pl.repeat(None, len(table.frame), dtype=pl.Date, eager=True).alias(column)
    cells = table.frame[column]
    days = cells.str.to_date("%Y-%m-%d", strict=False).alias(column)
    wrong = table.frame.select("line", column).filter(days.is_null() & (cells != ""))
    raise_all(
        Problem(
            table.where(line, column),
            Text(f"{cell!r} is no date", f"{cell!r} は日付ではありません"),
            Text("write it as 2023-04-01", "2023-04-01 の形で書いてください"),
            code="not_a_date",
        )
        for line, cell in wrong.iter_rows()
    )
    return days


def _text_codes(table: TextTable, column: str) -> pl.Series:
    empty = table.frame.filter(pl.col(column) == "")["line"]
    raise_all(
        Problem(
            table.where(line, column),
            Text("the code is empty", "団体コードが空です"),
            Text("give every row a code", "すべての行にコードを書いてください"),
            code="missing_code",
        )
        for line in empty
    )
    return table.frame[column].alias("code")


def _refuse_wrong_kinds(table: TextTable) -> None:
    wrong = table.frame.filter(
        ((pl.col("kind") == PREFECTURE) != (pl.col("municipality") == "")) | (pl.col("kind") == "")
    )
    raise_all(
        Problem(
            table.where(line, "kind"),
            Text(
                f"kind {kind!r} with municipality {name!r}",
                f"kind が {kind!r}、municipality が {name!r} です",
            ),
            Text(
                "a prefecture has kind = prefecture and no municipality, all others have both",
                "都道府県は kind を prefecture、municipality を空にし、他は両方書いてください",
            ),
            code="wrong_kind",
        )
        for line, kind, name in wrong.select("line", "kind", "municipality").iter_rows()
    )
