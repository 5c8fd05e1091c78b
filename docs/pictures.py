"""Make the pictures of the documentation anew: sheets of the workbook, parts of the report.

    python docs/pictures.py             makes all of them, into docs/pictures
    python docs/pictures.py NAME ...    makes these

The plans are the bundled one of FY2023 and the example of next year. LibreOffice prints the
sheets, pdftoppm draws them, Chromium draws the pages; all three have to be installed. The fonts are
those of the machine: pictures made elsewhere look a little different, so nothing compares them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageChops

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # as docs/build.py, this is called without an installed package

FOLDER: Final = ROOT / "docs" / "pictures"
PLANS: Final = {"2023": ROOT / "configs" / "2023", "2026": ROOT / "docs" / "examples" / "2026"}
LIST: Final = ROOT / "data" / "published" / "2023" / "residents.csv"
WIDTH: Final = 1200
COLOURS: Final = 128
MARGIN: Final = 12
_DPI: Final = 200
_VIEWPORT: Final = {"width": 1264, "height": 6000}  # so high that nothing sticks to its upper edge


@dataclass(frozen=True)
class Sheet:
    """A printed page of the workbook: the first of a sheet, cut off below `part` of its height.

    `width` is what the picture has, in pixels: a sheet of many columns needs more.
    """

    year: str
    name: str
    part: float = 1
    width: int = WIDTH

    def draw(self, work: Path) -> Image.Image:
        """Print the workbook, find the page, draw it."""
        pdf = printed(self.year, work)
        pages = _run("pdftotext", "-layout", str(pdf), "-").split("\f")
        feet = [page.rstrip().rpartition("\n")[2] for page in pages]
        number = next(
            number
            for number, foot in enumerate(feet, start=1)
            if re.search(rf"\s{self.name}(\s|$)", foot)
        )
        stem = work / f"{self.year}-{number}"
        page = ["-f", str(number), "-l", str(number), "-singlefile"]
        _run("pdftoppm", "-png", "-r", str(_DPI), *page, str(pdf), str(stem))
        drawn = Image.open(stem.with_suffix(".png")).convert("RGB")
        # Without the foot of the page: it is the sheet that is shown.
        return trimmed(drawn.crop((0, 0, drawn.width, round(drawn.height * 0.94))), self.part)


@dataclass(frozen=True)
class View:
    """A part of a page in Chromium, in light or dark, cut off below `height` pixels."""

    page: Callable[[Path], Path]
    selector: str
    height: int
    scheme: Literal["light", "dark"] = "light"
    width: int = WIDTH

    def draw(self, work: Path) -> Image.Image:
        """Open the page without a network and draw the part."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_tool("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(
                offline=True,
                color_scheme=self.scheme,
                viewport=_VIEWPORT,  # type: ignore[arg-type]
            )
            page = context.new_page()
            page.goto(self.page(work).as_uri())
            page.wait_for_load_state("networkidle")
            box = page.locator(self.selector).first.bounding_box()
            if box is None:
                raise RuntimeError(f"{self.selector} is not shown")
            box["height"] = min(box["height"], self.height)
            file = work / "view.png"
            page.screenshot(path=file, clip=box, full_page=True)
            browser.close()
        return Image.open(file).convert("RGB")


@cache
def computed(year: str, work: Path) -> Path:
    """Compute a plan; return the folder of its outputs."""
    from allocator.outputs.files.folder import write_outputs
    from allocator.tasks.compute import compute_plan
    from allocator.tasks.earlier import with_previous

    folder = work / f"out-{year}"
    write_outputs(with_previous(compute_plan(PLANS[year])), folder)
    return folder


@cache
def printed(year: str, work: Path) -> Path:
    """Print the workbook of a plan."""
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    book = computed(year, work) / "allocation.xlsx"
    folder = work / f"pdf-{year}"
    _run(
        "soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)
    )
    return folder / "allocation.pdf"


def report(year: str) -> Callable[[Path], Path]:
    """Return what gives the report of a plan."""
    return lambda work: computed(year, work) / "report.html"


def audit(work: Path) -> Path:
    """Audit the residents list of FY2023 with a wrong amount and two rows swapped."""
    rows = LIST.read_text(encoding="utf-8").replace(",47267000", ",47267001").splitlines()
    rows[11], rows[12] = rows[12], rows[11]
    file = work / "list.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    page = work / "audit.html"
    command = [sys.executable, "-m", "allocator", "--lang", "ja", "audit", file.name]
    command += ["--programme", "residents", "--report", page.name]
    done = subprocess.run(
        command, cwd=work, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    if done.returncode != 1:
        raise RuntimeError(done.stderr.decode())
    return page


PICTURES: Final[Mapping[str, Sheet | View]] = {
    "summary": Sheet("2023", "総括"),
    "calculation": Sheet("2023", "算定1", 0.45),
    "statement": Sheet("2023", "算定内訳書"),
    "checks": Sheet("2023", "検算"),
    "comparison": Sheet("2026", "前年度比較", 0.42, 1600),
    "report": View(report("2023"), "#main", 1595),
    "report_dark": View(report("2023"), "#areas", 900, "dark"),
    "report_table": View(report("2023"), "#organisations", 720),
    "report_change": View(report("2026"), "#change", 1560),
    "audit": View(audit, "#list-1", 1500),
}


def trimmed(picture: Image.Image, part: float = 1) -> Image.Image:
    """Return a picture without the empty paper around it, and of its height the upper `part`."""
    paper = Image.new("RGB", picture.size, "white")
    left, top, right, bottom = ImageChops.difference(picture, paper).getbbox() or (0, 0, 1, 1)
    bottom = top + round((bottom - top) * part)
    margin = 3 * MARGIN
    box = (left - margin, top - margin, right + margin, bottom + (margin if part == 1 else 0))
    # What a box has beyond the picture becomes black; there is paper enough around a page.
    return picture.crop(
        (max(box[0], 0), max(box[1], 0), min(box[2], picture.width), min(box[3], picture.height))
    )


def save(picture: Image.Image, file: Path, width: int) -> None:
    """Write a picture with few colours, not wider than `width`."""
    if picture.width > width:
        height = round(picture.height * width / picture.width)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    # Not by how often a colour is there: marks are small, and would turn grey.
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def _run(name: str, *arguments: str) -> str:
    done = subprocess.run([_tool(name), *arguments], check=True, capture_output=True)
    return done.stdout.decode("utf-8")


def main(names: list[str]) -> int:
    """Make the pictures that are named, or all."""
    if unknown := [name for name in names if name not in PICTURES]:
        print(f"no picture {', '.join(unknown)}; there are: {', '.join(PICTURES)}", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in names or PICTURES:
            file = FOLDER / f"{name}.png"
            save(PICTURES[name].draw(Path(folder)), file, PICTURES[name].width)
            print(f"{name}: {file.stat().st_size:,} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
