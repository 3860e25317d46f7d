"""A record that an item is based on, in words. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.responses.reported import RecordPointer


def in_words(pointer: RecordPointer) -> str:
    """Return the record that an item rests on, with its date where it has one."""
    return f"{pointer.kind} {pointer.record}" + (f", {pointer.dated.in_words()}" if pointer.dated else "")


def in_brackets(pointers: Iterable[RecordPointer]) -> str:
    """Return ``[police report 1234, 3 March 2026]`` for each."""
    return "; ".join(f"[{in_words(pointer)}]" for pointer in pointers)
