"""Small files in the layouts that ministries publish, made for the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import xlwt

DATA = Path(__file__).parents[2] / "data"

Row = tuple[str, str, str, int]
"""Code, prefecture, municipality (with county), population."""


def bundled(day: str) -> list[Row]:
    """Return the bundled population of one date, county and name joined as the ministry does."""
    with (DATA / "organisations.csv").open(encoding="utf-8") as file:
        counties = {
            row["code"]: row["county"] for row in csv.DictReader(file) if not row["valid_to"]
        }
    with (DATA / "population" / f"resident_register_{day}.csv").open(encoding="utf-8") as file:
        return [
            (
                row["code"],
                row["prefecture"],
                counties[row["code"]] + row["municipality"],
                int(row["population"]),
            )
            for row in csv.DictReader(file)
        ]


WARD: Row = ("011011", "北海道", "札幌市中央区", 235_449)
COUNTY: Row = ("023001", "青森県", "東津軽郡", 22_000)
NORTHERN: Row = ("016951", "北海道", "色丹郡色丹村", 0)


def ministry_rows(rows: Sequence[Row], title: str, *, blank: str = "") -> list[list[Any]]:
    """Lay rows out as the resident-register spreadsheet does: title, stacked header, 合計."""
    total = sum(row[3] for row in rows if not row[2])
    width = 9
    head: list[list[Any]] = [
        [title, *[""] * (width - 2), "（単位：人、世帯）"],
        ["団体コード", "都道府県名", "市区町村名", "平成31年", "", "", "", "平成30年", ""],
        ["", "", "", "人口", "", "", "世帯数", "住民票記載数", "増減率"],
        ["", "", "", "男", "女", "計", "", "転入者数（国内）", ""],
        [blank, "合計", blank, total // 2, total - total // 2, total, total // 2, 0, 0.5],
    ]
    for code, prefecture, name, count in rows:
        half = count // 2
        head.append([code, prefecture, name or blank, half, count - half, count, half, 12, -0.25])
    return [*head, ["注1 本表は試験用である。", *[""] * (width - 1)]]


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write one sheet, with the merged title that such files have."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=4)
    book.save(path)
    return path


def write_xls(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write one sheet in the old binary form."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("人口")
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "":
                sheet.write(place, column, cell)
    book.save(str(path))
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_parquet(path: Path, rows: Sequence[Row]) -> Path:
    """Write code, prefecture, municipality and population."""
    names = ["code", "prefecture", "municipality", "population"]
    pl.DataFrame(list(rows), schema=names, orient="row").write_parquet(path)
    return path
