"""Files named on the command line, `-` for standard input."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.domain.errors import refuse
from allocator.domain.text import Text


def refuse_twice(*names: str) -> None:
    """Refuse a call that names standard input more than once: it can be read once only.

    `names` are arguments and options with their values, as they are given: `FILE -`,
    `--previous ID=-`.

    Raises:
        InputError: the value of more than one of them is standard input.
    """
    from allocator.files.source import is_standard_input

    values = [name.partition(" ")[2] for name in names]
    found = [
        name
        for name, value in zip(names, values, strict=True)
        if is_standard_input(value) or is_standard_input(value.partition("=")[2])
    ]
    if len(found) > 1:
        raise refuse(
            ", ".join(found),
            Text(
                f"standard input (-) is given {len(found)} times, and can be read only once",
                f"標準入力(-)が{len(found)}か所で指定されていますが、読めるのは1度だけです",
            ),
            Text(
                "give a file in place of all but one of them",
                "1か所を除き、ファイルで指定してください",
            ),
            code="given_twice",
        )


def refuse_nul(words: Sequence[str]) -> None:
    """Refuse a call with a NUL in a word: no shell passes one on, and no file has one in its name.

    Raises:
        InputError: there is one.
    """
    for word in words:
        if "\0" in word:
            raise refuse(
                repr(word),
                Text("a NUL is no part of a name", "名前にNUL文字は使えません"),
                Text("leave it out", "取り除いてください"),
                code="not_a_name",
            )


def yen_given(text: str, where: str) -> int:
    """Return the yen of an option: separators and full-width digits are allowed.

    Raises:
        InputError: no whole number of yen, a negative one, or more than is undertaken.
    """
    from allocator.domain.yen import LARGEST, group, parse_yen

    amount = parse_yen(text, where)
    if 0 <= amount <= LARGEST:
        return amount
    raise refuse(
        where,
        Text(
            f"{group(amount)} yen lies outside 0 to {group(LARGEST)}",
            f"{group(amount)} 円は 0 から {group(LARGEST)} 円の範囲にありません",
        ),
        Text(
            f"write an amount from 0 to {group(LARGEST)}",
            f"0 から {group(LARGEST)} までの金額を書いてください",
        ),
        code="out_of_range",
    )
