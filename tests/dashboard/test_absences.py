"""Each kind of absence in each sentence made from it: compared with tables that a person has read.

A type that gains an absence, or a new type with one, fails here until its words are read beside the others.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from enum import Enum

import pytest

import engine.domain
from cli.tables import alarm_in_words
from dashboard import markup, words
from dashboard.views.cases import header, listing
from dashboard.views.conference import formulation
from dashboard.views.referrals import alarms
from engine.domain.absence import YesNo
from engine.domain.cases.lists import CaseRow
from engine.domain.cases.views import AlarmView, CaseView, OutcomeView
from engine.domain.conference.risk import AgencyPosition, Position
from engine.domain.outcomes.follow_up import Measure, OutcomeFound
from engine.domain.plans.approval import Need, SafetyResult
from engine.domain.plans.views import NeedStatus, NeedView, safety_result_in_words
from engine.domain.referrals.intake import AlarmTopic, VictimPosition, VictimView
from engine.domain.responses.answers import AnswerState

ABSENT = re.compile(
    r"^(not (asked|known|recorded|checked|yet known|looked up|searched|engaging|safe|asked yet)\b|unknown|"
    r"nil return|"
    r"unable to say|none found|nothing found|could not be done|prefer not to say|no reply yet|no response|"
    r"no answer|cannot be said|unsure|withheld|items withheld|failed|refused|declined|awaited)"
)
LABELS = {
    "absence.YesNo": "Yes | No | Not known | Not asked",
    "absence.ItemState": "Present | Possible | Absent | Unknown | Not asked",
    "agencies.health.Enforced": "Yes | No | Not known | Does not apply",
    "alarms.AlarmAct": (
        "Acknowledged | Handed over | Recorded what was done | Ended without a conference | "
        "The owner left | Refused to share | Disclosed for immediate danger"
    ),
    "cases.due.Sign": "Released | Answered | Failed",
    "conference.gaps.GapKind": (
        "Not asked | Awaiting response | Overdue | Refused | Failed | Failed when asked again | "
        "Response from before the step up | Response erased | Items withheld | Incidents withheld | "
        "Match not confirmed | Alarm raised | Alarm not known | Alarm not asked | "
        "No victim's voice | Records of other forces not asked | Records not compared"
    ),
    "conference.risk.Level": "Low | Moderate | High | Unable to say | Does not apply",
    "conference.risk.HowSoon": "Within days | Within weeks | Within months | Unable to say",
    "conference.risk.Position": "Not asked | No dissent voiced | No dissent stated | Dissent",
    "errors.RecordFault": (
        "Busy | Disk full | Read-only | Not at the schema | Not reached | Damaged | "
        "A value cannot be read | Empty file | Older than an anchor | Failed"
    ),
    "links.associates.ApprovalState": (
        "Awaiting approval | Approved | Refused | Asked | Withdrawn | Expired"
    ),
    "orders.breaches.BreachResult": "Likely breach | Cannot be said | Not a breach by the facts recorded",
    "orders.breaches.Actor": (
        "The respondent | Another person, for the respondent | Another person | Not known"
    ),
    "orders.orders.OrderAct": (
        "Considered | Not sought | Sought | Interim order made | Made | Refused | Withdrawn | "
        "Hearing listed | Service attempted | Served | Varied | Renewed | Discharged | Appealed | "
        "Police notified by the respondent | New name used | Moved home | Home lost | "
        "Requirement attended | Requirement missed | Requirement not reported"
    ),
    "orders.orders.OrderState": (
        "Considered | Not sought | Sought | Interim | Granted | Refused | Withdrawn | Served | "
        "Varied | Renewed | Discharged | Expired | Appealed"
    ),
    "orders.protection.Applies": "Yes | No | Not known",
    "orders.stages.OrderStage": (
        "Considered, and not decided whether to seek it | Considered, and not sought | "
        "Sought, and not decided | Refused | Withdrawn | Granted, and service not recorded | "
        "Served, and no likely breach recorded | Likely breach, and none confirmed | Breach confirmed"
    ),
    "orders.stages.AfterService": (
        "No incident recorded | Incident, and no breach recorded | "
        "Breach reported or likely, and none confirmed | Breach confirmed | 12 months are not over | "
        "Observation ended early | Not known: not checked for 12 months, or a date is missing"
    ),
    "outcomes.agency_outcomes.OutcomesResult": (
        "Answered | Not certain which record is the person's | Nil return: no record of the person | "
        "Refused | Failed | Does not answer this question"
    ),
    "outcomes.follow_up.OutcomeFound": "Further stalking | None found | Not known",
    "outcomes.observed.Standing": (
        "Further stalking | None found | Not yet known | Not checked | Observation ended early"
    ),
    "outcomes.process.ResponseKind": "Contribution | Nil return | Refused | Failed | No response",
    "outcomes.process.Offered": (
        "Accepted | Declined | No reply yet | Offered without a recorded result | Not recorded"
    ),
    "outcomes.victims.Agreed": (
        "Agreed | Refused | Asked, no answer yet | Not asked | Not engaging | Withdrew agreement"
    ),
    "outcomes.victims.NoAnswer": "Not asked | Prefer not to say | Not known",
    "outcomes.victims.Change": "Worse | Same | Better | No answer at both",
    "people.same_person.SameVerdict": "Same | Not same | Unsure | Taken back",
    "plans.approval.SafetyResult": "Safe | Not safe | Could not be done",
    "plans.approval.WhyNot": (
        "Not in contact with services | No advocate | Not asked yet: not safe to ask | Declined | Other"
    ),
    "plans.lists.Wishes": "Followed | Departed from | Not recorded",
    "plans.views.NeedStatus": "Recorded | Signed why not | Not recorded | Does not apply",
    "referrals.arrival.ArrivalOutcome": "Found | Nothing found | Failed | Not looked up",
    "referrals.intake.VictimView": "Agrees | Objects | Not asked",
    "responses.answers.FailureReason": (
        "No answer within the time limit | The plugin stopped | The plugin raised an error | "
        "The answer broke the contract | The answer was too large | "
        "The agency's records could not be read | The agency's extract cannot be relied on | "
        "The plugin could not be started | The plugin is suspended | "
        "The plugin was exchanged meanwhile | The agency's records are in another home | "
        "The plugin does not answer this question"
    ),
    "responses.answers.AnswerState": (
        "Not asked | Awaiting response | Overdue | Prepared, waiting for release | Contribution | "
        "Nil return | Refused | Failed | Answered: ask this agency | Erased"
    ),
    "responses.held_reports.Elsewhere": "Searched | Not searched",
    "responses.proposals.ProposalOutcome": (
        "Answered | Refused | Failed | Does not answer this question | "
        "Not asked: no contribution that actions could join"
    ),
    "responses.reassessment.Compared": (
        "Same as before | Differs from before | No answer before | Failed | To be asked alone"
    ),
    "responses.voices.Agreement": "Yes | No | Not asked | Withdrawn",
    "responses.voices.OfferOutcome": "Accepted | Declined | No reply yet",
    "sharing.LedgerAct": (
        "Shared | Withheld by its owner | Withheld before release | Withdrawn | "
        "Narrowed by the victim's agreement | Refused | Corrected | Rule changed | "
        "Narrowed by the agency's own rule"
    ),
    "system.security_events.SecurityEvent": (
        "Failed sign-in | Refusal | Emergency access | Export | Verification"
    ),
    "vault.many_places.FoundReason": (
        "Needed for a task on this case | Typed by mistake | Searching for a place of the victim's | "
        "No reason was given | Not known"
    ),
}
"""By type, its values as a page shows them: read one beside the other, none passes for another."""


def _with_absence() -> dict[str, type[Enum]]:
    found = {}
    for module in pkgutil.walk_packages(engine.domain.__path__, "engine.domain."):
        for name, kind in vars(importlib.import_module(module.name)).items():
            if not (isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == module.name):
                continue
            if any(isinstance(each.value, str) and ABSENT.search(each.value) for each in kind):
                found[f"{module.name.removeprefix('engine.domain.')}.{name}"] = kind
    return found


TYPES = _with_absence()


def test_every_type_with_an_absence_is_read() -> None:
    assert set(TYPES) == set(LABELS)


@pytest.mark.parametrize("name", LABELS)
def test_each_value_of_a_type_has_its_own_label(name: str) -> None:
    labels = [words.labelled(each.value) for each in TYPES[name]]
    assert " | ".join(labels) == LABELS[name]
    assert len(set(labels)) == len(labels)


def _alarm(answer: YesNo) -> AlarmView:
    return AlarmView(
        raised=(),
        answers=dict.fromkeys(AlarmTopic, answer),
        due_at=None,
        acknowledged_by=None,
        acknowledged_at=None,
        is_past_due=False,
    )


def _position(informed: YesNo, view: VictimView) -> str:
    position = VictimPosition.model_construct(told=informed, view=view)
    return header._position_sentence(CaseView.model_construct(victim_position=position))


def _found(found: OutcomeFound) -> str:
    outcome = OutcomeView.model_construct(measure=Measure.REPORTED, found=found)
    return str(listing._followed_up(CaseRow.model_construct(outcomes=(outcome,))))


def _checked(result: SafetyResult | None) -> str:
    because = None if result in (SafetyResult.SAFE, None) else "So."
    line = NeedView(need=Need.SAFETY_CHECK, status=NeedStatus.RECORDED, result=result, because=because)
    return str(safety_result_in_words(line))


_NOT_RAISED = "No alarm was raised. No alarm does not mean low risk. Answers to 8 topics: "
SENTENCES: dict[str, tuple[Callable[..., str], dict[object, str]]] = {
    "answers to alarm topics": (
        lambda answer: _alarm(answer).answers_in_words,
        {
            YesNo.YES: "8 yes",
            YesNo.NO: "8 no",
            YesNo.NOT_KNOWN: "8 not known",
            YesNo.NOT_ASKED: "8 not asked",
        },
    ),
    "alarms in the command's list": (
        lambda answer: alarm_in_words(_alarm(answer)),
        {YesNo.NO: "8 no", YesNo.NOT_KNOWN: "8 not known", YesNo.NOT_ASKED: "8 not asked"},
    ),
    "alarms in the page's list": (
        lambda answer: str(listing._alarm(CaseRow.model_construct(alarms=_alarm(answer)))),
        {YesNo.NO: "8 no", YesNo.NOT_KNOWN: "8 not known", YesNo.NOT_ASKED: "8 not asked"},
    ),
    "alarms on a case": (
        lambda answer: alarms._stands(_alarm(answer)),
        {
            YesNo.NO: f"{_NOT_RAISED}8 no.",
            YesNo.NOT_KNOWN: f"{_NOT_RAISED}8 not known.",
            YesNo.NOT_ASKED: f"{_NOT_RAISED}8 not asked.",
        },
    ),
    "informed of the referral": (
        lambda informed: _position(informed, VictimView.AGREES),
        {
            YesNo.YES: "Informed of the referral: yes. View: agrees.",
            YesNo.NO: "Informed of the referral: no. View: agrees.",
            YesNo.NOT_KNOWN: "Informed of the referral: not known. View: agrees.",
            YesNo.NOT_ASKED: "Informed of the referral: not asked. View: agrees.",
        },
    ),
    "the victim's view": (
        lambda view: _position(YesNo.NO, view),
        {
            VictimView.AGREES: "Informed of the referral: no. View: agrees.",
            VictimView.OBJECTS: "Informed of the referral: no. View: objects.",
            VictimView.NOT_ASKED: "Informed of the referral: no. View: not asked.",
        },
    ),
    "position on a decision": (
        lambda position: (
            AgencyPosition(
                agency="harbour",
                position=position,
                by="the chair" if position is Position.NONE_VOICED else None,
            ).in_words
        ),
        {
            Position.NOT_ASKED: "position not recorded",
            Position.NONE_VOICED: "no dissent voiced when asked aloud by the chair",
            Position.NO_DISSENT: "no dissent stated",
            Position.DISSENT: "dissent",
        },
    ),
    "finding of a follow-up": (
        _found,
        {
            OutcomeFound.FURTHER_STALKING: "reported further stalking: further stalking",
            OutcomeFound.NONE_FOUND: "reported further stalking: none found",
            OutcomeFound.NOT_KNOWN: "reported further stalking: not known",
        },
    ),
    "safety check": (
        _checked,
        {
            SafetyResult.SAFE: "safe",
            SafetyResult.NOT_SAFE: "not safe: So.",
            SafetyResult.NOT_DONE: "could not be done: So.",
            None: "result not recorded",
        },
    ),
    "response in the formulation": (
        lambda state: formulation._INSTEAD[state],
        {
            AnswerState.NOT_ASKED: "Not asked",
            AnswerState.AWAITED: "Awaiting response",
            AnswerState.OVERDUE: "Overdue: no response in time",
            AnswerState.WAITING_RELEASE: "Awaiting your release. No other agency sees it.",
            AnswerState.NIL_RETURN: "Nil return: searched, nothing held",
            AnswerState.REFUSED: "Refused. The reason is below.",
            AnswerState.FAILED: "Failed: no response could be obtained. This is not a nil return.",
            AnswerState.ANSWERED_ASK_AGENCY: "Responded: ask this agency",
            AnswerState.ERASED: "Erased. This is not a nil return.",
        },
    ),
}
"""Sentences that are made from an absence: by value what they say, read by a person."""
_SAID_ELSEWHERE: dict[str, set[object]] = {
    "alarms in the command's list": {YesNo.YES},
    "alarms in the page's list": {YesNo.YES},
    "alarms on a case": {YesNo.YES},
    "response in the formulation": {AnswerState.CONTRIBUTION},
}
"""Values that have more than a sentence."""


@pytest.mark.parametrize("name", SENTENCES)
def test_every_value_appears_in_every_sentence_made_from_it(name: str) -> None:
    sentence_of, table = SENTENCES[name]
    kind = type(next(iter(table)))
    assert set(table) - {None} == set(kind) - _SAID_ELSEWHERE.get(name, set())  # type: ignore[call-overload]
    assert {value: sentence_of(value) for value in table} == table
    assert len(set(table.values())) == len(table)


def test_answers_of_several_kinds_are_each_counted() -> None:
    answers = dict(
        zip(AlarmTopic, [YesNo.NO, YesNo.NO, YesNo.NOT_KNOWN, *[YesNo.NOT_ASKED] * 5], strict=True)
    )
    view = _alarm(YesNo.NO).model_copy(update={"answers": answers})
    assert view.answers_in_words == "2 no, 1 not known, 5 not asked"


def test_each_state_of_a_response_has_its_own_tag() -> None:
    tags = [str(markup.state_tag(state)) for state in AnswerState]
    assert len(set(tags)) == len(AnswerState)
