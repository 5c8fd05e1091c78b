"""Unit amounts by band: each payer pays what its band says, and the total follows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocator.engine.exact import Ints
from allocator.engine.rule import Band


def band_amounts(measure: Ints, bands: Sequence[Band]) -> tuple[Ints, Ints]:
    """Return for each payer the lower limit of its band and the band's amount (yen).

    Bands stand in ascending order, the first from 0: the last whose `start` is not above the
    measure holds.
    """
    limits = np.array([band.start for band in bands], dtype=np.int64)
    amounts = np.array([band.amount for band in bands], dtype=np.int64)
    place = np.searchsorted(limits, measure, side="right") - 1
    return limits[place], amounts[place]
