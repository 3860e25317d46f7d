"""Writes referrals in bulk and reads back what sources said, in versions.

A referral opens its own episode and involvement, with two person records, their claims and incidents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.people.persons import ClaimedRole, ClaimStatus
from engine.domain.referrals.intake import TYPED, AlarmAnswers, AlarmTopic, Referral
from engine.domain.system.audit import WrittenOut, canonical, canonical_of_parts, digest
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.cases.incidents import Incidents, ReportToAdd
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.people.persons import People, PersonToAdd
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import (
    AlarmRow,
    EpisodeRow,
    InvolvementRow,
    MoveRow,
    ReferralVersionRow,
)
from engine.store.typed_columns import CASES_ADDED


@dataclass(frozen=True)
class NewReferral:
    """A referral to be written, with when its alarm must be acknowledged (None when none is raised)."""

    referral: Referral
    received_at: datetime
    alarm_due_at: datetime | None
    digest: str = field(init=False)
    content: WrittenOut = field(init=False, repr=False, compare=False)
    """Its stored content, without its protected values; written out once for all that is made of it."""
    incidents: tuple[WrittenOut, ...] = field(init=False, repr=False, compare=False)
    """Its incidents as they are stored."""

    def __post_init__(self) -> None:
        content = self.referral.model_dump(mode="json")
        incidents = tuple(map(WrittenOut, content["incidents"]))
        parts = {name: canonical(part) for name, part in content.items() if name != "incidents"}
        parts["incidents"] = f"[{','.join(incident.text for incident in incidents)}]"
        object.__setattr__(self, "incidents", incidents)
        # Protected values count: so a correction differs from the same file imported again.
        object.__setattr__(self, "digest", digest(canonical_of_parts(parts)))
        del content["protected"], parts["protected"]
        object.__setattr__(self, "content", WrittenOut(content, canonical_of_parts(parts)))


@dataclass(frozen=True)
class KnownReferral:
    """A referral that is already in the record under the same source and source reference."""

    reference: str
    version: int
    digest: str


@cache
def _source_statement() -> Select[str, dict[str, object], str]:
    """Build the statement once: building a statement takes several times as long as running it."""
    return (
        select(col(InvolvementRow.ref), col(ReferralVersionRow.content), col(ReferralVersionRow.received_by))
        .join(ReferralVersionRow, col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
        .order_by(col(ReferralVersionRow.version))
    )


@cache
def _versions_of() -> Select[str, str, int, str]:
    return (
        select(
            col(InvolvementRow.source_reference),
            col(InvolvementRow.ref),
            col(ReferralVersionRow.version),
            col(ReferralVersionRow.digest),
        )
        .join(ReferralVersionRow, col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
        .where(
            col(InvolvementRow.source) == bindparam("source"),
            col(InvolvementRow.source_reference).in_(bindparam("references", expanding=True)),
        )
        .order_by(col(ReferralVersionRow.version))
    )


class Referrals:
    """Adds referrals and their corrections."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], KnownReferral]:
        """Return those of these (source, source reference) pairs that are known,
        with their newest version.
        """
        by_source: dict[str, list[str]] = {}
        for source, source_reference in keys:
            by_source.setdefault(source, []).append(source_reference)
        found: dict[tuple[str, str], KnownReferral] = {}
        for source, references in by_source.items():
            for start in range(0, len(references), 500):
                some = {"source": source, "references": references[start : start + 500]}
                rows = self._session.connection().execute(_versions_of(), some).all()
                for source_reference, ref, version, stored in rows:
                    found[source, source_reference] = KnownReferral(ref, version, stored)
        return found

    def add(self, new: Sequence[NewReferral], *, by: str) -> list[str]:
        """Write these referrals and return their references, in the same order."""
        if not new:
            return []
        episodes = insert_and_number(
            self._session,
            EpisodeRow,
            [
                {"ref": ref, "created_at": n.received_at, "restricted": False}
                for ref, n in zip(
                    unused_references(self._session, "episode", col(EpisodeRow.ref), len(new)),
                    new,
                    strict=True,
                )
            ],
        )
        references = unused_references(self._session, "involvement", col(InvolvementRow.ref), len(new))
        self._session.info.setdefault(CASES_ADDED, set()).update(references)
        involvements = insert_and_number(
            self._session,
            InvolvementRow,
            [
                {
                    "ref": reference,
                    "own_episode_id": episode,
                    "episode_id": episode,
                    "source": n.referral.source,
                    "source_reference": n.referral.source_reference,
                    "state": State.NOT_SCREENED.value,
                    "received_at": n.received_at,
                    "version": 1,
                }
                for n, episode, reference in zip(new, episodes, references, strict=True)
            ],
        )
        self._add_versions(list(zip(involvements, new, strict=True)), version=1, by=by)
        insert_all(
            self._session,
            MoveRow,
            [
                {
                    "involvement_id": number,
                    "act": "refer",
                    "before": None,
                    "after": State.NOT_SCREENED.value,
                    "by": by,
                    "why": "referred",
                    "at": n.received_at,
                }
                for number, n in zip(involvements, new, strict=True)
            ],
        )
        insert_all(
            self._session,
            AlarmRow,
            [
                {
                    "involvement_id": number,
                    "answers": n.content["alarms"],
                    "is_raised": bool(n.referral.alarms.raised),
                    "raised_at": n.received_at if n.referral.alarms.raised else None,
                    "due_at": n.alarm_due_at,
                }
                for number, n in zip(involvements, new, strict=True)
            ],
        )
        pairs = list(zip(involvements, new, strict=True))
        People(self._session).add(_people_of(pairs))
        Incidents(self._session).add(_reports_of(pairs, version=1))
        return references

    def correct(self, reference: str, new: NewReferral, *, version: int, by: str) -> tuple[AlarmTopic, ...]:
        """Store changed content as a new version; return the alarm topics that it raises on a screened case.

        Before the screening a newly raised topic opens the referral's alarm again. One that is taken back
        does not end it: it was raised, and a person acknowledges it.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        before = self.newest([reference])[reference]
        self._add_versions([(number, new)], version=version, by=by)
        row = self._session.execute(
            select(AlarmRow).where(col(AlarmRow.involvement_id) == number)
        ).scalar_one()
        raised_before = set(AlarmAnswers.model_validate(row.answers).raised)
        row.answers = new.referral.alarms.model_dump(mode="json")
        row.is_raised = row.is_raised or bool(new.referral.alarms.raised)
        newly_raised = tuple(topic for topic in new.referral.alarms.raised if topic not in raised_before)
        is_screened = self._state(number) is not State.NOT_SCREENED
        if newly_raised and not is_screened:
            row.due_at = new.alarm_due_at
            row.raised_at = row.raised_at or new.received_at
            row.acknowledged_by = row.acknowledged_at = row.escalated_at = None
        self._session.add(row)
        self._session.flush()
        people = People(self._session)
        described = {person.role: person.described for person in people.on_cases([reference])}
        has_other_things = (before.perpetrator_things, before.perpetrator_address) != (
            new.referral.perpetrator_things,
            new.referral.perpetrator_address,
        )
        people.add(
            [
                person
                for person in _people_of([(number, new)])
                if described.get(person.role) != person.described
                or (has_other_things and person.role is ClaimedRole.PERPETRATOR)
            ]
        )
        Incidents(self._session).add(_reports_of([(number, new)], version=version))
        return newly_raised if is_screened else ()

    def _state(self, number: int) -> State:
        query = select(col(InvolvementRow.state)).where(col(InvolvementRow.id) == number)
        return State(self._session.execute(query).scalar_one())

    def newest(self, references: Sequence[str]) -> dict[str, Referral]:
        """Return the sources' latest account of these involvements, without protected values."""
        return {ref: referral for ref, (referral, _) in self.newest_with_writer(references).items()}

    def newest_with_writer(self, references: Sequence[str]) -> dict[str, tuple[Referral, str]]:
        """Return the same, each with the user who brought it in."""
        found: dict[str, tuple[Referral, str]] = {}
        for start in range(0, len(references), 500):
            some = {"references": list(references[start : start + 500])}
            rows = self._session.connection().execute(_source_statement(), some).all()
            for ref, content, received_by in rows:
                found[ref] = Referral.model_validate(content), received_by
        return found

    def typist(self, reference: str) -> str | None:
        """Return the user who typed this referral; None if it came in a file, or does not exist."""
        query = (
            select(col(ReferralVersionRow.received_by))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ReferralVersionRow.involvement_id))
            .where(
                col(InvolvementRow.ref) == reference,
                col(InvolvementRow.source_reference).startswith(TYPED, autoescape=True),
                col(ReferralVersionRow.version) == 1,
            )
        )
        return self._session.execute(query).scalar_one_or_none()

    def _add_versions(self, pairs: Sequence[tuple[int, NewReferral]], *, version: int, by: str) -> None:
        insert_all(
            self._session,
            ReferralVersionRow,
            [
                {
                    "involvement_id": number,
                    "version": version,
                    "digest": n.digest,
                    "content": n.content,
                    "received_at": n.received_at,
                    "received_by": by,
                }
                for number, n in pairs
            ],
        )


