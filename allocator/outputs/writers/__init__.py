"""One writer for each kind of text file: CSV, JSON, TOML, Markdown. Names are data in all of them.

HTML has its templates (`outputs/report/shell.py`), workbooks have `outputs/workbook/book/`, and the
terminal `cli/terminal.py`.
"""
