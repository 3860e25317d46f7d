"""Plays a case through services, command and pages, by the clock of the desk, and views it in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, assert_never

import pytest

from dashboard.pages import Place
from engine import runtime as opening
from engine.domain.accounts.acting import Acting, Role
from engine.domain.base import Frozen
from engine.domain.cases.band import Tone, tone_of
from engine.domain.cases.incidents import IncidentReported
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.police_decisions import PoliceDecisionGiven
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import DetailsGiven, IncidentDetails
from engine.domain.orders.notices import AttemptGiven, NoticeGiven, Through
from engine.domain.orders.orders import OrderAct, StepGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Contribution, Finding, MatchBasis, NilReturn
from engine.domain.responses.held_reports import HeldReport
from engine.domain.responses.reported import RecordPointer
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.conference.decisions import decide, open_conference
from engine.services.conference.victim_words import record_victim_words
from engine.services.orders.notices import record_notice, try_notice
from engine.services.orders.recording import create_order, record_step
from engine.services.outcomes.victims import record_victim_outcome
from engine.services.people.same_person import judge_same
from engine.services.plans.reviews import record_custody_change, record_police_decision
from engine.services.referrals.files import read_and_import
from engine.services.referrals.incidents import (
    record_details,
    record_incident,
    record_topics,
    review_incident,
)
from engine.services.referrals.screening import acknowledge_alarm, end_involvement, screen
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.requests import open_requests
from tests.builders import Desk, a_decision, a_screening, say_whose
from tests.cli.command import Stac, a_file
from tests.dashboard.visits import Visits
from tests.reviews import case_files as files
from tests.reviews.case_files import EVENT_AT, LOOK_AT, CaseFile, Event, Look
from tests.reviews.fragments import plain

AGENCY_OF = {"police": "police", "probation": "probation", "health": "health", "advocate": "advocacy"}
"""The agency of each practitioner who plays."""


class FactRead(Frozen):
    """A plain fact, as the view of a case has it."""

    kind: str
    says: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A case as one person viewed it at one moment."""

    facts: tuple[FactRead, ...]
    tone: Tone
    band: str
    raised: frozenset[AlarmTopic]
    worklist: str
    command: str
    page: str = ""


@dataclass
class Played:
    """A case that was played: what each id became, and what was seen at each look."""

    reference_of: dict[str, str] = field(default_factory=dict)
    seen: dict[Look, Seen] = field(default_factory=dict)


