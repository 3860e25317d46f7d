"""Verification of an exported audit log with a bare Python: ``python verify_audit.py FILE [--anchors FILE]``.

One file that needs nothing else of this software, so that a person who doubts the software can read it whole.

The export is one JSON object a line: a first line, the entries, and an end line with the head of the chain.
Each entry's hash is the SHA-256 of three lines: the hash before it, its number, and its text. So nothing can
be altered, dropped or moved without every later hash being wrong. A person who has the whole record could
write the whole chain again: that shows only against an anchor that was stored elsewhere.

An entry that wrote has in its text, under "wrote", the SHA-256 of the keyed digests of what it wrote. Those
stay in the record, which "stac audit verify --content" compares with them. Where an export has them
("versions"), they are verified too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypedDict

FORMAT = "stac-audit-1"
FIRST_PREVIOUS = "0" * 64


class Fault(TypedDict):
    """The first entry that is broken, and the reason."""

    entry: int
    reason: str


class Verdict(TypedDict):
    """The number of intact entries, and the first that is broken."""

    entries: int
    ok: bool
    first_bad: Fault | None


class Chain:
    """A chain, verified entry by entry, and the first entry that is broken."""

    def __init__(self) -> None:
        self.entries = 0
        self.hash = FIRST_PREVIOUS
        self.first_bad: Fault | None = None

    def follow(self, sequence: int, previous: str, hashed: str, body: str) -> bool:
        """Return whether this entry is the next one, whole and unchanged."""
        expected = self.entries + 1
        if sequence != expected:
            return self._bad(expected, f"it is missing: entry {sequence} is in its place")
        if previous != self.hash:
            return self._bad(sequence, "it does not follow the entry before it")
        if hashed != entry_hash(previous, sequence, body):
            return self._bad(sequence, "its content was altered")
        self.entries, self.hash = sequence, hashed
        return True

    def names_versions(self, body: str, versions: str | None, *, must_be_there: bool = False) -> bool:
        """Return whether the digests of an entry's versions match the digest in its text."""
        if versions is None and (not must_be_there or '"wrote"' not in body):
            return True
        text = _wrote(body)
        if versions is None and text is None:
            return True
        if versions is None or text != hashlib.sha256(versions.encode()).hexdigest():
            return self._bad(self.entries, "the digests of what it wrote were altered")
        return True

    def ends_at(self, sequence: int, hashed: str, *, sentence: str) -> None:
        """Note a fault if the verified chain ends elsewhere than it is said to."""
        if self.entries < sequence:
            self.found(self.entries + 1, f"the end of the chain is cut off: {sentence} is entry {sequence}")
        elif (self.entries, self.hash) != (sequence, hashed):
            self.found(sequence, f"the chain does not match {sentence}")

    def found(self, entry: int, reason: str) -> None:
        """Note a fault, if it is the first."""
        if self.first_bad is None:
            self.first_bad = {"entry": entry, "reason": reason}

    def verdict(self) -> Verdict:
        """Return the verdict as it is printed."""
        return {"entries": self.entries, "ok": self.first_bad is None, "first_bad": self.first_bad}

    def _bad(self, entry: int, reason: str) -> bool:
        self.found(entry, reason)
        return False


def entry_hash(previous: str, sequence: int, body: str) -> str:
    """Return the hash that binds an entry to the one before it."""
    return hashlib.sha256(f"{previous}\n{sequence}\n{body}".encode()).hexdigest()


