"""From when an alarm is the panel's: releases of answers, what they withhold, and owners' rules.

Each question is one statement, whatever there is: it takes no longer for who may not know of an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.alarm_release import (
    ReleaseOfAnswer,
    RuleSet,
    TopicsOfAnswer,
    open_from,
    open_to_all_from,
    released_with,
)
from engine.domain.alarms import STAC_OWNER, AlarmAct, Door
from engine.domain.referrals.intake import AlarmAnswers
from engine.domain.responses.answers import Contribution, Stage
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, LedgerAct
from engine.store.among import among
from engine.store.tables.alarms import AlarmStepRow, TopicsAskedRow
from engine.store.tables.cases.incidents import (
    IncidentReportRow,
    IncidentRow,
    IncidentRuleRow,
    ReleaseClassRow,
)
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.tables.sharing import ItemRuleRow, LedgerRow

_CONTRIBUTION: str = Contribution.model_fields["kind"].default
_Side = tuple[int, str]
"""A case's number and the agency."""


class Opened(NamedTuple):
    """From when what was reported is for others than its owner, and for everyone; None while it is not."""

    to_others: datetime | None
    to_all: datetime | None

    @classmethod
    def by(cls, since: datetime | None, rules: Sequence[RuleSet]) -> Opened:
        """Return them by the rules of its owner, of what was recorded or released at that time."""
        return cls(open_from(since, rules), open_to_all_from(since, rules))


def class_of_report() -> ScalarSelect[int | None]:
    """Return the release class of what each row of topics is about, for a query of those rows."""
    report = (
        select(func.max(col(IncidentReportRow.release_class_id)).label("number"))
        .join(IncidentRow, col(IncidentRow.id) == col(IncidentReportRow.incident_id))
        .where(
            col(TopicsAskedRow.door) == Door.INCIDENT.value,
            col(IncidentRow.ref) == col(TopicsAskedRow.about),
            col(IncidentReportRow.owner) == col(TopicsAskedRow.owner),
        )
        .correlate(TopicsAskedRow)
        .scalar_subquery()
    )
    answer = (
        select(col(ItemRuleRow.release_class_id))
        .join(RequestRow, col(RequestRow.id) == col(ItemRuleRow.request_id))
        .where(
            col(TopicsAskedRow.door) == Door.RESPONSE.value,
            col(RequestRow.involvement_id) == col(TopicsAskedRow.involvement_id),
            col(RequestRow.agency) == col(TopicsAskedRow.owner),
            col(ItemRuleRow.item) == WHOLE_ANSWER,
        )
        .order_by(col(ItemRuleRow.id).desc())
        .limit(1)
        .correlate(TopicsAskedRow)
        .scalar_subquery()
    )
    return select(func.coalesce(report, answer)).correlate(TopicsAskedRow).scalar_subquery()


