"""Long columns of text: the quick ways give what the plain ones would."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.frames import places_of, repeated, stands_once

ROWS = 20_000
CODES = [f"M{number:06d}" for number in range(ROWS)]


def looked_up(texts: list[str], among: list[str]) -> list[int | None]:
    place = {text: at for at, text in enumerate(among)}
    return [place.get(text) for text in texts]


def without(codes: list[str], *, every: int, first: int = 0) -> list[str]:
    return [code for at, code in enumerate(codes) if at % every != first]


ORDERS = {
    "the same": (CODES, CODES),
    "rows left out": (without(CODES, every=97), CODES),
    "rows added": (CODES, without(CODES, every=97)),
    "both": (without(CODES, every=89, first=3), without(CODES, every=61, first=5)),
    "a block moved": (CODES[8_000:12_000] + CODES[:8_000] + CODES[12_000:], CODES),
    "a block of strangers": (CODES[:500] + ["?"] * 7_000 + CODES[500:], CODES),
    "all twice": (CODES + CODES, CODES),
    "turned round": (CODES[::-1], CODES),
    "shuffled": (random.Random(1).sample(CODES, ROWS), CODES),
    "nobody known": ([f"X{code}" for code in CODES], CODES),
    "one among many": (CODES, ["M004321"]),
    "many and one": (["M004321"], CODES),
    "nothing to find in": (CODES, []),
    "nothing to find": ([], CODES),
}


@pytest.mark.parametrize("case", ORDERS)
def test_places_are_those_of_a_look_up(case: str) -> None:
    texts, among = ORDERS[case]
    found = places_of(pl.Series(texts, dtype=pl.String), pl.Series(among, dtype=pl.String))
    assert found.dtype == pl.Int64
    assert found.to_list() == looked_up(texts, among)


@given(st.data())
def test_places_in_lists_cut_to_pieces(data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, ROWS), max_size=8)))
    pieces = [CODES[a:b] for a, b in zip([0, *ends], [*ends, ROWS], strict=True)]
    pieces = data.draw(st.lists(st.sampled_from(pieces), max_size=8))
    texts = [code for piece in pieces for code in piece]
    assert places_of(pl.Series(texts, dtype=pl.String), pl.Series(CODES)).to_list() == looked_up(
        texts, CODES
    )


@given(st.lists(st.text("ab", max_size=3)))
def test_what_stands_more_than_once(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    assert stands_once(column) == (len(set(texts)) == len(texts))
    assert repeated(column).to_list() == [texts.count(text) > 1 for text in texts]