def verify_lines(lines: Iterable[str], anchors: dict[int, str] | None = None) -> Verdict:
    """Return the verdict on an export: how many entries are intact, and the first that is broken."""
    chain, wanted = Chain(), dict(anchors or {})
    read = _objects(lines)
    head = next(read, None)
    if head is None or head.get("format") != FORMAT:
        chain.found(1, f"this is not an audit export: its first line is not {FORMAT}")
        return chain.verdict()
    end: dict[str, object] | None = None
    for each in read:
        if end is not None:
            chain.found(chain.entries + 1, "there is content after the end line")
        elif each is _BROKEN:
            chain.found(chain.entries + 1, "its line cannot be read")
        elif "end" in each:
            end = each
        elif (entry := _entry(each)) is None:
            chain.found(chain.entries + 1, "its line is not an entry")
        elif chain.follow(entry.sequence, entry.previous, entry.hash, entry.body):
            text = wanted.pop(chain.entries, None)
            if text is not None and text != chain.hash:
                chain.found(chain.entries, "the anchor does not match this entry")
            chain.names_versions(entry.body, entry.versions)
        if chain.first_bad is not None:
            return chain.verdict()
    if end is None:
        chain.found(chain.entries + 1, "the end of the chain is cut off: it has no end line")
    elif (last := _end(end)) is None:
        chain.found(chain.entries + 1, "the end line cannot be read")
    else:
        chain.ends_at(last.sequence, last.hash, sentence="the end line")
    if wanted and chain.first_bad is None:
        number = min(wanted)
        chain.found(chain.entries + 1, f"the end of the chain is cut off: an anchor is of entry {number}")
    return chain.verdict()


def read_anchors(lines: Iterable[str]) -> dict[int, str]:
    """Read the hash of each anchored entry by its number. Raises ValueError when a line cannot be read.

    A line that accepts an older record ends what the lines before it say.
    """
    anchors: dict[int, str] = {}
    for each in _objects(lines):
        if each.get("accepts_older") is True:
            anchors.clear()
        sequence, hashed = each.get("sequence"), each.get("hash")
        if not isinstance(sequence, int) or not isinstance(hashed, str):
            raise ValueError("a line of the anchors cannot be read")
        anchors[sequence] = hashed
    return anchors


class _Entry(NamedTuple):
    sequence: int
    previous: str
    hash: str
    body: str
    versions: str | None


class _End(NamedTuple):
    sequence: int
    hash: str


_BROKEN: dict[str, object] = {}


def _objects(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except ValueError:
            read = _BROKEN
        yield read if isinstance(read, dict) and read else _BROKEN


def _entry(read: dict[str, object]) -> _Entry | None:
    """Return the entry of a line; None if a field is missing, of another type or too many."""
    sequence, previous, hashed, body, versions = (read.get(name) for name in _Entry._fields)
    if set(read) | {"versions"} != set(_Entry._fields) or (versions is None and "versions" in read):
        return None
    if (
        type(sequence) is not int
        or not isinstance(previous, str)
        or not isinstance(hashed, str)
        or not isinstance(body, str)
        or not isinstance(versions, str | None)
    ):
        return None
    return _Entry(sequence, previous, hashed, body, versions)


def _wrote(body: str) -> str | None:
    """Return the digest that an entry's text has of what it wrote."""
    try:
        value = json.loads(body)
    except ValueError:
        return None
    wrote = value.get("wrote") if isinstance(value, dict) else None
    return wrote if isinstance(wrote, str) else None


def _end(read: dict[str, object]) -> _End | None:
    """Return the head of the chain from an end line; None if the line is another."""
    sequence, hashed = read.get("end"), read.get("hash")
    if len(read) != 2 or type(sequence) is not int or type(hashed) is not str:
        return None
    return _End(sequence, hashed)


def main() -> int:
    """Verify a file, print the verdict as JSON, and return 0 if the chain is intact, else 1."""
    parser = argparse.ArgumentParser(description="Verifies an exported audit chain.")
    parser.add_argument("file", help="the export; - is standard input")
    parser.add_argument("--anchors", help="a file of anchors that was stored elsewhere")
    given = parser.parse_args()
    try:
        anchors: dict[int, str] = {}
        if given.anchors:
            with open(given.anchors, encoding="utf-8") as lines:
                anchors = read_anchors(lines)
        if given.file == "-":
            verdict = verify_lines(sys.stdin, anchors)
        else:
            with open(given.file, encoding="utf-8", errors="replace") as lines:
                verdict = verify_lines(lines, anchors)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot be verified: {type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write(json.dumps(verdict) + "\n")
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
