"""Which of the tests that are too long for every run a commit picks. Knows no test."""

from __future__ import annotations

import zlib
from collections.abc import Collection


def in_fifth(names: Collection[str], commit: str) -> dict[str, int]:
    """Return the tests of the fifth that this commit picks, each with its place in this commit's order.

    Tests that one value of a fixture serves stay together. Another commit has another order, so that not the
    same ones are left out whenever time is short.
    """
    number = int(commit, 16) % 5
    shared = {name: f"{name.partition('::')[0]} {name.partition('[')[2] or name}" for name in names}
    return {
        name: zlib.crc32(f"{commit} {key}".encode())
        for name, key in shared.items()
        if zlib.crc32(key.encode()) % 5 == number
    }
