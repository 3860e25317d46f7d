"""Reading of FHIR files into health's own extract: each resource stored, held already,
or reported as not understood.

A file is read whole or, when it breaks off, not at all; the other files are not touched. The new extract is
written aside and put in place when it is whole, so a crash leaves the old one.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.hooks.v1 import (
    MOST_NAMED,
    AgencyFilesRead,
    AgencyRecords,
    FileRead,
    Heading,
    KindRead,
    NotUnderstood,
    RecordsFault,
    RecordsUnreadableError,
    lock_imports,
)
from plugins.health.checking import fault_of, is_type
from plugins.health.entries import entries_of
from plugins.health.entry import Entry, FileUnreadableError
from plugins.health.records import BY_NUMBER, EXTRACT, extract_lines, told_by
from plugins.health.stored_records import KEPT, Kept, LostKept, PatientKept, in_order, line_of
from plugins.health.understanding import KINDS, NotUnderstoodError, Reading, understood
from plugins.health.unmatched_records import UNPLACED, lost_from, lost_instead_of, lost_key, unplaced
from plugins.health.words import own_mapping

_UNREAD = "unreadable"
_UNKNOWN = "unknown type"
_ASIDE = f".{EXTRACT}.writing"


def import_files(
    files: tuple[Path, ...],
    records: AgencyRecords,
    *,
    is_fault: Callable[[Mapping[str, object]], str | None] = fault_of,
) -> AgencyFilesRead:
    """Read the files in their order. Raises RecordsUnreadableError when what is held cannot be read.

    ``is_fault`` is what decides whether a resource is FHIR at all.
    """
    mapped = own_mapping(records.settings)
    with lock_imports(records.folder):
        held = _held(records)
        before = dict(held)
        value, nobodys = [], 0
        for file in files:
            one = _File(held=dict(held), mapped=mapped, is_fault=is_fault)
            value.append(one.read(file))
            held = one.held if value[-1].error is None else held
            nobodys += one.unplaced if value[-1].error is None else 1
        held.pop(UNPLACED, None)
        if nobodys:
            held[UNPLACED] = line_of(unplaced(nobodys))
        if held != before or not (records.folder / EXTRACT).exists():
            _put_in_place(records.folder, held)
    return AgencyFilesRead(files=tuple(value))


@dataclass
class _Count:
    read: int = 0
    stored: int = 0
    held: int = 0
    identifiers: int = 0
    not_understood: list[NotUnderstood] = field(default_factory=list)
    notes: list[NotUnderstood] = field(default_factory=list)


@dataclass
class _File:
    """One file on its way in; ``held`` is the extract as it will be if the file is whole."""

    held: dict[str, str]
    mapped: Mapping[tuple[str, str], str]
    is_fault: Callable[[Mapping[str, object]], str | None]
    counts: dict[str, _Count] = field(default_factory=lambda: defaultdict(_Count))
    address: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    strangers: list[tuple[str, str, str]] = field(default_factory=list)
    lost: list[LostKept] = field(default_factory=list)
    unplaced: int = 0

    def read(self, file: Path) -> FileRead:
        try:
            for entry in entries_of(file, KINDS):
                self._take(entry)
        except FileUnreadableError as error:
            return FileRead(file=file.name, error=f"{error.reason} Nothing of it was stored.")
        except OSError as error:
            return FileRead(
                file=file.name, error=f"It could not be read to its end ({type(error).__name__})."
            )
        except MemoryError:
            return FileRead(file=file.name, error="It needs more memory than Health may use; split it.")
        self._find_patients()
        return FileRead(
            file=file.name,
            kinds=tuple(_kind_read(kind, self.counts[kind]) for kind in sorted(self.counts)),
        )

    def _take(self, entry: Entry) -> None:
        kind, fault = self._kind(entry), entry.fault
        count = self.counts[kind]
        count.read += 1
        if entry.content is None:
            fault = fault or "It holds no resource."
        elif kind not in KINDS:
            fault = f"Health reads no {kind}." if kind != _UNKNOWN else "Its type is not known here."
        elif fault is None:
            fault = self.is_fault(entry.content)
        if fault is None and entry.content is not None:
            reading = Reading(mapped=self.mapped, full_url=entry.full_url)
            try:
                record = understood(entry.content, reading)
            except NotUnderstoodError as error:
                fault = error.reason
            else:
                if entry.full_url is not None:
                    self.address[entry.full_url] = record.id
                _add(count.notes, entry.where, *reading.notes)
                if record.about is not None and record.about.startswith("urn:"):
                    self.waiting.append((entry.where, line_of(record)))  # its patient may be further down
                else:
                    self._keep(entry.where, record)
                return
        assert fault is not None
        _add(count.not_understood, entry.where, fault)
        lost = lost_from(entry.content, is_read=kind in KINDS) if entry.content is not None else None
        if lost is None:
            self.unplaced += 1
        else:
            self.lost.append(lost)

    def _kind(self, entry: Entry) -> str:
        if entry.content is None:
            return _UNREAD
        kind = str(entry.content["resourceType"])
        return kind if is_type(kind) else _UNKNOWN

    def _find_patients(self) -> None:
        """Find, at the end of the file, whose record is whose."""
        for where, line in self.waiting:
            stored = KEPT.validate_json(line)
            patient = self.address.get(str(stored.about))
            if patient is None:
                fault = "It names its patient by an address that is not in the file."
                _add(self.counts[type_of(stored)].not_understood, where, fault)
                self.unplaced += 1
            else:
                self._keep(where, stored.model_copy(update={"about": patient}))
        for lost in self.lost:
            about = self.address.get(str(lost.about), lost.about)
            if about is None or about.startswith("urn:"):
                self.unplaced += 1
            elif lost.of not in self.held:
                self.held[lost.id] = line_of(lost.model_copy(update={"about": about}))
        for where, kind, about in self.strangers:
            if about not in self.held and not about.startswith(BY_NUMBER):
                note = "Its patient is not held; it will be used when the patient's own record is."
                _add(self.counts[kind].notes, where, note)

    def _keep(self, where: str, record: Kept) -> None:
        """Store it unless what is held is the same or newer."""
        count = self.counts[type_of(record)]
        line = line_of(record)
        held_line = self.held.get(record.id)
        if held_line == line:
            count.held += 1
            return
        if held_line is not None:
            held = KEPT.validate_json(held_line)
            if fault := _another_person(held, record):
                _add(count.not_understood, where, fault)
                self.unplaced += 1
                return
            if fault := _of_unknown_age(held, record):
                _add(count.not_understood, where, fault)
                lost = lost_instead_of(record.id, record.about or record.id)
                self.held[lost.id] = line_of(lost)
                return
            if _is_older(record, held):
                count.held += 1
                return
            if (record.updated, record.version) == (held.updated, held.version):
                _add(
                    count.notes,
                    where,
                    "It replaced the version held, which has no date to show that it is older.",
                )
        self.held[record.id] = line
        self.held.pop(lost_key(record.id), None)
        if record.about is not None and record.about not in self.held:
            self.strangers.append((where, type_of(record), record.about))
        count.stored += 1
        count.identifiers += len(record.identifiers)


def type_of(record: Kept) -> str:
    """Return the resource type that it was."""
    return str(getattr(record, "kind"))  # noqa: B009  every member of the union has it, its base does not


def _another_person(held: Kept, new: Kept) -> str | None:
    """Return the fault where two servers gave one id to two people: then neither replaces the other."""
    if not (isinstance(held, PatientKept) and isinstance(new, PatientKept)):
        return None
    if held.nhs and new.nhs and not set(held.nhs) & set(new.nhs):
        return "Its id is held already for a person with another NHS number; it replaced no record."
    return None


def _of_unknown_age(held: Kept, new: Kept) -> str | None:
    if held.updated is not None and new.updated is None:
        return "It has no date of change, and the version held has one; it replaced nothing."
    return None


def _is_older(new: Kept, held: Kept) -> bool:
    if new.updated is not None and held.updated is not None and new.updated != held.updated:
        return new.updated < held.updated
    return new.version is not None and held.version is not None and new.version < held.version


def _add(places: list[NotUnderstood], where: str, *reasons: str) -> None:
    places += [NotUnderstood(where=where, reason=reason) for reason in reasons if len(places) < MOST_NAMED]


def _kind_read(kind: str, count: _Count) -> KindRead:
    return KindRead(
        kind=kind,
        read=count.read,
        kept=count.stored,
        held_already=count.held,
        not_understood=tuple(count.not_understood),
        identifiers_kept=count.identifiers,
        notes=tuple(count.notes),
    )


def _held(records: AgencyRecords) -> dict[str, str]:
    """Return the extract's lines by key; empty before there is an extract."""
    lines = {}
    try:
        for number, line in extract_lines(records):
            key = told_by(number, line).get("id")
            if not isinstance(key, str):
                raise RecordsUnreadableError(EXTRACT, RecordsFault.BAD_LINE, line=number)
            lines[key] = line.rstrip("\n")
    except RecordsUnreadableError as error:
        if error.fault is not RecordsFault.MISSING:
            raise
    return lines


def _put_in_place(folder: Path, held: dict[str, str]) -> None:
    aside = folder / _ASIDE
    with open(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(Heading(lines=len(held)).model_dump_json() + "\n")
        file.writelines(f"{line}\n" for line in in_order(held))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / EXTRACT)