@dataclass
class Player:
    """A desk with everyone at it who acts in a case."""

    desk: Desk
    visits: Visits
    folder: Path
    played: Played = field(default_factory=Played)
    people: dict[str, Acting] = field(default_factory=dict)
    stac: Stac = field(init=False)

    def __post_init__(self) -> None:
        """Add a practitioner of each agency."""
        self.stac = Stac(self.desk.runtime.settings.home)
        self.people = {"coordinator": self.desk.coordinator, "chair": self.desk.chair}
        for name, agency in AGENCY_OF.items():
            self.people[name] = self.desk.add(f"{agency}-1", Role.PRACTITIONER, agency)

    def play(self, case: CaseFile) -> Played:
        """Play every event at its time, and view the case at the time of each expectation."""
        steps: list[tuple[Any, int, Callable[[], None]]] = []
        for event in case.event:
            steps.append((event.instant(EVENT_AT), 0, partial(self._event, event)))
        for look in {_look_of(each): None for each in (*case.expect, *case.never)}:
            steps.append((look.instant(LOOK_AT), 1, partial(self._look, look)))
        with pytest.MonkeyPatch.context() as patched:
            at_desk = partial(opening.open_runtime, clock=self.desk.clock)
            patched.setattr(opening, "open_runtime", at_desk)  # the command has the desk's time
            for at, _, step in sorted(steps, key=lambda each: each[:2]):
                self.desk.clock.move_to(at)
                step()
        return self.played

    def _event(self, event: Event) -> None:
        say_whose(event.model_dump_json())
        try:
            became = self._became(event)
        except Exception as error:
            error.add_note(f"event {event.id} of {event.on}")
            raise
        self.played.reference_of[event.id] = became or ""

    def _became(self, event: Event) -> str | None:
        """Play one event; the reference of what it made, if it has one."""
        if isinstance(event, files.ReferralCame):
            return self._refer(event)
        case = self.played.reference_of[event.case]
        by = self.people[event.by]
        on_case: dict[str, Any] = {"context": self.desk.context(by), "reference": case}
        match event:
            case files.Screened():
                others = tuple(each.user for each in self.people.values())
                given = a_screening(event.outcome, reason=event.reason, people=others)
                screen(**on_case, screening=given)
            case files.IncidentRecorded():
                return self._record(event, on_case)
            case files.TopicsRecorded():
                record_topics(**on_case, incident=self._named(event.incident), topics=event.topics)
            case files.DetailsRecorded():
                details = IncidentDetails(time=event.time, actor=event.actor, reached=event.reached)
                incident = self._named(event.incident)
                record_details(**on_case, incident=incident, given=DetailsGiven(details=details))
            case files.IncidentReviewed():
                review_incident(**on_case, incident=self._named(event.incident), why=event.why)
            case files.Acknowledged(through="page"):
                self.visits(by, Place.CASE, case).press(f"take-up-{case}")
            case files.Acknowledged():
                acknowledge_alarm(**on_case)
            case files.CustodyChanged(through="command"):
                self._command("case", "custody", case, event.change.value, "--on", str(event.happened), by=by)
            case files.CustodyChanged():
                record_custody_change(**on_case, change=event.change, on=event.happened)
            case files.OrderRecorded():
                return create_order(**on_case, given=event.order).reference
            case files.OrderServed():
                step = StepGiven(act=OrderAct.SERVED, on=event.happened, how=event.how)
                record_step(self.desk.context(by), order=self._named(event.order), step=step)
            case files.PoliceDecided():
                named = {"incident": self._named(event.incident)}
                copied = event.model_dump(include={"action", "decided_on", "decided_by", "why"})
                record_police_decision(
                    **on_case, decision=PoliceDecisionGiven.model_validate({**named, **copied})
                )
            case files.NoticeDue():
                notice = NoticeGiven(event=event.event, on=event.happened)
                return str(record_notice(**on_case, notice=notice).number)
            case files.NoticeTried():
                attempt = AttemptGiven(
                    reached=event.reached,
                    through=Through.ADVOCATE,
                    on=event.day,
                    at_time=f"{event.instant(EVENT_AT):%H:%M}",
                    why_not=event.why_not,
                )
                try_notice(**on_case, number=int(self._named(event.notice)), attempt=attempt)
            case files.VictimSpoke():
                record_victim_words(**on_case, given=event.words, topics=event.topics)
            case files.VictimAccount():
                record_victim_outcome(**on_case, given=event.account)
            case files.AgenciesAsked():
                open_requests(**on_case)
            case files.Responded():
                answer_by_hand(**on_case, agency=AGENCY_OF[event.by], answer=_answer(event))
            case files.PanelDecided():
                open_conference(**on_case)
                decide(**on_case, decision=a_decision(event.level))
            case files.CaseClosed():
                end_involvement(**on_case, act=Act.CLOSE, why=event.why)
            case files.SamePersonJudged():
                one, other = (self._perpetrator(each) for each in (event.case, event.other))
                judge_same(self.desk.context(by), one=one, other=other, verdict=event.verdict, why=event.why)
            case _:
                assert_never(event)
        return None

    def _named(self, event: str) -> str:
        return self.played.reference_of[event]

    def _perpetrator(self, referral: str) -> str:
        context = self.desk.context(self.desk.chair)
        return view_case(context, reference=self._named(referral)).perpetrator.reference

    def _command(self, *given: str, by: Acting) -> dict[str, Any]:
        made: dict[str, Any] = self.stac.json(*given, user=by.user)
        return made

    def _refer(self, event: files.ReferralCame) -> str:
        """Import a referral from a file: its incidents are those that the case then has, by their details."""
        cells = {
            f"incident_{place}_{column}": value
            for place, each in enumerate(event.incidents, start=1)
            for column, value in _cells(each).items()
        }
        row = {"source": "example-referrer", "source_reference": event.id, **event.row, **cells}
        file = a_file(self.folder / f"{event.id}.csv", row)
        by = self.people[event.by]
        if event.through == "command":
            (reference,) = self._command("referral", "import", file, by=by)["referrals"]
        else:
            (reference,) = read_and_import(self.desk.context(by), path=Path(file)).referrals
        there = view_case(self.desk.context(by), reference=reference).incidents
        by_details = {report.what: each.reference for each in there for report in each.reports}
        for each in event.incidents:
            self.played.reference_of[each.id] = by_details[each.what]
        return str(reference)

    def _record(self, event: files.IncidentRecorded, on_case: Mapping[str, Any]) -> str:
        happened = event.happened or event.day
        if event.through == "service":
            incident = IncidentReported(
                happened=PartialDate.of(happened),
                kind=event.kind,
                channel=event.channel,
                what=event.what,
                crime_reference=event.crime_reference,
            )
            return record_incident(
                **on_case, incident=incident, topics=event.topics, kept_with_us=event.only_my_agency
            )
        given = {
            "--kind": event.kind.value,
            "--on": str(happened),
            "--channel": event.channel and event.channel.value,
            "--what": event.what,
            "--crime-reference": event.crime_reference,
            "--only-my-agency": event.only_my_agency,
        }
        options = [part for option, value in given.items() if value for part in (option, value)]
        for topic, answer in event.topics.items():
            options += ["--topic", f"{topic.value}={answer.value}"]
        case, by = on_case["reference"], self.people[event.by]
        return str(self._command("incident", "create", case, *options, by=by)["incident"])

    def _look(self, look: Look) -> None:
        who, case = self.people[look.who], self.played.reference_of[look.case]
        view = view_case(self.desk.context(who), reference=case)
        command = self.stac("case", "show", case, user=who.user)
        assert command.code == 0, command
        lines = [each for each in worklist(self.desk.context(who)).items if each.reference == case]
        self.played.seen[look] = Seen(
            facts=facts_of(view),
            tone=tone_of(view.band),
            band=plain(" ".join(piece.says for piece in view.band)),
            raised=frozenset(topic for each in view.alarms_since for topic in each.raised),
            worklist=plain(". ".join(f"{each.what}: {each.why}" for each in lines)),
            command=plain(command.out),
            page=plain(self.visits(who, Place.CASE, case).words) if look.on_page else "",
        )


