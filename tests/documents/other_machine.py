"""Run the command line as on a machine whose only fonts are those of a folder.

    python tests/documents/other_machine.py FOLDER ARGUMENT ...

PDFium looks for fonts by itself, in folders that it knows (on Windows and macOS it asks the system,
and this changes nothing).
"""

import ctypes
import sys
from pathlib import Path


def use_fonts_of(folder: str) -> None:
    """Start PDFium anew, with that folder alone to look for fonts in."""
    import pypdfium2  # type: ignore[import-untyped] # noqa: F401 starts PDFium
    from pypdfium2 import raw

    raw.FPDF_DestroyLibrary()
    name = ctypes.create_string_buffer(folder.encode())
    folders = (ctypes.POINTER(ctypes.c_char) * 2)()  # the last one is null: the end
    folders[0] = ctypes.cast(name, ctypes.POINTER(ctypes.c_char))
    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=folders))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from allocator.cli.main import run

    use_fonts_of(sys.argv[1])
    sys.exit(run(sys.argv[2:]))
