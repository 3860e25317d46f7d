"""A delimited file of any kind: its encoding, its delimiter and its header, guessed in this one place.

Knows no column by name: its caller says which names it knows, and they decide between the delimiters. An
agency's own extract is not such a file: it is UTF-8 with commas by contract, and nothing of it is guessed.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read
from engine.exchange.csv_records import BadRecord, Dialect, Record, records
from engine.exchange.limits import MIB, FileLimits

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
GUESSED = "cp1252"
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT, _JUDGED = 65_536, 4_096
_NO_TEXT = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0b\x0c")
# No word of a British file has these when it is read as Windows-1252; the first five are not defined in it.
_NOT_WINDOWS_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d\xfe\xff")
_NOT_TEXT = "not a text file; save the table as CSV UTF-8"


def is_text(head: bytes) -> bool:
    """Return whether a file that begins so may be text of one byte a sign:
    few of its bytes are control signs.
    """
    return len(head.translate(None, _NO_TEXT)) >= len(head) * 0.9


class DelimitedFile:
    """One delimited file: how it is written is found out once, its rows are read as often as asked.

    ``part`` is how the file is called in sentences; ``encoding`` is given where a person said what it is.
    Raises InvalidInputError, here and while rows are read, in one sentence that repeats nothing of the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        part: str,
        limits: FileLimits,
        delimiters: str = "".join(_DELIMITERS),
        encoding: str | None = None,
        knows: Callable[[str], bool] = lambda name: False,
    ) -> None:
        self._path, self._part, self._limits = path, part, limits
        with self._as_it_is() as file:
            head = file.read(_LOOKED_AT)
            is_utf_16 = head.startswith(UTF_16_MARKS)
            self.encoding = "utf-16" if is_utf_16 else encoding or _encoding(file)
            size = file.seek(0, 2)
        is_wide = codecs.lookup(self.encoding).name.startswith(("utf-16", "utf-32"))
        if encoding is None and not is_wide and not is_text(head[:_JUDGED]):
            raise InvalidInputError(part, _NOT_TEXT)
        self.is_guessed = encoding is None and self.encoding == GUESSED
        """True if the text is not Unicode, and its encoding was not given."""
        # Rows are cut out of bytes at line feeds: other files are rewritten in memory, where that is allowed.
        has_old_line_ends = b"\r" in head and b"\n" not in head
        self._is_rewritten = limits.rewritten_bytes > 0 and (is_wide or has_old_line_ends)
        most = limits.rewritten_bytes if self._is_rewritten else limits.file_bytes
        if size > most:
            raise InvalidInputError(part, f"larger than {most // MIB:,} MiB; divide it")
        with self._opened() as file:
            self._starts_at, self._first_row, delimiters = _beginning(file, delimiters, part)
            self._choose(file, delimiters, knows)

    def records(self) -> Iterator[Record | BadRecord]:
        """Yield the rows below the header, by their numbers in the file."""
        header = self.header
        if header is None:
            return
        with self._opened() as file:
            file.seek(self._rows_at)
            yield from records(
                file,
                dialect=self._dialect,
                width=len(header.cells),
                first_row=header.row + 1,
                limits=self._limits,
            )

    @property
    def header(self) -> Record | BadRecord | None:
        """The first row that is not blank, and cannot be read if no delimiter made it whole; None: no row."""
        return self._header

    @property
    def header_is_first(self) -> bool:
        """True if no blank row is above the header."""
        return self._header is not None and self._header.row == self._first_row

    def _choose(self, file: BinaryIO, delimiters: str, knows: Callable[[str], bool]) -> None:
        """Choose the delimiter that makes the first row whole, with the most known names,
        then the most cells.
        """
        encoding = "utf-8" if self._is_rewritten else self.encoding
        self._header: Record | BadRecord | None = None
        self._dialect, self._rows_at = Dialect(delimiters[0], encoding), self._starts_at
        best = (False, -1, 0)
        for delimiter in delimiters:
            dialect = Dialect(delimiter, encoding)
            file.seek(self._starts_at)
            first = next(
                records(file, dialect=dialect, width=None, first_row=self._first_row, limits=self._limits),
                None,
            )
            if first is None:
                return
            fits = (isinstance(first, Record), sum(map(knows, first.cells)), len(first.cells))
            if fits > best:
                best, self._header, self._dialect, self._rows_at = fits, first, dialect, file.tell()

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with self._as_it_is() as file:
            if not self._is_rewritten:
                yield file
                return
            try:
                text = file.read().decode(self.encoding)
            except UnicodeDecodeError:
                raise InvalidInputError(
                    self._part, f"not text in {self.encoding}; save it as CSV UTF-8"
                ) from None
            yield BytesIO(text.replace("\r\n", "\n").replace("\r", "\n").encode())

    @contextmanager
    def _as_it_is(self) -> Iterator[BinaryIO]:
        try:
            with self._path.open("rb") as file:
                yield file
        except OSError as error:
            raise InvalidInputError(self._part, cannot_be_read(error)) from None


def _beginning(file: BinaryIO, delimiters: str, part: str) -> tuple[int, int, str]:
    """Return where the first row begins, its number, and the delimiters that it may have:
    a line may name one.
    """
    starts_at = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(starts_at)
    hint = file.readline(16)
    if not (hint.lower().startswith(b"sep=") and hint.endswith(b"\n") and len(hint.strip()) == 5):
        return starts_at, 1, delimiters
    named = hint[4:5].decode("latin-1")
    if named not in delimiters:
        *others, last = (_DELIMITERS[each] for each in delimiters)
        known = f"{', '.join(others)} and {last}"
        raise InvalidInputError(part, f"its first line names a delimiter that is not one of {known}")
    return file.tell(), 2, named


def _encoding(file: BinaryIO) -> str:
    """Return UTF-8, unless the whole file is text only in Windows-1252.

    One row that is not UTF-8 in a file that otherwise has letters beyond ASCII in UTF-8 is that row's fault.
    """
    file.seek(0)
    has_mark = file.read(3) == codecs.BOM_UTF8
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(MIB):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
        return "utf-8"
    except UnicodeDecodeError:
        if has_mark:
            return "utf-8"
    file.seek(0)
    while line := file.readline(MIB):
        if not line.isascii() and (not _NOT_WINDOWS_1252.isdisjoint(line) or _is_utf_8(line)):
            return "utf-8"
    return GUESSED


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
