"""Every refusal of the engine has its words, in both languages, for every reason it can have."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest

from allocator.engine.errors import RuleError
from allocator.words.refusals import refused


def every_kind() -> list[type[RuleError]]:
    def below(kind: type[RuleError]) -> list[type[RuleError]]:
        return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]

    return below(RuleError)


SAMPLES: Final[dict[str, Any]] = {
    "found": (("adjustment[1].exempt", ("999999",)),),
    "codes": ("010006", "020001"),
    "names": ("minimum", "maximum"),
}
"""Values for the fields that are no plain text or number."""


@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_words_in_both_languages(kind: type[RuleError]) -> None:
    """Every kind, and every reason that it can have."""
    for sample in samples(kind):
        problems = refused(sample, "toy").problems
        assert len(problems) == 1
        for text in (problems[0].what, problems[0].mend):
            assert text.en.isascii() or "県" in text.en
            assert any("\u3040" <= each <= "\u9fff" for each in text.ja)
        assert problems[0].where.startswith("toy: ")
        assert kind.__name__ in str(sample)


def samples(kind: type[RuleError]) -> list[RuleError]:
    """Return an error of this kind for each value of its closed choice, or one."""
    hints = get_type_hints(kind)
    plain: dict[str, Any] = {}
    choices: dict[str, tuple[Any, ...]] = {}
    for field in fields(kind):
        hint = hints[field.name]
        if get_origin(hint) is Literal:
            choices[field.name] = get_args(hint)
        elif field.name in SAMPLES:
            plain[field.name] = SAMPLES[field.name]
        else:
            plain[field.name] = "key" if hint is str else 12
    if not choices:
        return [kind(**plain)]
    ((name, values),) = choices.items()
    return [kind(**plain, **{name: value}) for value in values]
