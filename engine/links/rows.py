"""A row of a delimited file, as the reader of registers and the reader of events are given it."""

from __future__ import annotations

from typing import NamedTuple


class FileRow(NamedTuple):
    """One row of a file; the header is row 1. ``fault`` is why it could not be read, where it could not."""

    row: int
    cells: list[str]
    fault: str | None = None
