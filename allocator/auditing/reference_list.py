"""Another list as what a list is compared with, joined over changes of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from allocator.auditing.reference import Reference
from allocator.domain.changes import CodeChanges
from allocator.domain.errors import Problem
from allocator.domain.frames import places_of, repeated, stands_once
from allocator.domain.organisations import Register
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST, too_much
from allocator.engine.exact import total
from allocator.sources.lists.table import PublishedList
from allocator.sources.tables.faults import raise_all


@dataclass(frozen=True)
class Joined:
    """A list and the other one, under the same codes. `carried` says which codes were others."""

    published: PublishedList
    reference: Reference
    carried: tuple[Text, ...]


def join_lists(
    published: PublishedList, other: PublishedList, register: Register, changes: CodeChanges
) -> Joined:
    """Bring two lists under the same codes: the sum of the parts beside the merged whole.

    Raises:
        InputError: the other list has a code twice, or a row whose code cannot be told; the parts
            of one organisation add up to more than any amount.
    """
    theirs = completed(other)
    refuse_unclear(other, theirs)
    mine = published.frame
    there = _carried(theirs["code"], mine["code"], changes)
    theirs = _without_unprinted(_gathered(other, theirs, there), other)
    here = _carried(mine["code"], theirs["code"], changes)
    mine = _gathered(published, mine, here)
    lends_names = there or published.prints - other.prints - {"code"}
    frame = _reference_frame(theirs, mine if lends_names else mine.clear(), register)
    whose = Text(f"{other.file} has", f"{other.file} ")
    reference = Reference(
        frame, total(frame["amount"].to_numpy()), register, changes, whose, of_plan=False
    )
    carried = tuple(
        Text(f"{old} compared as {new}", f"{old} は {new} として照合")
        for old, new in {**there, **here}.items()
    )
    if here:
        mine = _with_names(mine, frame)
    return Joined(replace(published, frame=mine), reference, carried)


def completed(published: PublishedList) -> pl.DataFrame:
    """Return the rows, with the codes that names tell where rows have none."""
    frame = published.frame
    if not published.by_name:
        return frame
    lines = pl.col("line").replace_strict(
        dict(published.by_name), default=None, return_dtype=pl.String
    )
    code = pl.when(pl.col("code") == "").then(lines.fill_null("")).otherwise("code")
    return frame.with_columns(code.alias("code"))


def refuse_unclear(other: PublishedList, frame: pl.DataFrame) -> None:
    """Refuse rows whose code stands twice, or that have none; `frame` are the completed rows.

    Raises:
        InputError: there are any; names them all.
    """
    mend = Text(
        "correct that list first; `allocator audit` on it alone says more",
        "先にその一覧を直してください(単独で allocator audit にかけると詳しく分かります)",
    )
    empty = frame.filter(pl.col("code") == "")
    twice = frame.filter(repeated(frame["code"]) & (pl.col("code") != ""))
    found = [
        Problem(
            other.where(row["line"]),
            Text("a row without a code or a known prefecture", "コードも都道府県も判らない行です"),
            mend,
            code="missing_code",
        )
        for row in empty.iter_rows(named=True)
    ]
    found += [
        Problem(
            other.where(row["line"]),
            Text(f"the code {row['code']} stands twice", f"コード {row['code']} が重複しています"),
            mend,
            code="duplicate_code",
        )
        for row in twice.filter(~pl.col("code").is_first_distinct()).iter_rows(named=True)
    ]
    raise_all(found)


def _carried(codes: pl.Series, others: pl.Series, changes: CodeChanges) -> Mapping[str, str]:
    """Return the codes that the other side has under another code."""
    if not changes.rows:
        return {}
    strangers = codes.filter(~codes.is_in(others.implode()))
    payers = frozenset(others)
    ways = (changes.carry(code, payers) for code in strangers.unique(maintain_order=True))
    return {way.code: way.to for way in ways if way.to}


def _gathered(published: PublishedList, frame: pl.DataFrame, to: Mapping[str, str]) -> pl.DataFrame:
    """Put carried codes in place of their own, and add up the rows that come together."""
    if not to:
        return frame
    moved = frame.with_columns(
        pl.col("code").replace(dict(to)),
        carried=pl.col("code").is_in(list(to)),
    )
    together = moved.filter(pl.col("carried").any().over("code"))
    # A name of its own goes before that of a part; names of parts alone would be no fault.
    summed = (
        together.sort("carried", "line", maintain_order=True)
        .group_by("code", maintain_order=True)
        .agg(
            pl.col("prefecture", "municipality").first(),
            pl.col("amount").cast(pl.Int128).sum(),
            pl.col("line").min(),
            pl.col("carried").first(),
        )
        .with_columns(
            pl.when("carried")
            .then(pl.lit(None, pl.String))
            .otherwise(name)
            .alias(name.meta.output_name())
            for name in (pl.col("prefecture"), pl.col("municipality"))
        )
    )
    raise_all(
        [
            too_much(published.where(line), code, amount)
            for code, amount, line in summed.select("code", "amount", "line").iter_rows()
            if abs(amount) > LARGEST
        ]
    )
    summed = summed.cast({"amount": pl.Int64})
    apart = moved.filter(~pl.col("carried").any().over("code"))
    return pl.concat([apart.select(frame.columns), summed.select(frame.columns)]).sort("line")


def _without_unprinted(frame: pl.DataFrame, published: PublishedList) -> pl.DataFrame:
    """Put null where the list prints no name."""
    unprinted = {"prefecture", "municipality"} - published.prints
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in unprinted)


def _reference_frame(theirs: pl.DataFrame, mine: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Return the other list as a reference frame, in its order.

    A name that the register has for the code may be printed with the county or without it. Names
    that the other list lacks are those of the register, then those of `mine`.
    """
    known = _newest(register.frame).select(
        "code",
        pl.col("prefecture").alias("known_prefecture"),
        pl.concat_str("county", "municipality").alias("known_full"),
        pl.col("municipality").alias("known_bare"),
    )
    ours = mine.unique("code", keep="first", maintain_order=True).select(
        "code", pl.col("prefecture").alias("our_prefecture"), pl.col("municipality").alias("ours")
    )
    in_register = places_of(theirs["code"], known["code"])
    in_ours = places_of(theirs["code"], ours["code"])
    at = (in_register.is_not_null() | in_ours.is_not_null()).arg_true()
    rows = theirs.select(pl.all().gather(at)).hstack(
        [
            *(known[name].gather(in_register.gather(at)) for name in known.columns[1:]),
            *(ours[name].gather(in_ours.gather(at)) for name in ours.columns[1:]),
        ]
    )
    name = pl.coalesce("municipality", "known_full", "ours", pl.lit(""))
    is_known = (name == pl.col("known_full")) | (name == pl.col("known_bare"))
    names = rows.select(
        pl.coalesce("prefecture", "known_prefecture", "our_prefecture", pl.lit("")).alias(
            "prefecture"
        ),
        pl.when(is_known).then("known_full").otherwise(name).alias("full"),
        pl.when(is_known).then("known_bare").otherwise(name).alias("bare"),
    )
    printed = theirs.select(
        pl.col("prefecture").fill_null(""),
        pl.col("municipality").fill_null("").alias("full"),
        pl.col("municipality").fill_null("").alias("bare"),
    )
    return theirs.select(
        "code",
        *(printed[name].scatter(at, names[name]).alias(name) for name in names.columns),
        "amount",
        pl.lit(value=False).alias("optional"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"),
    )


def _newest(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the last row of each code of a register."""
    return frame if stands_once(frame["code"]) else frame.unique("code", keep="last")


def _with_names(mine: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """Give rows that were put together from parts the name of the whole."""
    names = reference.select("code", pl.col("prefecture").alias("whole_prefecture"), "bare")
    rows = mine.join(names, on="code", how="left", maintain_order="left")
    return rows.select(
        "code",
        pl.coalesce("prefecture", "whole_prefecture", pl.lit("")).alias("prefecture"),
        pl.coalesce("municipality", "bare", pl.lit("")).alias("municipality"),
        *("amount", "line"),
    )
