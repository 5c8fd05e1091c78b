"""Files put into a folder where none of them stands yet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.outputs.files.folder import cannot_write
from allocator.outputs.files.replacing import replace_files


def save_files(folder: Path, sources: Sequence[Source]) -> list[Path]:
    """Write what `sources` hold into a folder under their names; return their paths.

    Raises:
        InputError: one of them is there already, or the folder cannot be written.
    """
    contents = {source.path.name: source.content for source in sources}

    def no_more() -> tuple[str, ...]:
        for name in contents:
            if os.path.lexists(folder / name):
                raise refuse(
                    str(folder / name),
                    Text("there is such a file already", "同名のファイルが既にあります"),
                    Text("choose another folder", "別のフォルダーを指定してください"),
                    code="file_exists",
                )
        return ()

    try:
        return replace_files(folder, contents, no_more)
    except (OSError, ValueError) as error:
        raise cannot_write(folder, error) from None
