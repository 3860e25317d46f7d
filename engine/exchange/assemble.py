"""A given row as a referral, or as the faults that prevent it from being one. Knows no file shape."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, assert_never

from pydantic import ValidationError

from engine.domain.absence import YesNo
from engine.domain.dates import PartialDate
from engine.domain.referrals.intake import AlarmTopic, Referral
from engine.exchange.cells import BadCellError, Reading, Value, read_cell
from engine.exchange.columns import BY_NAME, COLUMNS, Column, Part, placed
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.raw_row import Bound, Broken, Cell, Given, GivenIncident, Shape
from engine.exchange.rows import CellFault, ReferralRow, RowFault

_PARTS = tuple(Part)
_NEITHER_YES_NOR_UNREADABLE = (YesNo.NO, YesNo.NOT_KNOWN, YesNo.NOT_ASKED)


class Assembler:
    """Turns the rows of one file into referrals, and remembers which references it has met."""

    def __init__(
        self,
        *,
        today: date,
        mapping: ColumnMapping,
        default_source: str | None,
        limits: FileLimits,
        shape: Shape,
    ) -> None:
        self._reading = Reading(today, mapping, limits.cell_characters, {}, shape.counts_days_from)
        self._most_incidents = limits.incidents
        given = dict(mapping.defaults)
        if default_source is not None:
            given.setdefault("source", default_source)
        self._defaults = [Bound(placed(BY_NAME[name]), name) for name in given]
        self._default_values = given
        self._rows_by_reference: dict[tuple[str, str], int] = {}

    def row(self, given: Given | Broken) -> ReferralRow | RowFault:
        """Return the one answer to one row."""
        if isinstance(given, Broken):
            return RowFault(
                row=given.row,
                column=given.column,
                reason=given.reason,
                original=given.original,
                alarms=None if given.may_hold_an_alarm else (),
            )
        parts = _Parts(self._reading)
        parts.faults.extend(given.faults)
        for bound, cell in given.cells:
            parts.read(bound, cell)
        for bound in self._defaults:
            if bound.place.column.name not in parts.filled:
                parts.read(bound, self._default_values[bound.place.column.name])
        for incident in given.incidents:
            parts.read_incident(incident)
        self._refuse_a_second(parts, given.row)
        referral = parts.referral(most_incidents=self._most_incidents)
        if referral is not None:
            return ReferralRow(row=given.row, referral=referral, original=given.original)
        first, *others = parts.faults
        return RowFault(
            row=given.row,
            column=first.column,
            reason=first.reason,
            original=given.original,
            also=tuple(others),
            alarms=parts.alarms_to_see,
        )

    def _refuse_a_second(self, parts: _Parts, row: int) -> None:
        """Refuse two rows of one reference: they contradict one another,
        even if the first was refused too.
        """
        key = parts.reference
        earlier = self._rows_by_reference.setdefault(key, row) if key else row
        if earlier != row:
            parts.fault(
                "source_reference",
                f"row {earlier} of this file has the same reference; give each referral its own",
            )


class _IncidentParts(NamedTuple):
    where: str | None
    fields: dict[str, Value]


class _Parts:
    """Parts that have been read of one row so far."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.faults: list[CellFault] = []
        self.filled: dict[str, str] = {}
        self._plain: dict[Part, dict[str, Value]] = {part: {} for part in _PARTS}
        self._identifiers: list[dict[str, str]] = []
        self._things: list[dict[str, str]] = []
        self._protected: list[dict[str, str]] = []
        self._numbered: dict[int, _IncidentParts] = {}
        self._incident_parts: list[_IncidentParts] = []
        self._unread: set[str] = set()

    def fault(self, column: str | None, reason: str) -> None:
        """Note a fault; the column is named as the file names it."""
        self.faults.append(
            CellFault(column=self.filled.get(column, column) if column else None, reason=reason)
        )

    def read(self, bound: Bound, cell: Cell) -> None:
        """Read one cell of the row itself."""
        column, number = bound.place.column, bound.place.incident
        self.filled[bound.place.name] = bound.shown
        if number is not None and number not in self._numbered:
            self._numbered[number] = _IncidentParts(None, {})
        try:
            value = read_cell(column, cell, self._reading)
        except BadCellError as bad:
            self.fault(bound.place.name, bad.reason)
            self._unread.add(bound.place.name)
            if number is not None:
                self._numbered[number].fields[column.field] = ""
            return
        if number is not None:
            self._numbered[number].fields[column.field] = value
        else:
            self._keep(column, value)

    def read_incident(self, given_incident: GivenIncident) -> None:
        """Read one incident that was given apart: a row of the second sheet, or an entry of a list."""
        incident = _IncidentParts(given_incident.where, {})
        for bound, cell in given_incident.cells:
            try:
                incident.fields[bound.place.column.field] = read_cell(bound.place.column, cell, self._reading)
            except BadCellError as bad:
                incident.fields[bound.place.column.field] = ""
                self.faults.append(
                    CellFault(column=bound.shown, reason=f"{given_incident.where}: {bad.reason}")
                )
        if incident.fields:
            self._incident_parts.append(incident)

    def _keep(self, column: Column, value: Value) -> None:
        each = value if isinstance(value, tuple) else (str(value),)
        match column.part:
            case Part.IDENTIFIER:
                self._identifiers.append({"scheme": column.field, "value": each[0]})
            case Part.THING:
                self._things.extend({"kind": column.field, "value": one} for one in each)
            case Part.PROTECTED:
                self._protected.extend({"kind": column.field, "value": one} for one in each)
            case (
                Part.REFERRAL | Part.PERPETRATOR | Part.VICTIM | Part.POSITION | Part.REACH | Part.CHILDREN
                | Part.ALARM | Part.INCIDENT
            ):  # fmt: skip
                self._plain[column.part][column.field] = value
            case _:
                assert_never(column.part)

    @property
    def reference(self) -> tuple[str, str] | None:
        """Source and reference, to the extent that both could be read."""
        plain = self._plain[Part.REFERRAL]
        source, reference = plain.get("source"), plain.get("source_reference")
        return (str(source), str(reference)) if source and reference else None

    @property
    def alarms_to_see(self) -> tuple[AlarmTopic, ...]:
        """The topics answered yes, and those whose answer could not be read: neither may wait."""
        answers = self._plain[Part.ALARM]
        return tuple(
            topic
            for topic in AlarmTopic
            if topic.column in self._unread
            or answers.get(topic.value, YesNo.NOT_ASKED) not in _NEITHER_YES_NOR_UNREADABLE
        )

    def referral(self, *, most_incidents: int) -> Referral | None:
        """Return the referral, if nothing is at fault."""
        for column in COLUMNS:
            if column.required and column.name not in self.filled:
                self.fault(
                    column.name,
                    f"blank, but required: {column.help[0].lower()}{column.help[1:]}",
                )
        self._look_at_the_people()
        self._look_at_the_incidents(most_incidents)
        if self.faults:
            return None
        try:
            return Referral.model_validate(self._whole())
        except ValidationError as wrong:
            self._explain(wrong)
            return None

    def _look_at_the_people(self) -> None:
        """Check the people: what the referral itself refuses, said of the column;
        and two people that nothing distinguishes.
        """
        perpetrator, victim = self._plain[Part.PERPETRATOR], self._plain[Part.VICTIM]
        named = "forename" in perpetrator or "surname" in perpetrator or self._identifiers
        if not named and not any(name.startswith("perpetrator_") for name in self._unread):
            self.fault(
                "perpetrator_surname",
                "blank; give a name or an identifier, or type 'unknown' if you have neither",
            )
        elif _name(perpetrator) == _name(victim) not in ("", "unknown") and not _told_apart(
            perpetrator, victim
        ):
            self.fault(
                "victim_surname",
                "the perpetrator and the victim have the same name and no other detail differs; correct "
                "one of them, or give both dates of birth",
            )

    def _look_at_the_incidents(self, most: int) -> None:
        if len(self._numbered) + len(self._incident_parts) > most:
            self.fault(None, f"more than {most} incidents; give only the most important ones")
        for number, incident in [
            *sorted(self._numbered.items()),
            *((None, one) for one in self._incident_parts),
        ]:
            if "kind" not in incident.fields:
                place = f"incident_{number}_kind" if number else "kind"
                before = f"{incident.where}: " if incident.where else ""
                self.fault(
                    place, f"{before}blank, but other details of this incident are given; say what it was"
                )

    def _whole(self) -> dict[str, object]:
        """Return the referral's fields.

        They are validated once, as a whole: an import spends its time there.
        """
        plain = self._plain
        incidents = [incident for _, incident in sorted(self._numbered.items())] + self._incident_parts
        return {
            **plain[Part.REFERRAL],
            "perpetrator": {**plain[Part.PERPETRATOR], "identifiers": self._identifiers},
            "perpetrator_things": self._things,
            "victim": plain[Part.VICTIM],
            "victim_position": {**plain[Part.POSITION], "he_can_reach": plain[Part.REACH]},
            "children": plain[Part.CHILDREN],
            "alarms": {"answers": plain[Part.ALARM]},
            "incidents": [incident.fields for incident in incidents],
            "protected": self._protected,
        }

    def _explain(self, wrong: ValidationError) -> None:
        """Explain what a domain object still refused, only by its place:
        its message could repeat the content.
        """
        for error in wrong.errors(include_url=False, include_context=False, include_input=False):
            place = str(error["loc"][0]) if error["loc"] else None
            column = next((column.name for column in COLUMNS if column.field == place), None)
            self.fault(column, "does not agree with the rest of the row; check it against the manual")


def _name(person: dict[str, Value]) -> str:
    return " ".join(str(person[part]) for part in ("forename", "surname") if part in person).casefold()


def _told_apart(one: dict[str, Value], other: dict[str, Value]) -> bool:
    """Return whether both dates of birth are given and cannot be the same day."""
    born, other_born = one.get("date_of_birth"), other.get("date_of_birth")
    if not isinstance(born, PartialDate) or not isinstance(other_born, PartialDate):
        return False
    return born.latest < other_born.earliest or other_born.latest < born.earliest
