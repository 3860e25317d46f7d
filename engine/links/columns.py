"""Text of a million rows in two arrays, and finding a row by its text. Knows no entity and no link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
_LONGEST_PLAIN = 8


class TextColumn:
    """Texts one behind the other in UTF-8, with the place where each begins."""

    def __init__(self, text: NDArray[np.uint8], begins: Numbers) -> None:
        self.text, self.begins = text, begins

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """Pack them."""
        packed = [text.encode("utf-8", "replace") for text in texts]
        begins = np.zeros(len(packed) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in packed], out=begins[1:])
        return cls(np.frombuffer(b"".join(packed), dtype=np.uint8), begins)

    def __len__(self) -> int:
        return len(self.begins) - 1

    def __getitem__(self, row: int) -> str:
        return bytes(self.text[self.begins[row] : self.begins[row + 1]]).decode("utf-8", "replace")

    def all(self) -> list[str]:
        """Return every text, in order."""
        whole, at = self.text.tobytes(), self.begins.tolist()
        return [whole[a:b].decode("utf-8", "replace") for a, b in pairwise(at)]

    def take(self, rows: NDArray[np.signedinteger]) -> TextColumn:
        """Return the texts of these rows, in their order."""
        lengths = self.begins[rows + 1] - self.begins[rows]
        begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.repeat(self.begins[rows] - begins[:-1], lengths) + np.arange(begins[-1])
        return TextColumn(self.text[at], begins)


class Index(NamedTuple):
    """Rows in the order of the digests of their texts, so that one is found in a few steps."""

    digests: NDArray[np.uint64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Index:
        """Index them."""
        digests = np.fromiter((_digest(text) for text in texts), dtype=np.uint64, count=len(texts))
        order = np.argsort(digests, kind="stable")
        return cls(digests[order], order.astype(np.int32))

    def find(self, text: str, column: TextColumn) -> int | None:
        """Return the row with exactly this text."""
        digest = np.uint64(_digest(text))
        at = int(np.searchsorted(self.digests, digest))
        while at < len(self.digests) and self.digests[at] == digest:
            row = int(self.rows[at])
            if column[row] == text:
                return row
            at += 1
        return None


class CodedColumn(NamedTuple):
    """Words that come again and again, each row a small number; 0 is 'not recorded'."""

    words: tuple[str, ...]
    codes: NDArray[np.signedinteger]

    def text_at(self, row: int) -> str | None:
        """Return the term of a row, None if none was recorded."""
        code = int(self.codes[row])
        return self.words[code - 1] if code else None

    def take(self, rows: NDArray[np.signedinteger]) -> CodedColumn:
        """Return these rows, in their order, with the same codes."""
        return CodedColumn(self.words, self.codes[rows])


class Coder:
    """Numbers for terms, the first come the first."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.codes: list[int] = []

    def add(self, term: str) -> None:
        """Add the next row's term; None means not recorded."""
        self.codes.append(self._numbers.setdefault(term, len(self._numbers) + 1) if term else 0)

    def number_of(self, term: str) -> int:
        """Return the number of a term; 0 if it never came."""
        return self._numbers.get(term, 0)

    def column(self) -> CodedColumn:
        """Return all of them."""
        return CodedColumn(tuple(self._numbers), np.array(self.codes, dtype=np.int32))


def _digest(text: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_LONGEST_PLAIN).digest(), "little"
    )
