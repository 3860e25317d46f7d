"""Lines of the chair's worklist about cases: what waits, since when, and which agency is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.access.redaction import NOTHING_TO_MASK
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.due import Waits
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.cases.worklists import LongLines, WorkItem, waits_since
from engine.domain.responses.answers import AnswerState
from engine.services.conference.due import CHAIR, about
from engine.services.due.lines import due_lines
from engine.services.responses.due_dates import returned
from engine.services.responses.views import answer_views
from engine.settings import Settings
from engine.store.unit_of_work import Work

_TASKS = {
    Act.RECORD_SAFEGUARDING: ("Record today's safeguarding", "The referral is urgent."),
    Act.DECIDE: ("Record the decision", "The conference is open."),
    Act.PLAN: ("Write the plan", "The panel has decided."),
}
"""The task of the chair for each act, and the reason. That to open the conference depends on responses."""
_MISSING = {
    AnswerState.OVERDUE: "Overdue",
    AnswerState.AWAITED: "Not due yet",
    AnswerState.FAILED: "Could not be asked, which is not a nil return",
    AnswerState.NOT_ASKED: "Not asked",
}
"""Ways of missing, in the order of the line."""
_EARLIER = "Only from before the case was stepped up"
_WITHOUT_RECORDS = {AnswerState.REFUSED: "Refused", AnswerState.NIL_RETURN: "Nil return"}
"""Responses without records to weigh."""
_NOT_ALL_COMPARED = "Nil return, with records that could not be compared"


def chair_lines(
    work: Work, acting: Acting, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown]
) -> LongLines:
    """Return what each case asks of the chair, with its due date where it has one."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        opening = {each.case for each in rows if each.about == about(each.case, Act.OPEN_CONFERENCE)}
        responses = _responses(work, opening, acting, clock, settings, agencies)
        tasks = {about(each.case, act): task for each in rows for act, task in _TASKS.items()}
        for each in rows:
            what, why = tasks.get(each.about) or ("Open the conference", said_of(responses[each.case]))
            yield WorkItem(
                reference=each.case,
                what=what,
                why=f"{why} {waits_since(each.since, on=clock.today())}",
                due_at=each.due,
                since=each.since,
                is_overdue=each.due is not None and each.due < clock.now(),
                is_alarm=False,
                kind=CHAIR.name,
            )

    return due_lines(CHAIR, work, acting, clock, write=write)


def said_of(responses: Sequence[AgencyAnswerView]) -> str:
    """Return which agencies have not responded, and which refused or hold no record: each silence apart."""
    named: dict[str, list[str]] = {
        said: [] for said in (_EARLIER, *_MISSING.values(), *_WITHOUT_RECORDS.values(), _NOT_ALL_COMPARED)
    }
    for each in responses:
        said = _EARLIER if each.before_step_up else (_MISSING | _WITHOUT_RECORDS).get(each.state)
        if said == _WITHOUT_RECORDS[AnswerState.NIL_RETURN] and each.gaps:
            said = _NOT_ALL_COMPARED
        if said is not None:
            named[said].append(each.agency_name)
    was_asked = [each for each in responses if each.state is not AnswerState.NOT_ASKED]
    if not was_asked:
        lead = "No agency was asked."
    elif any(each.before_step_up or each.state in _MISSING for each in was_asked):
        lead = "Not every agency has responded."
    elif len(was_asked) < len(responses):
        lead = "Every agency that was asked has responded."
    else:
        lead = "Every agency has responded."
    return " ".join((lead, *(f"{said}: {', '.join(names)}." for said, names in named.items() if names)))


def _responses(
    work: Work,
    cases: Collection[str],
    acting: Acting,
    clock: Clock,
    settings: Settings,
    agencies: Sequence[AgencyKnown],
) -> Mapping[str, Sequence[AgencyAnswerView]]:
    """Return the response of each agency on these cases as the chair's page of each shows it."""
    references = sorted(cases)
    if not references:
        return {}
    returns, rules = returned(work, references, settings), work.sharing.rules(references)
    stepped_up_at = work.case_clocks.stepped_up_at(references)
    return {
        case: answer_views(
            returns[case],
            agencies,
            acting=acting,
            at=clock.now(),
            conference_is_open=False,
            masker=NOTHING_TO_MASK,  # only an agency's name and the state of its response leave here
            rules=rules[case],
            is_member=True,
            stepped_up_at=stepped_up_at.get(case),
        )
        for case in references
    }
