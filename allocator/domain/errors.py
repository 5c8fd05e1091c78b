"""What is wrong with an input: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from allocator.domain.characters import visible
from allocator.domain.places import place_text
from allocator.domain.text import Language, Text, shortened

if TYPE_CHECKING:
    import polars as pl


UNNAMED: Final = "input"
"""The code of a problem that has none of its own."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input, said to the person who can mend it.

    `where` names the place: file, then key, line or column, in the form of `place_text`. Whatever
    they quote, place and texts have a length that can be read. `code` is the same whatever the
    language and the values; `fields` are those that the sentence is made of.
    """

    where: str
    what: Text
    mend: Text
    code: str = UNNAMED
    fields: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Shorten what is too long."""
        object.__setattr__(self, "where", shortened(self.where))
        for name in ("what", "mend"):
            text: Text = getattr(self, name)
            object.__setattr__(self, name, Text(shortened(text.en), shortened(text.ja)))

    def in_(self, language: Language) -> str:
        """Return the problem as one paragraph in `language`."""
        return "\n".join(self.lines(language))

    def lines(self, language: Language) -> tuple[str, str]:
        """Return its two lines: where and what, then how to mend it. No name steers a terminal."""
        where = place_text(self.where).in_(language)
        mend = Text("To mend it", "対処").in_(language)
        return (
            visible(f"{where}: {self.what.in_(language)}"),
            f"  {mend}: {visible(self.mend.in_(language))}",
        )


class InputError(Exception):
    """The input, the configuration or the call is wrong. Carries every problem found at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Take one problem or several; at least one."""
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not found:
            raise ValueError("an InputError needs at least one problem")
        self.problems = found
        super().__init__("\n".join(problem.in_("en") for problem in found))

    def frame(self) -> pl.DataFrame:
        """Return the problems: code, where, what, mend, what_ja, mend_ja; one row each."""
        import polars as pl

        rows = [
            (each.code, each.where, each.what.en, each.mend.en, each.what.ja, each.mend.ja)
            for each in self.problems
        ]
        columns = ("code", "where", "what", "mend", "what_ja", "mend_ja")
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def refuse(
    where: str,
    what: Text,
    mend: Text,
    *,
    code: str = UNNAMED,
    fields: Mapping[str, object] | None = None,
) -> InputError:
    """Return an `InputError` with one problem, ready to be raised."""
    return InputError(Problem(where, what, mend, code, fields or {}))
