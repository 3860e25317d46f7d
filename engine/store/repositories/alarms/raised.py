"""Alarm topics answered after the referral, the steps on each alarm, and reviewed incidents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.domain.alarm_release import TopicsOfAnswer, due_from
from engine.domain.alarms import AlarmAct, AlarmStep, Door, RaisedAlarm
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import NotFoundError
from engine.domain.referrals.intake import AlarmAnswers
from engine.store.among import among
from engine.store.repositories.alarms.release import Releases, class_of_report, is_readable
from engine.store.repositories.alarms.whose import Whose, whose_of
from engine.store.repositories.cases.incidents_in_short import incident_key
from engine.store.repositories.cases.involvements import involvement_id, once_in_reading
from engine.store.repositories.references import unused_references
from engine.store.tables.alarms import AlarmStepRow, IncidentReviewRow, TopicsAskedRow
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow, MoveRow

_CONSIDERS = [act.value for act in (Act.SCREEN, Act.STEP_UP, Act.DECIDE, Act.PLAN, Act.APPROVE_PLAN)]
"""The acts before which a person has read what is on the case."""


class IncidentEntered(NamedTuple):
    """An incident that a person entered after the referral: its agency, its time, and if it is reviewed."""

    case: str
    reference: str
    kind: IncidentKind
    owner: str
    told_by: str
    at: datetime
    release_class: int | None
    is_reviewed: bool
    is_asked: bool
    """True if any alarm topics were asked about it."""
    one_with: str
    """The reference that incidents which are one share: a crime reference, else its own reference."""


class RaisedAlarms:
    """Adds answers about alarm topics and steps on alarms, and reads them by case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        case: str,
        *,
        door: Door,
        about: str,
        answers: AlarmAnswers,
        owner: str,
        due_at: datetime | None,
        by: str,
        at: datetime,
        answer_version: int | None = None,
    ) -> str:
        """Store the answers about one report; return their reference.

        Raises NotFoundError if the referral does not exist.
        """
        (reference,) = unused_references(self._session, "alarm", col(TopicsAskedRow.ref), 1)
        self._session.add(
            TopicsAskedRow(
                ref=reference,
                involvement_id=involvement_id(self._session, case),
                door=door.value,
                about=about,
                answer_version=answer_version,
                answers=answers.model_dump(mode="json"),
                owner=owner,
                due_at=due_at,
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return reference

    def step(self, case: str, alarm: str, step: AlarmStep) -> None:
        """Store an act on an alarm of this case. Raises NotFoundError if the referral does not exist."""
        self._add_step(alarm, involvement_id(self._session, case), step)

    def _add_step(self, alarm: str, case: int, step: AlarmStep) -> None:
        number = select(col(TopicsAskedRow.id)).where(col(TopicsAskedRow.ref) == alarm)
        self._session.add(
            AlarmStepRow(
                topics_asked_id=self._session.execute(number).scalar_one(),
                involvement_id=case,
                act=step.act.value,
                to_user=step.to,
                until=step.until,
                why=step.why,
                by=step.by,
                at=step.at,
            )
        )
        self._session.flush()

    def of(self, cases: Sequence[str], *, always: bool = False) -> dict[str, tuple[RaisedAlarm, ...]]:
        """Return by case what was answered about alarm topics since the referral, oldest first.

        A case without any is not among them. With ``always`` the database is asked the same where there is
        none: for a person who may not know of one.
        """
        if always:
            name = f"raised alarms of {','.join(cases)}"
            return once_in_reading(self._session, name, lambda: self._of(cases, always=True))
        return self._of(cases, always=False)

    def _of(self, cases: Sequence[str], *, always: bool) -> dict[str, tuple[RaisedAlarm, ...]]:
        if not cases:
            return {}
        query = (
            select(TopicsAskedRow, col(InvolvementRow.ref), class_of_report())
            .join(InvolvementRow, col(InvolvementRow.id) == col(TopicsAskedRow.involvement_id))
            .where(among(col(InvolvementRow.ref), cases))
            .order_by(col(TopicsAskedRow.id))
        )
        rows = self._session.execute(query).all()
        if not rows and not always:
            return {}
        steps, releases = self._steps(cases), Releases(self._session, cases)
        theirs = whose_of(self._session, cases)
        asked: dict[tuple[int, str], list[TopicsOfAnswer]] = {}
        for row, _, _ in rows:
            if row.answer_version is not None:
                answers = AlarmAnswers.model_validate(row.answers)
                side = row.involvement_id, row.owner
                asked.setdefault(side, []).append(TopicsOfAnswer(row.answer_version, answers))
        found: dict[str, list[RaisedAlarm]] = {}
        for row, case, release in rows:
            number = int(row.id or 0)
            opened = releases.opened(row, asked)
            whose = theirs.get(number) or Whose(
                release, released_at=opened.to_others, for_all_at=opened.to_all
            )
            if number in theirs:
                whose = whose.from_when(row.at)
            alarm = _alarm(row, case, whose, steps.get(number, ()))
            found.setdefault(case, []).append(alarm)
        return {case: tuple(alarms) for case, alarms in found.items()}

    def owner_left(self, user: str, *, by: str, at: datetime) -> tuple[str, ...]:
        """Store that a person has their alarms no longer, so they are open again; return the cases."""
        left, step = self._held_by(user), AlarmStep(act=AlarmAct.OWNER_LEFT, by=by, at=at)
        numbers = {case: number for number, case in self._numbers({each.case for each in left})}
        for each in left:
            self._add_step(each.reference, numbers[each.case], step)
        return tuple(sorted(numbers))

    def _numbers(self, cases: Collection[str]) -> list[tuple[int, str]]:
        query = select(col(InvolvementRow.id), col(InvolvementRow.ref))
        rows = self._session.execute(query.where(among(col(InvolvementRow.ref), cases)))
        return [(int(number or 0), case) for number, case in rows]

    def raised_since(self, at: datetime, *, agency: str | None, classes: Collection[int]) -> tuple[str, ...]:
        """Return the cases with a topic answered with yes since then, within this viewer's access."""
        query = (
            select(col(InvolvementRow.ref))
            .join(TopicsAskedRow, col(TopicsAskedRow.involvement_id) == col(InvolvementRow.id))
            .where(
                col(TopicsAskedRow.at) >= at,
                col(TopicsAskedRow.due_at).is_not(None),
                is_readable(agency, sorted(classes)),
            )
            .distinct()
        )
        return tuple(self._session.execute(query).scalars())

    def ever_raised(self) -> tuple[str, ...]:
        """Return every case with a topic that was answered with yes after the referral."""
        query = (
            select(col(InvolvementRow.ref))
            .join(TopicsAskedRow, col(TopicsAskedRow.involvement_id) == col(InvolvementRow.id))
            .where(col(TopicsAskedRow.due_at).is_not(None))
            .distinct()
        )
        return tuple(self._session.execute(query).scalars())

    def _held_by(self, user: str) -> list[RaisedAlarm]:
        query = (
            select(col(InvolvementRow.ref))
            .join(AlarmStepRow, col(AlarmStepRow.involvement_id) == col(InvolvementRow.id))
            .where(col(AlarmStepRow.to_user) == user)
            .distinct()
        )
        cases = list(self._session.execute(query).scalars())
        return [
            alarm
            for alarms in self.of(cases).values()
            for alarm in alarms
            if alarm.held is not None and alarm.held.to == user and alarm.done is None and alarm.ended is None
        ]

    def entered(self, cases: Sequence[str]) -> list[IncidentEntered]:
        """Return the incidents of these cases that people entered, with the first report of each."""
        if not cases:
            return []
        first = (
            select(func.min(col(IncidentReportRow.id)).label("id"))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentReportRow.involvement_id))
            .where(among(col(InvolvementRow.ref), cases), col(IncidentReportRow.referral_version).is_(None))
            .group_by(col(IncidentReportRow.incident_id))
            .subquery()
        )
        query = (
            select(
                col(InvolvementRow.ref),
                col(IncidentRow.ref),
                col(IncidentRow.kind),
                col(IncidentReportRow.owner),
                col(IncidentReportRow.told_by),
                col(IncidentReportRow.received_at),
                col(IncidentReportRow.release_class_id),
                col(IncidentReviewRow.id).is_not(None),
                select(col(TopicsAskedRow.id))
                .where(col(TopicsAskedRow.about) == col(IncidentRow.ref))
                .exists(),
                col(IncidentReportRow.crime_reference),
            )
            .join(first, first.c.id == col(IncidentReportRow.id))
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentReportRow.involvement_id))
            .outerjoin(IncidentReviewRow, col(IncidentReviewRow.incident_id) == col(IncidentRow.id))
            .order_by(col(IncidentRow.id))
        )
        return [
            IncidentEntered._make((case, ref, IncidentKind(kind), *others, incident_key(ref, crime)))
            for case, ref, kind, *others, crime in self._session.execute(query)
        ]

    def last_acted(self, references: Collection[str]) -> dict[str, datetime]:
        """Return when a person last screened, decided on or planned each of these, if ever."""
        query = (
            select(col(InvolvementRow.ref), func.max(col(MoveRow.at)))
            .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), list(references)), col(MoveRow.act).in_(_CONSIDERS))
            .group_by(col(InvolvementRow.ref))
        )
        return dict(self._session.connection().execute(query).all())

    def review_incident(self, case: str, incident: str, *, why: str, by: str, at: datetime) -> None:
        """Store that a person reviewed an incident of this case and changed nothing.

        Raises NotFoundError if the case has no such incident.
        """
        number = involvement_id(self._session, case)
        there = select(col(IncidentRow.id)).where(
            col(IncidentRow.ref) == incident, col(IncidentRow.involvement_id) == number
        )
        found = self._session.execute(there).scalar_one_or_none()
        if found is None:
            raise NotFoundError("incident", incident)
        self._session.add(IncidentReviewRow(incident_id=found, involvement_id=number, why=why, by=by, at=at))
        self._session.flush()

    def _steps(self, cases: Sequence[str]) -> dict[int, tuple[AlarmStep, ...]]:
        query = (
            select(AlarmStepRow)
            .join(InvolvementRow, col(InvolvementRow.id) == col(AlarmStepRow.involvement_id))
            .where(among(col(InvolvementRow.ref), cases))
            .order_by(col(AlarmStepRow.id))
        )
        found: dict[int, list[AlarmStep]] = {}
        for row in self._session.execute(query).scalars():
            step = AlarmStep(
                act=AlarmAct(row.act), to=row.to_user, until=row.until, why=row.why, by=row.by, at=row.at
            )
            found.setdefault(row.topics_asked_id, []).append(step)
        return {number: tuple(steps) for number, steps in found.items()}


def _alarm(row: TopicsAskedRow, case: str, whose: Whose, steps: Sequence[AlarmStep]) -> RaisedAlarm:
    """Return it; its time is counted from when the panel has it."""
    alarm = RaisedAlarm(
        reference=row.ref,
        case=case,
        door=Door(row.door),
        about=row.about,
        answers=AlarmAnswers.model_validate(row.answers),
        owner=row.owner,
        by=row.by,
        at=row.at,
        due_at=row.due_at,
        release_class=whose.release_class,
        known_to=whose.known_to,
        released_at=whose.released_at,
        for_all_at=whose.for_all_at,
        is_withheld=whose.is_withheld,
        needs=whose.needs,
        answer_version=row.answer_version,
        steps=tuple(steps),
    )
    due = due_from(row.due_at, at=row.at, told_at=alarm.told_at)
    return alarm.model_copy(update={"due_at": due})
