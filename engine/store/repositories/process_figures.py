"""Facts of each case for figures over all cases, in a few statements whatever their number.

Restricted cases are left out for every user. Reads no text and no name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.clock import LONDON
from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.outcomes.process import Offered
from engine.domain.responses.answers import DomainView, Stage
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.repositories.plans.action_rows import report_on
from engine.store.tables.cases.involvements import ConferenceRow, InvolvementRow, ScreeningRow
from engine.store.tables.conference import DecisionRow, DissentRow
from engine.store.tables.plans import ActionRow, ActionVersionRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow


class CaseDates(NamedTuple):
    """When a case arrived, and when it was first screened and first in conference, if it was."""

    case: str
    triage: TriageOutcome | None
    received_at: datetime
    screened_at: datetime | None
    conference_at: datetime | None


class RequestFact(NamedTuple):
    """A request to an agency: when it was due, the first good response, and the kind of the newest."""

    case: str
    agency: str
    asked_at: datetime
    due_at: datetime
    first_good_at: datetime | None
    newest_kind: str | None
    newest_content: Mapping[str, object]
    """Instruments, views and the offer of an advocate of the newest response, and nothing else of it."""

    def views(self) -> list[DomainView]:
        """Return the views of its professionals on the domains of risk."""
        return [DomainView.model_validate(each) for each in _listed(self.newest_content.get("views"))]


class MinutesSpent(NamedTuple):
    """Minutes that an agency reported for an action of a case; dated by the report if not given."""

    case: str
    agency: str
    spent_on: date
    minutes: int | None
    is_reported: bool
    reported_at: datetime


_GOOD = ("contribution", "nil return", "refused")


class ProcessFigures:
    """Reads cases, requests, dissent and minutes for figures."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def dates(self) -> tuple[CaseDates, ...]:
        """Return the dates of every case, the unscreened ones too."""
        screened = (
            select(col(ScreeningRow.involvement_id), func.min(ScreeningRow.at).label("at"))
            .group_by(col(ScreeningRow.involvement_id))
            .subquery()
        )
        opened = (
            select(col(ConferenceRow.involvement_id), func.min(ConferenceRow.opened_at).label("at"))
            .group_by(col(ConferenceRow.involvement_id))
            .subquery()
        )
        rows = self._session.execute(
            select(
                col(InvolvementRow.ref),
                col(InvolvementRow.triage_outcome),
                col(InvolvementRow.received_at),
                screened.c.at,
                opened.c.at,
            )
            .outerjoin(screened, screened.c.involvement_id == col(InvolvementRow.id))
            .outerjoin(opened, opened.c.involvement_id == col(InvolvementRow.id))
            .where(not_restricted(col(InvolvementRow.id)))
            .order_by(col(InvolvementRow.ref))
        ).all()
        return tuple(
            CaseDates(case, TriageOutcome(triage) if triage else None, received, screened_at, opened_at)
            for case, triage, received, screened_at, opened_at in rows
        )

    def requests(self) -> tuple[RequestFact, ...]:
        """Return every request, with what is counted of the newest released response to it."""
        asked = self._session.execute(
            select(
                col(RequestRow.id),
                col(InvolvementRow.ref),
                col(RequestRow.agency),
                col(RequestRow.asked_at),
                col(RequestRow.due_at),
            )
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(not_restricted(col(InvolvementRow.id)))
        ).all()
        content = col(AnswerRow.content)
        released = self._session.execute(
            select(
                col(AnswerRow.request_id),
                col(AnswerRow.kind),
                col(AnswerRow.at),
                content["instruments"].as_json(),
                content["views"].as_json(),
                content["advocate_offered"].as_json(),
            )
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(
                col(AnswerRow.stage) == Stage.RELEASED.value, not_restricted(col(RequestRow.involvement_id))
            )
            .order_by(col(AnswerRow.version))
        ).all()
        first_good: dict[int, datetime] = {}
        newest: dict[int, tuple[str, Mapping[str, object]]] = {}
        for request, kind, at, instruments, views, offered in released:
            if kind in _GOOD:
                first_good.setdefault(request, at)
            elif request in first_good:
                continue  # a failure does not hide an earlier good response
            newest[request] = (
                kind,
                {"instruments": instruments or [], "views": views or [], "advocate_offered": offered},
            )
        nothing: tuple[None, Mapping[str, object]] = (None, {})
        return tuple(
            RequestFact(
                case,
                agency,
                asked_at,
                due_at,
                first_good.get(number or 0),
                *newest.get(number or 0, nothing),
            )
            for number, case, agency, asked_at, due_at in asked
        )

    def dissent(self) -> dict[str, bool]:
        """Return, by case with a decision, whether an agency dissented from the newest one."""
        dissented = select(col(DissentRow.decision_id))
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(DecisionRow.id).in_(dissented))
            .join(DecisionRow, col(DecisionRow.involvement_id) == col(InvolvementRow.id))
            .where(not_restricted(col(InvolvementRow.id)))
            .order_by(col(DecisionRow.version))
        ).all()
        return {case: bool(has_dissent) for case, has_dissent in rows}

    def minutes(self) -> tuple[MinutesSpent, ...]:
        """Return what the report that applies says of each action: the minutes, or that none are recorded."""
        rows = self._session.execute(
            select(
                col(InvolvementRow.ref),
                col(ActionVersionRow.action_id),
                col(ActionVersionRow.version),
                col(ActionVersionRow.agency),
                col(ActionVersionRow.is_report),
                col(ActionVersionRow.restores),
                col(ActionVersionRow.done_on),
                col(ActionVersionRow.minutes),
                col(ActionVersionRow.at),
            )
            .join(ActionRow, col(ActionRow.id) == col(ActionVersionRow.action_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ActionRow.involvement_id))
            .where(not_restricted(col(InvolvementRow.id)), col(ActionVersionRow.is_report).is_(True))
            .order_by(col(ActionVersionRow.action_id), col(ActionVersionRow.version))
        ).all()
        by_action: dict[int, list[_Reported]] = defaultdict(list)
        for case, action, *rest in rows:
            by_action[action].append(_Reported(case, *rest))
        applying = [report_on(reports) for reports in by_action.values()]
        return tuple(
            MinutesSpent(
                each.case,
                each.agency,
                each.done_on or each.at.astimezone(LONDON).date(),
                each.minutes,
                is_reported=True,
                reported_at=each.at,
            )
            for each in applying
            if each is not None
        )


class _Reported(NamedTuple):
    case: str
    version: int
    agency: str
    is_report: bool | None
    restores: int | None
    done_on: date | None
    minutes: int | None
    at: datetime


def items_in(facts: Sequence[RequestFact]) -> dict[ItemState, int]:
    """Return how many items of questionnaires in these responses have each state."""
    found: Counter[ItemState] = Counter()
    for fact in facts:
        for instrument in _listed(fact.newest_content.get("instruments")):
            for item in _listed(instrument.get("items")):
                found[ItemState(str(item["state"]))] += 1
    return dict(found)


def offer_in(facts: Sequence[RequestFact]) -> Offered:
    """Return what these responses record of the offer of an advocate: an acceptance before any other."""
    offers = [
        offer for fact in facts if isinstance(offer := fact.newest_content.get("advocate_offered"), dict)
    ]
    results = {Offered(offer["came_to"]) if offer.get("came_to") else Offered.NO_RESULT for offer in offers}
    return next((each for each in Offered if each in results), Offered.NOT_RECORDED)


def _listed(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