def is_readable(agency: str | None, classes: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that someone of this agency, or of none, may know of what a row of topics raised.

    Of an answer only what was asked about the release itself counts here, or what its own agency asked.
    """
    released = (
        select(col(AnswerRow.id))
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .where(
            col(RequestRow.involvement_id) == col(TopicsAskedRow.involvement_id),
            col(RequestRow.agency) == col(TopicsAskedRow.owner),
            col(AnswerRow.version) == col(TopicsAskedRow.answer_version),
            col(AnswerRow.stage) == Stage.RELEASED.value,
            col(AnswerRow.kind) == _CONTRIBUTION,
        )
        .correlate(TopicsAskedRow)
        .exists()
    )
    disclosed = (
        select(col(AlarmStepRow.id))
        .where(
            col(AlarmStepRow.topics_asked_id) == col(TopicsAskedRow.id),
            col(AlarmStepRow.act) == AlarmAct.DISCLOSED.value,
        )
        .correlate(TopicsAskedRow)
        .exists()
    )
    number = class_of_report()
    in_class = or_(number.is_(None), number.in_(list(classes)))
    is_out = or_(col(TopicsAskedRow.door) != Door.RESPONSE.value, released)
    return or_(col(TopicsAskedRow.owner) == (agency or ""), and_(in_class, is_out), disclosed)


class Releases:
    """The releases and rules that alarms of some cases depend on."""

    def __init__(self, session: Session, cases: Sequence[str]) -> None:
        """Read them: three statements."""
        self._answers = _released(session, cases)
        self._of_answers = _answer_rules(session, cases)
        self._of_incidents = _incident_rules(session, cases)

    def opened(self, row: TopicsAskedRow, asked: Mapping[_Side, Sequence[TopicsOfAnswer]]) -> Opened:
        """Return from when what was reported is for others than its owner."""
        match row.door:
            case Door.INCIDENT.value if row.owner != STAC_OWNER:
                return Opened.by(row.at, self._of_incidents.get((row.about, row.owner), ()))
            case Door.RESPONSE.value:
                side, version = (row.involvement_id, row.owner), row.answer_version or 0
                raised = AlarmAnswers.model_validate(row.answers).raised
                released = released_with(version, raised, self._answers.get(side, ()), asked.get(side, ()))
                since = None if released is None else max(released, row.at)
                return Opened.by(since, self._of_answers.get(side, ()))
            case _:
                return Opened.by(row.at, ())


def _released(session: Session, cases: Sequence[str]) -> dict[_Side, list[ReleaseOfAnswer]]:
    struck, prepared = aliased(AnswerRow), aliased(AnswerRow)
    # What was withheld from a release is not in what was made of it later either.
    is_cut = (
        select(col(LedgerRow.id))
        .join(
            struck,
            and_(
                col(struck.request_id) == col(LedgerRow.request_id),
                col(struck.version) == col(LedgerRow.version),
            ),
        )
        .where(
            col(LedgerRow.request_id) == col(AnswerRow.request_id),
            col(LedgerRow.act) == LedgerAct.STRUCK.value,
            col(struck.prepared_version) == col(AnswerRow.prepared_version),
        )
        .correlate(AnswerRow)
        .exists()
    )
    is_same = (
        select(col(prepared.id))
        .where(
            col(prepared.request_id) == col(AnswerRow.request_id),
            col(prepared.version) == col(AnswerRow.prepared_version),
            col(prepared.author) == col(AnswerRow.author),
        )
        .correlate(AnswerRow)
        .exists()
    )
    query = (
        select(
            col(RequestRow.involvement_id),
            col(RequestRow.agency),
            col(AnswerRow.version),
            col(AnswerRow.at),
            col(AnswerRow.prepared_version),
            and_(is_same, ~is_cut),
        )
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(
            among(col(InvolvementRow.ref), cases),
            col(AnswerRow.stage) == Stage.RELEASED.value,
            col(AnswerRow.kind) == _CONTRIBUTION,
            _asks(col(RequestRow.agency)),
        )
        .order_by(col(AnswerRow.id))
    )
    found: dict[_Side, list[ReleaseOfAnswer]] = {}
    for number, agency, version, at, of_prepared, is_whole in session.execute(query):
        release = ReleaseOfAnswer(version, at, of_prepared, bool(is_whole))
        found.setdefault((number, agency), []).append(release)
    return found


def _asks(agency: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Return the condition that topics were asked about an answer of this agency on the case."""
    return (
        select(col(TopicsAskedRow.id))
        .where(
            col(TopicsAskedRow.involvement_id) == col(InvolvementRow.id),
            col(TopicsAskedRow.door) == Door.RESPONSE.value,
            col(TopicsAskedRow.owner) == agency,
        )
        .correlate(InvolvementRow, RequestRow)
        .exists()
    )


def _answer_rules(session: Session, cases: Sequence[str]) -> dict[_Side, list[RuleSet]]:
    query = (
        select(
            col(RequestRow.involvement_id),
            col(RequestRow.agency),
            col(ItemRuleRow.at),
            col(ReleaseClassRow.audience),
        )
        .join(RequestRow, col(RequestRow.id) == col(ItemRuleRow.request_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(ItemRuleRow.release_class_id))
        .where(
            among(col(InvolvementRow.ref), cases),
            col(ItemRuleRow.item) == WHOLE_ANSWER,
            _asks(col(RequestRow.agency)),
        )
        .order_by(col(ItemRuleRow.id))
    )
    found: dict[_Side, list[RuleSet]] = {}
    for number, agency, at, audience in session.execute(query):
        found.setdefault((number, agency), []).append(_rule(at, audience))
    return found


def _incident_rules(session: Session, cases: Sequence[str]) -> dict[tuple[str, str], list[RuleSet]]:
    query = (
        select(
            col(IncidentRow.ref),
            col(IncidentRuleRow.owner),
            col(IncidentRuleRow.at),
            col(ReleaseClassRow.audience),
        )
        .join(IncidentRow, col(IncidentRow.id) == col(IncidentRuleRow.incident_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRuleRow.involvement_id))
        .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(IncidentRuleRow.release_class_id))
        .where(among(col(InvolvementRow.ref), cases))
        .order_by(col(IncidentRuleRow.id))
    )
    found: dict[tuple[str, str], list[RuleSet]] = {}
    for incident, owner, at, audience in session.execute(query):
        found.setdefault((incident, owner), []).append(_rule(at, audience))
    return found


def _rule(at: datetime, audience: str) -> RuleSet:
    return RuleSet(at, audience == AudienceKind.OWNER.value, audience == AudienceKind.PANEL.value)
