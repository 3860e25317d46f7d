"""Reading the list of cases. Loads nothing that only a whole case needs: a command waits for that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from engine.access.policy import May, require, sees_every_open_case
from engine.access.redaction import NOTHING_TO_MASK
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.lists import CasePage, CaseRow, ResponsesRow
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.actions import OPEN_STATUSES, is_overdue
from engine.services.access.checks import known_to_exist, open_cases
from engine.services.cases import facts
from engine.services.context import Context
from engine.services.orders.in_words import orders_of_each_in_words
from engine.services.responses.due_dates import returned
from engine.services.responses.views import answer_views, held_back_of
from engine.settings import Settings
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase


def list_page(
    context: Context,
    *,
    first: int = 0,
    count: int | None = 50,
    states: Collection[State] | None = None,
    triage: Collection[TriageOutcome | None] | None = None,
) -> CasePage:
    """Return one page of the list, cut before it is counted; ``count`` None is all from ``first`` on.

    Only the rows of the page are read. What grows with the record is counting: a few milliseconds of an index
    for 100,000 referrals (``scripts/bench case_page``); a page far down the list passes over those before it.
    ``triage`` lets through what screening decided; None in it means not yet screened.
    """
    agencies = context.agencies_known
    with context.reading("list cases") as work:
        require(May.VIEW_CASE, context.acting)
        wanted = frozenset(states) if states is not None else frozenset(State)
        only = None
        if not sees_every_open_case(context.acting):
            wanted -= {State.NOT_SCREENED}
            only = work.cases.open_to(context.acting.user)
        involvements, total = work.cases.page(
            first=first,
            count=count,
            states=wanted,
            triage=triage,
            only=only,
            may_know=known_to_exist(work, context.acting),
        )
        there = open_cases(work, context.acting, involvements)
        rows = _rows(
            work,
            there,
            clock=context.clock,
            settings=context.settings,
            acting=context.acting,
            agencies=agencies,
        )
        work.notes(cases=len(rows))
    return CasePage(rows=tuple(rows), total=total, first=first)


def list_responses(context: Context, *, references: Collection[str]) -> tuple[ResponsesRow, ...]:
    """Return the responses on these involvements, of those that exist for this person, newest first."""
    agencies = context.agencies_known
    with context.reading("list cases") as work:
        require(May.VIEW_CASE, context.acting)
        there = open_cases(work, context.acting, work.cases.all(references))
        answers = _answers(
            work,
            there,
            clock=context.clock,
            settings=context.settings,
            acting=context.acting,
            agencies=agencies,
        )
        work.notes(cases=len(there))
    return tuple(
        ResponsesRow(
            reference=each.reference,
            state=each.state,
            answers=tuple(map(_without_contents, answers[each.reference])),
        )
        for each in there
    )


def _rows(
    work: Work,
    involvements: Sequence[Involvement],
    *,
    clock: Clock,
    settings: Settings,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
) -> list[CaseRow]:
    now, today = clock.now(), clock.today()
    references = [involvement.reference for involvement in involvements]
    alarms = work.alarms.many(references)
    all_answers = _answers(
        work, involvements, clock=clock, settings=settings, acting=acting, agencies=agencies
    )
    decisions = work.decisions.of(references)
    plans = work.plans.of(references)
    outcomes = work.outcomes.of(references)
    orders = orders_of_each_in_words(work, references, on=today)
    people: dict[tuple[str, ClaimedRole], PersonOnCase] = {}
    for start in range(0, len(references), 500):
        for person in work.people.on_cases(references[start : start + 500]):
            people[person.involvement, person.role] = person
    rows: list[CaseRow] = []
    for involvement in involvements:
        ref = involvement.reference
        answers = all_answers[ref]
        plan = plans.get(ref)
        live = plan.live if plan else ()
        decided = decisions[ref][-1] if decisions[ref] else None
        rows.append(
            CaseRow(
                reference=ref,
                episode=involvement.episode,
                state=involvement.state,
                triage_outcome=involvement.triage_outcome,
                warning=facts.warning_of(involvement),
                received_at=involvement.received_at,
                age_hours=facts.age_hours(involvement.received_at, now),
                alarms=facts.alarm_view(alarms[ref], now),
                perpetrator=people[ref, ClaimedRole.PERPETRATOR].described.short_name,
                perpetrator_status=people[ref, ClaimedRole.PERPETRATOR].status,
                victim=people[ref, ClaimedRole.VICTIM].described.short_name,
                victim_status=people[ref, ClaimedRole.VICTIM].status,
                answers=tuple(_without_contents(answer) for answer in answers),
                decision=decided.reference if decided else None,
                decided_at=decided.at if decided else None,
                plan=plan.reference if plan else None,
                open_actions=sum(a.status in OPEN_STATUSES for a in live),
                overdue_actions=sum(is_overdue(a.status, a.due, today) for a in live),
                orders=orders[ref],
                outcomes=tuple(o.model_copy(update={"says": o.found.value}) for o in outcomes[ref]),
                withheld=held_back_of(answers, agencies),
            )
        )
    return rows


def _answers(
    work: Work,
    involvements: Sequence[Involvement],
    *,
    clock: Clock,
    settings: Settings,
    acting: Acting,
    agencies: Sequence[AgencyKnown],
) -> dict[str, tuple[AgencyAnswerView, ...]]:
    """Return by involvement each agency's answer as this viewer may see it; none before screening."""
    references = [involvement.reference for involvement in involvements]
    returns, rules = returned(work, references, settings), work.sharing.rules(references)
    blind = NOTHING_TO_MASK
    return {
        each.reference: answer_views(
            returns[each.reference],
            agencies,
            acting=acting,
            at=clock.now(),
            conference_is_open=False,
            masker=blind,
            rules=rules[each.reference],
            is_member=True,  # a list opens nothing to emergency access
        )
        if each.is_screened
        else ()
        for each in involvements
    }


def _without_contents(answer: AgencyAnswerView) -> AgencyAnswerView:
    """Return an answer as a list shows it: its state, not its content."""
    return answer.model_copy(
        update={
            "says": answer.state.value,
            "matched_on": None,
            "match_is_confirmed": None,
            "findings": (),
            "voices": (),
            "instruments": (),
            "views": (),
            "in_own_words": (),
            "predictors": (),
            "orders": (),
            "link_evidence": (),
            "reports": None,
            "reports_elsewhere": None,
            "own_row": None,
            "records_checked": (),
            "not_reported": (),
            "gaps": (),
            "proposed_actions": (),
            "was_shown": (),
        }
    )
