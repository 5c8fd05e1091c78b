"""`allocator compare --json`: every row of the lists is taken, or left out with its reason."""

from __future__ import annotations

from pathlib import Path

from tests.cli.calls import Caller
from tests.cli.test_compare import HEAD, LISTS, PROGRAMMES, written


def test_every_row_of_the_lists_is_accounted_for(call: Caller, here: Path) -> None:
    left = written(here, "left.csv", "010006,北海道,,5", "合計,,,5", "注1 試験用,,,")
    right = written(here, "right.csv", "010006,北海道,,3")
    one, other = call("compare", left, right, "--json").object["read"]
    assert one == {
        "name": "left.csv",
        "side": "left",
        "programme": None,
        "rows_in": 4,
        "rows_taken": 1,
        "left_out": [
            {"line": 1, "reason": "header", "text": HEAD.replace(",", " | ")},
            {"line": 3, "reason": "total", "text": "合計 | 5"},
            {"line": 4, "reason": "note", "text": "注1 試験用"},
        ],
    }
    assert (other["name"], other["side"], other["rows_taken"]) == ("right.csv", "right", 1)
    assert one["left_out"] == call("check", left, "--json").object["read"][0]["left_out"]
    (told,) = call("compare", "2023", LISTS / "residents.csv", "--json").object["read"]
    assert (told["side"], told["programme"]) == ("right", "residents"), "plans have none"
    assert call("run", "--out", here / "out").status == 0
    of_outputs = call("compare", here / "out", "2023", "--json").object["read"]
    assert [(each["name"], each["side"]) for each in of_outputs] == [
        (name, "left") for name in PROGRAMMES
    ]
    for each in (one, other, told, *of_outputs):
        assert each["rows_in"] == each["rows_taken"] + len(each["left_out"])