def _people_of(pairs: Sequence[tuple[int, NewReferral]]) -> list[PersonToAdd]:
    people: list[PersonToAdd] = []
    for number, n in pairs:
        referral = n.referral
        common = {"involvement_id": number, "owner": referral.source, "at": n.received_at}
        people.append(
            PersonToAdd(
                described=referral.perpetrator,
                role=ClaimedRole.PERPETRATOR,
                status=ClaimStatus.ALLEGED,
                things=referral.perpetrator_things,
                place=referral.perpetrator_address,
                **common,  # type: ignore[arg-type]
            )
        )
        people.append(
            PersonToAdd(
                described=referral.victim,
                role=ClaimedRole.VICTIM,
                status=ClaimStatus.ALLEGED,
                things=(),
                place=None,
                **common,  # type: ignore[arg-type]
            )
        )
    return people


def _reports_of(pairs: Sequence[tuple[int, NewReferral]], *, version: int) -> list[ReportToAdd]:
    return [
        ReportToAdd(
            involvement_id=number,
            position=position,
            referral_version=version,
            owner=n.referral.source,
            told_by=n.referral.source,
            incident=incident,
            at=n.received_at,
            content=n.incidents[position],
        )
        for number, n in pairs
        for position, incident in enumerate(n.referral.incidents)
    ]