def facts_of(view: CaseView) -> tuple[FactRead, ...]:
    """The plain facts of a view, none before it has any."""
    return tuple(
        FactRead(kind=str(each.kind), says=each.says, records=tuple(each.records))
        for each in getattr(view, "facts", ())
    )


def _look_of(look: Look) -> Look:
    """The bare look, by which what was seen is found again."""
    return Look(on=look.on, who=look.who, case=look.case, on_page=look.on_page)


def seen_at(played: Played, look: Look) -> Seen:
    """What was seen at the look of an expectation."""
    return played.seen[_look_of(look)]


def _cells(incident: files.IncidentOfReferral) -> dict[str, str]:
    return {
        "date": incident.date.isoformat(),
        "kind": incident.kind.value,
        "channel": incident.channel.value if incident.channel else "",
        "what": incident.what,
        "crime_reference": incident.crime_reference or "",
    }


def _held(place: int, report: files.ReportReleased) -> HeldReport:
    record = RecordPointer(record=f"R-{place}", kind="report", dated=report.happened)
    return HeldReport(key=f"report-{place}", records=(record,), **dict(report))


def _answer(event: files.Responded) -> Contribution | NilReturn:
    if not event.findings and not event.in_own_words:
        return NilReturn(looked_in=("the agency's own records",), says="The records searched have no entry.")
    findings = tuple(
        Finding(
            key=each.key,
            says=each.says,
            records=tuple(
                RecordPointer(record=f"{each.key}-{place}", kind="report", dated=dated)
                for place, dated in enumerate(each.reports, start=1)
            ),
        )
        for each in event.findings
    )
    return Contribution(
        matched_on=MatchBasis(says="by PNC ID", confirmed=True),
        findings=findings,
        reports=tuple(_held(place, each) for place, each in enumerate(event.held, start=1)) or None,
        in_own_words=event.in_own_words,
    )
