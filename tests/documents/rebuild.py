"""Rebuild council papers from `data/`, to try `allocator extract` and `allocator audit` on.

    python tests/documents/rebuild.py OUT

writes papers-2023 (FY2022 supplement, FY2023 budget and lists) and papers-2021 (FY2021 supplement)
as text and as PDF with ruled tables, and the lists as a workbook. Page headers, page breaks in
the middle of a prefecture, misprints, the title that disagrees with its heading, scrambled
headings and lost minus signs are those of the papers that the data were taken from; figures that
the data don't hold are invented.
"""

import sys
from pathlib import Path


def rebuild(folder: Path) -> list[Path]:
    """Write the documents into a folder, and return their paths. The same bytes every time."""
    from tests.documents.drawing import as_pdf, as_text, as_workbook, write
    from tests.documents.papers import lists_alone, papers_of_2021, papers_of_2023

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, papers in (("papers-2023", papers_of_2023()), ("papers-2021", papers_of_2021())):
        written.append(write(folder / f"{name}.txt", as_text(papers)))
        written.append(write(folder / f"{name}.pdf", as_pdf(papers)))
    written.append(write(folder / "lists-2023.xlsx", as_workbook(lists_alone())))
    return written


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/documents/rebuild.py OUT")
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    for path in rebuild(Path(sys.argv[1])):
        print(path)
