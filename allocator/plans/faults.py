"""Turning what the validation library finds into problems that a person can mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from allocator.domain.errors import Problem
from allocator.domain.text import Text, listed

_KIND_OF_VALUE: Final = {
    "int_type": Text("a whole number", "整数"),
    "string_type": Text("text in quotes", "引用符で囲んだ文字列"),
    "bool_type": Text("true or false", "true または false"),
    "date_type": Text(
        "a date such as 2022-01-01, without quotes", "2022-01-01 のような日付(引用符なし)"
    ),
    "tuple_type": Text("a list in square brackets", "角括弧で囲んだ配列"),
    "list_type": Text("a list in square brackets", "角括弧で囲んだ配列"),
    "model_type": Text("a table of keys", "キーの表"),
}


MOST_FAULTS: Final = 50
"""How many faults of a plan are said; the rest is counted."""

WRONG_VALUE: Final = "wrong_value"


def fault(what: Text, mend: Text, code: str = WRONG_VALUE) -> PydanticCustomError:
    """Return an error for a validator to raise, in both languages; `code` is that of `Problem`."""
    return faults([(code, what, mend)])


def faults(found: list[tuple[str, Text, Text]]) -> PydanticCustomError:
    """Return one error for several faults between keys: code, what, and how to mend it."""
    several = [
        {"code": code, "en": what.en, "ja": what.ja, "mend_en": mend.en, "mend_ja": mend.ja}
        for code, what, mend in found
    ]
    message = "; ".join(each["en"] for each in several)
    return PydanticCustomError("allocator", "{message}", {"message": message, "several": several})


def named(code: str, found: Iterable[tuple[Text, Text]]) -> Iterator[tuple[str, Text, Text]]:
    """Yield faults of one kind with the code that they have in common."""
    for what, mend in found:
        yield code, what, mend


def problems(file: str, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return every fault of one file: file, key, what was found, what is allowed."""
    found = [
        problem
        for detail in error.errors(include_url=False)[:MOST_FAULTS]
        for problem in _problems(file, model, detail)
    ]
    return few(found, more=error.error_count() - MOST_FAULTS)


def few(found: list[Problem], more: int = 0) -> list[Problem]:
    """Return as many problems as anybody reads; the last says how many there are besides."""
    more = max(0, more) + max(0, len(found) - MOST_FAULTS)
    if not more:
        return found
    *others, last = found[:MOST_FAULTS]
    what = Text(f"{last.what.en} (and {more:,} more faults)", f"{last.what.ja}(ほか{more:,}件)")
    return [*others, replace(last, what=what)]


def _problems(file: str, model: type[BaseModel], detail: ErrorDetails) -> list[Problem]:
    if detail["type"] != "allocator":
        return [_problem(file, model, detail)]
    key = _key(detail["loc"])
    where = f"{file}: {key}" if key else file
    return [
        Problem(
            where,
            Text(each["en"], each["ja"]),
            Text(each["mend_en"], each["mend_ja"]),
            code=each["code"],
            fields={"key": key},
        )
        for each in detail["ctx"]["several"]
    ]


def _problem(file: str, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    key = _key(detail["loc"])
    where = f"{file}: {key}" if key else file
    kind, context, found = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "missing":
        return Problem(
            where,
            Text(
                f"key {detail['loc'][-1]!s} is missing", f"キー {detail['loc'][-1]!s} がありません"
            ),
            Text("add it", "追加してください"),
            code="missing_key",
            fields={"key": key},
        )
    if kind == "extra_forbidden":
        allowed = listed(sorted(_keys_at(model, detail["loc"][:-1])), most=30)
        return Problem(
            where,
            Text(f"unknown key {detail['loc'][-1]!s}", f"未知のキー {detail['loc'][-1]!s} です"),
            Text(f"use one of: {allowed.en}", f"使えるキー: {allowed.ja}"),
            code="unknown_key",
            fields={"key": key},
        )
    if kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", ", ")
        return Problem(
            where,
            Text(f"{found!r} is not allowed here", f"{found!r} は使えません"),
            Text(f"use one of: {expected}", f"使える値: {expected}"),
            code=WRONG_VALUE,
            fields={"key": key, "value": found},
        )
    if kind in _KIND_OF_VALUE:
        wanted = _KIND_OF_VALUE[kind]
        return Problem(
            where,
            Text(f"{found!r} is not {wanted.en}", f"{found!r} は{wanted.ja}ではありません"),
            Text(f"write {wanted.en}", f"{wanted.ja}で書いてください"),
            code="wrong_type",
            fields={"key": key, "value": found},
        )
    return Problem(
        where,
        Text(f"{found!r}: {detail['msg']}", f"{found!r}: {detail['msg']}"),
        Text("correct the value", "値を直してください"),
        code=WRONG_VALUE,
        fields={"key": key, "value": found},
    )


def _key(location: tuple[int | str, ...]) -> str:
    """Return `share[2].weight` for ("share", 1, "weight"): people count from one."""
    parts = ""
    for part in location:
        parts += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return parts.lstrip(".")


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at `location` may have."""
    here: type[BaseModel] = model
    for part in location:
        if isinstance(part, int):
            continue
        for name, field in here.model_fields.items():
            if part in (name, field.alias):
                here = _model_in(field.annotation) or here
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the table type inside `X`, `X | None` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
