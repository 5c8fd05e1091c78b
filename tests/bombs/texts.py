"""Texts and CSV that are large, wide, or nothing but one sign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

_NAME: Final = "population_2022-01-01.csv"
_LARGE: Final = 48_000_000
"""Just less than what is read of a text."""

_HUGE: Final = 90_000_000
_ROWS: Final = 99_000
"""Just less than a table may have."""

_HEADER: Final = b"code,amount\n"


def register_of_2_million(folder: Path) -> Path:
    """A register of two million organisations."""
    rows = b"".join(b"M%07d,Wood,Ash %d,town\n" % (at, at) for at in range(2_000_000))
    return _write(folder, b"code,prefecture,municipality,kind\n" + rows)


def register_of_namesakes(folder: Path) -> Path:
    """A register of prefectures that all have one name."""
    rows = b"".join(b"M%07d,Wood,,prefecture\n" % at for at in range(_ROWS))
    return _write(folder, b"code,prefecture,municipality,kind\n" + rows)


def programmes(folder: Path) -> Path:
    """A list of as many programmes as rows."""
    rows = "".join(f"事業{at},010006,{at}\n" for at in range(_ROWS))
    return _write(folder, f"事業,code,amount\n{rows}".encode())


def columns_100_000(folder: Path) -> Path:
    """A header of a hundred thousand columns, and a row."""
    return _wide(folder, 100_000, b",")


def columns_1_000_000(folder: Path) -> Path:
    """A header of a million columns, and a row."""
    return _wide(folder, 1_000_000, b",")


def tabs_1_000_000(folder: Path) -> Path:
    """The same, parted by tabs."""
    return _wide(folder, 1_000_000, b"\t")


def columns_without_names(folder: Path) -> Path:
    """A code, an amount and nearly fifty million empty headings."""
    return _write(folder, b"code,amount" + b"," * _LARGE + b"\n010006,5\n")


def columns_of_one_row(folder: Path) -> Path:
    """A plain header, and a row of nearly fifty million commas."""
    return _write(folder, _HEADER + b"010006,5" + b"," * _LARGE)


def commas(folder: Path) -> Path:
    """Nearly fifty million commas and a header."""
    return _write(folder, b"," * _LARGE + b"\n" + _HEADER + b"010006,5\n")


def newlines(folder: Path) -> Path:
    """Ninety million line breaks."""
    return _write(folder, b"\n" * _HUGE)


def newlines_below_a_header(folder: Path) -> Path:
    """A header, a row, and nearly fifty million line breaks."""
    return _write(folder, _HEADER + b"010006,5" + b"\n" * _LARGE)


def carriage_returns(folder: Path) -> Path:
    """A header, a row, and nearly fifty million breaks of the oldest kind."""
    return _write(folder, b"code,amount\r010006,5" + b"\r" * _LARGE)


def one_cell(folder: Path) -> Path:
    """A quoted cell of nearly fifty million characters."""
    return _write(folder, _HEADER + b'"' + b"x" * _LARGE + b'",5\n')


def one_plain_cell(folder: Path) -> Path:
    """The same without quotes."""
    return _write(folder, _HEADER + b"x" * _LARGE + b",5\n")


def one_amount(folder: Path) -> Path:
    """An amount of nearly fifty million digits."""
    return _write(folder, _HEADER + b"010006," + b"9" * _LARGE + b"\n")


def amounts_of_5_million_digits(folder: Path) -> Path:
    """Ten amounts of five million digits."""
    return _write(folder, _HEADER + (b"010006," + b"9" * 5_000_000 + b"\n") * 9)


def one_name(folder: Path) -> Path:
    """A name of nearly fifty million brackets."""
    head = b"code,prefecture,municipality,amount\n,"
    return _write(folder, head + b"(" * _LARGE + b",x,5\n")


def one_cell_of_90_million(folder: Path) -> Path:
    """A quoted cell of ninety million characters."""
    return _write(folder, _HEADER + b'"' + b"x" * _HUGE + b'",5\n')


def lines_of_quotes(folder: Path) -> Path:
    """Lines of quotation marks, none too long."""
    return _write(folder, _HEADER + (b'"' * 100_000 + b"\n") * 480)


def long_lines_of_commas(folder: Path) -> Path:
    """Lines of commas, none too long."""
    return _write(folder, _HEADER + (b"," * 200_000 + b"\n") * 240)


def lines_of_1_500_columns(folder: Path) -> Path:
    """A table of 1,500 columns and as many rows as there is room for."""
    head = b",".join([b"code", b"amount", *(b"c%d" % at for at in range(1498))]) + b"\n"
    row = b"010006" + b",1" * 1499 + b"\n"
    return _write(folder, head + row * 3300)


def titled_lines_of_1_500_columns(folder: Path) -> Path:
    """The same below a title."""
    head = b",".join([b"code", b"amount", *(b"c%d" % at for at in range(1498))]) + b"\n"
    row = b"010006" + b",1" * 1499 + b"\n"
    return _write(folder, b"title\n" + head + row * 12_000)


def one_wide_character(folder: Path) -> Path:
    """A table of plain characters and one that makes all four times as wide in memory."""
    row = b"010006,5" + b"x" * 60 + b"\r\n"
    return _write(folder, "code,amount\r\n010006,𠮷\r\n".encode() + row * (_LARGE // len(row)))


def quotes(folder: Path) -> Path:
    """A header, and nearly fifty million quotation marks."""
    return _write(folder, _HEADER + b'"' * _LARGE)


def quoted_breaks(folder: Path) -> Path:
    """A cell of nearly fifty million line breaks."""
    return _write(folder, _HEADER + b'"' + b"\n" * _LARGE + b'",5\n')


def nul_bytes(folder: Path) -> Path:
    """A header, and nearly fifty million NUL bytes."""
    return _write(folder, _HEADER + b"\0" * _LARGE)


def blanks(folder: Path) -> Path:
    """Nearly fifty million blanks."""
    return _write(folder, b" " * _LARGE)


def utf_16(folder: Path) -> Path:
    """Nearly fifty million bytes of UTF-16, a table of short rows."""
    row = "010006,5\n".encode("utf-16-le")
    head = b"\xff\xfe" + "code,amount\n".encode("utf-16-le")
    return _write(folder, head + row * (_LARGE // len(row)))


def utf_16_newlines(folder: Path) -> Path:
    """Nearly fifty million bytes of line breaks in UTF-16."""
    return _write(folder, b"\xff\xfe" + b"\n\0" * (_LARGE // 2))


def wide_characters(folder: Path) -> Path:
    """Nearly fifty million bytes of characters beyond the first plane."""
    row = "010006,5,𠮷野家\n".encode()
    return _write(folder, b"code,amount,note\n" + row * (_LARGE // len(row)))


def short_rows(folder: Path) -> Path:
    """As many rows as there may be, of one payer."""
    return _write(folder, _HEADER + b"010006,5\n" * _ROWS)


def rows_of_nothing(folder: Path) -> Path:
    """As many rows as there may be, with nothing but a comma."""
    return _write(folder, _HEADER + b",\n" * _ROWS)


def wide_rows(folder: Path) -> Path:
    """Rows wider than the header, each."""
    return _write(folder, _HEADER + b"1,2,3\n" * _ROWS)


def rows_below_a_title(folder: Path) -> Path:
    """A title, and as many short rows as there may be."""
    return _write(folder, b"title\n" + _HEADER + b"010006,5\n" * _ROWS)


def wrong_codes(folder: Path) -> Path:
    """Codes that are none, each another."""
    rows = b"".join(b"%d,5\n" % number for number in range(_ROWS))
    return _write(folder, _HEADER + rows)


def wrong_amounts(folder: Path) -> Path:
    """Amounts that are none, each another."""
    rows = b"".join(b"010006,x%d\n" % number for number in range(_ROWS))
    return _write(folder, _HEADER + rows)


def names_that_nobody_has(folder: Path) -> Path:
    """Names of municipalities that are none."""
    rows = "".join(f"北海道,町{number},5\n" for number in range(_ROWS))
    return _write(folder, f"prefecture,municipality,amount\n{rows}".encode())


def totals(folder: Path) -> Path:
    """Rows that say they are subtotals."""
    rows = "北海道,小計,5\n" * _ROWS
    return _write(folder, f"prefecture,municipality,amount\n北海道,札幌市,5\n{rows}".encode())


def headers(folder: Path) -> Path:
    """Nothing but headers."""
    return _write(folder, _HEADER * _ROWS)


def lists_in_a_text(folder: Path) -> Path:
    """A text of very many headings of lists, as large as a document may be."""
    block = "令和5年度 負担金一覧\n団体コード 都道府県名 金額\n010006 北海道 5\n合計 5\n"
    return _write(folder, block.encode() * (4_900_000 // len(block.encode())))


def cells_of_5_million(folder: Path) -> Path:
    """A cell of five million characters in every place of a small table."""
    long = "金" * 5_000_000
    return _write(folder, f"code,amount,{long}\n{long},{long},{long}\n".encode())


def codes_of_5_million(folder: Path) -> Path:
    """A code of five million digits."""
    return _write(folder, _HEADER + b"0" * 5_000_000 + b",5\n")


def headings_of_5_million(folder: Path) -> Path:
    """Headings of five million characters, and none of those that are wanted."""
    long = "金" * 5_000_000
    return _write(folder, f"code,{long}1,{long}2\n010006,1,2\n".encode())


_PATTERNS: Final = (
    "()",
    "(",
    "9",
    "9,",
    "9,999,",
    "金(円)",
    "年度",
    "令和",
    " ",
    "9.",
    "小計",
    "△",
    "‐",
    "／",
)
"""What expressions may try to read in very many ways, where it stands again and again."""


def _again_and_again(folder: Path, where: int, times: int = 4) -> Path:
    """Write rows with long cells of each pattern in one column: as many as a table may have."""
    rows = []
    for pattern in _PATTERNS * times:
        cell = f'"{pattern * (30_000 // len(pattern))}x"'
        cells = ["010006", "北海道", "札幌市", "5"]
        cells[where] = cell
        rows.append(",".join(cells))
    return _write(
        folder, ("code,prefecture,municipality,amount\n" + "\n".join(rows) + "\n").encode()
    )


def codes_again_and_again(folder: Path) -> Path:
    """Codes of one sign again and again."""
    return _again_and_again(folder, 0)


def prefectures_again_and_again(folder: Path) -> Path:
    """Names of prefectures of one sign again and again."""
    return _again_and_again(folder, 1)


def municipalities_again_and_again(folder: Path) -> Path:
    """Names of municipalities of one sign again and again."""
    return _again_and_again(folder, 2)


def amounts_again_and_again(folder: Path) -> Path:
    """Amounts of one sign again and again."""
    return _again_and_again(folder, 3)


def long_cells(folder: Path) -> Path:
    """More long cells than any table has."""
    return _again_and_again(folder, 2, times=15)


def headings_again_and_again(folder: Path) -> Path:
    """Headings of one sign again and again."""
    heads = [f'"{pattern * (15_000 // len(pattern))}x"' for pattern in _PATTERNS]
    table = f"code,amount,{','.join(heads)}\n010006,5{',1' * len(heads)}\n"
    return _write(folder, table.encode())


def titles_again_and_again(folder: Path) -> Path:
    """Titles of one sign again and again."""
    heads = [f'"{pattern * (30_000 // len(pattern))}x"\n' for pattern in _PATTERNS * 3]
    return _write(folder, ("".join(heads) + "code,amount\n010006,5\n").encode())


TEXTS: Final[dict[str, Callable[[Path], Path]]] = {
    f"csv_{maker.__name__}": maker
    for maker in (
        register_of_2_million,
        register_of_namesakes,
        programmes,
        columns_100_000,
        columns_1_000_000,
        tabs_1_000_000,
        columns_without_names,
        columns_of_one_row,
        commas,
        newlines,
        newlines_below_a_header,
        carriage_returns,
        one_cell,
        one_plain_cell,
        one_amount,
        amounts_of_5_million_digits,
        one_name,
        one_cell_of_90_million,
        lines_of_quotes,
        long_lines_of_commas,
        lines_of_1_500_columns,
        titled_lines_of_1_500_columns,
        one_wide_character,
        codes_again_and_again,
        prefectures_again_and_again,
        municipalities_again_and_again,
        amounts_again_and_again,
        long_cells,
        headings_again_and_again,
        titles_again_and_again,
        quotes,
        quoted_breaks,
        nul_bytes,
        blanks,
        utf_16,
        utf_16_newlines,
        wide_characters,
        short_rows,
        rows_of_nothing,
        wide_rows,
        rows_below_a_title,
        wrong_codes,
        wrong_amounts,
        names_that_nobody_has,
        totals,
        headers,
        lists_in_a_text,
        cells_of_5_million,
        codes_of_5_million,
        headings_of_5_million,
    )
}


def _wide(folder: Path, columns: int, separator: bytes) -> Path:
    heads = separator.join([b"code", b"amount", *(b"c%d" % at for at in range(columns - 2))])
    row = separator.join([b"010006", *[b"1"] * (columns - 1)])
    return _write(folder, heads + b"\n" + row + b"\n")


def _write(folder: Path, content: bytes) -> Path:
    path = folder / _NAME
    path.write_bytes(content)
    return path
