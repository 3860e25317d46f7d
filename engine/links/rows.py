"""Rows of delimited files, as the reader of registers and the reader of events are given them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class FileRow(NamedTuple):
    """One row of a file; the header is row 1. ``fault`` is why it could not be read, where it could not."""

    row: int
    cells: list[str]
    fault: str | None = None


class RowsAgain:
    """Rows that are read again each time that they are gone through, so that none need stay in memory."""

    def __init__(self, read: Callable[[], Iterator[FileRow]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[FileRow]:
        return self._read()


class NetworkFile(NamedTuple):
    """One entity file or link file of a network."""

    name: str
    """Its name beside a rejected row: ``links``, or where there are several as the user typed it."""
    part: str
    """Its name in errors: ``link file``, or ``link file 2``."""
    rows: Iterable[FileRow]
    """They can be gone through again."""
