"""One payer's way from input to amount, to be read, shown and worked with."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from allocator.api.showing import shown_table
from allocator.domain.characters import visible
from allocator.domain.text import Language, Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group
from allocator.outputs.frames import explanation_frame
from allocator.words.payer import Explanation as _Explanation
from allocator.words.payer_lines import payer_lines


@dataclass(frozen=True)
class Explanation:
    """Every step of one payer's amounts, programme by programme. `print` shows it in English."""

    explained: _Explanation = field(repr=False)
    fiscal_year: int

    @property
    def code(self) -> str:
        """The code of the organisation."""
        return self.explained.organisation.code

    @property
    def name(self) -> str:
        """The name of the organisation."""
        return self.explained.organisation.name

    @property
    def pays(self) -> int:
        """What it pays altogether, in yen; notional figures (参考) are not counted."""
        return self.explained.pays

    def frame(self, language: Language = "en") -> pl.DataFrame:
        """Return programme, part, step, value (exact, as text), text; a row a step.

        Steps of a part have its number, those of the programme as a whole have null.
        """
        return explanation_frame(self.explained, language)

    def text(self, language: Language = "en") -> str:
        """Return the steps as text, a paragraph a programme."""
        year = FiscalYear(self.fiscal_year)
        heading = Text(f"fiscal year {year}", year.japanese)
        return "\n".join(payer_lines(self.explained, heading, language))

    def __str__(self) -> str:
        """Return the steps as a screen may show them: no name steers it."""
        return "\n".join(visible(line) for line in self.text().split("\n"))

    def _repr_html_(self) -> str:
        return shown_table(f"{self.code} {self.name}: {group(self.pays)} yen", self.frame())
