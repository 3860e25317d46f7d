"""Compares two folders of text line by line, without any tolerance. Knows nothing of what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

SHOWN_LINES = 5
_SHOWN_CHARACTERS = 160


def differences(before: Path, after: Path) -> Iterator[str]:
    """Describe each file that differs, in the order of their names: which, and the first differing lines.

    A file that only one folder has differs, and so does a folder that is not there.
    """
    old, new = _files(before), _files(after)
    for name in sorted(old | new):
        if name not in new:
            yield f"{name}: is no longer written"
        elif name not in old:
            yield f"{name}: was not written before"
        elif (before / name).read_bytes() != (after / name).read_bytes():
            yield f"{name}: {_first_difference(_lines(before / name), _lines(after / name))}"


def _files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="backslashreplace").split("\n")


def _first_difference(old: list[str], new: list[str]) -> str:
    pairs = list(zip_longest(old, new))
    differing = [number for number, (one, other) in enumerate(pairs) if one != other]
    if not differing:
        return "differs in its bytes alone"
    first, shown = differing[0], [f"line {differing[0] + 1}, {len(differing)} in all"]
    if len(old) != len(new):
        shown[0] += f"; {len(old)} lines before, {len(new)} now"
    for one, other in pairs[first : first + SHOWN_LINES]:
        if one != other:
            at = _place(one or "", other or "")
            shown += [f"  - {_part(one, at)}"] if one is not None else []
            shown += [f"  + {_part(other, at)}"] if other is not None else []
    return "\n".join(shown)


def _place(one: str, other: str) -> int:
    """The first character that differs."""
    same = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(same, min(len(one), len(other)))


def _part(line: str, at: int) -> str:
    """The line; of a long one what is around the difference."""
    if len(line) <= _SHOWN_CHARACTERS:
        return line
    start = max(0, at - _SHOWN_CHARACTERS // 2)
    return f"{'...' if start else ''}{line[start : start + _SHOWN_CHARACTERS]}..."
