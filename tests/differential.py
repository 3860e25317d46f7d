"""One record twice: as it is without what is hidden, and with a restricted case and an agency's own incident.

Everything else is the same.
"""

from __future__ import annotations

import atexit
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.cases.incidents import IncidentKind
from engine.domain.conference.victim_words import VictimWordsGiven
from engine.domain.drafts import DraftForm
from engine.domain.links.saved_searches import AroundQuestion, PatternQuestion
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.outcomes.victims import Topic, VictimOutcomeGiven
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.referrals.intake import AlarmTopic, Referral
from engine.domain.sharing import (
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    ReleaseClass,
    RuleGiven,
    VisibilityToOthers,
)
from engine.runtime import open_runtime
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.conference.victim_words import record_victim_words
from engine.services.links import associates_requests
from engine.services.links import register as link_register
from engine.services.links.finding_marks import mark_finding
from engine.services.links.record_requests import request_record
from engine.services.links.saved_searches import save_query
from engine.services.links.sharing import share_with
from engine.services.orders.recording import create_order
from engine.services.outcomes import follow_up
from engine.services.outcomes.victims import record_victim_outcome
from engine.services.plans import versions as plan_versions
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.sharing.incident_rules import set_incident_rule
from engine.services.sharing.release_rules import set_rule
from engine.services.vault.despair import despair_on_case, record_despair
from tests.builders import (
    AN_ORDER,
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_desk,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    approve,
    ask_all,
    in_one_entry,
    load_toys,
    type_draft,
    with_toys,
)
from tests.databases import create_database, database_of, name_database

HIDDEN: dict[str, Any] = {
    "party_works_for": YesNo.YES,
    "alarms": (AlarmTopic.WEAPON, AlarmTopic.THREAT_TO_KILL),
}
LINKED: dict[str, Any] = {
    "perpetrator_things": (
        Thing(kind=ThingKind.PHONE, value="07700 900123"),
        Thing(kind=ThingKind.VEHICLE, value="LX19 ABC"),
    ),
    "perpetrator_address": "1 High Street, ZZ1 1AA",
}
"""By these the hidden case hangs together with the other."""
TO_ASK_ABOUT = ReleaseClass(owner="harbour", audience=AudienceKind.OWNER, otherwise=VisibilityToOthers.STUB)
VIEWERS = {
    "co-ordinator": ("other", Role.COORDINATOR, None),
    "practitioner": ("outsider", Role.PRACTITIONER, "harbour"),
    "analyst": ("ana", Role.ANALYST, None),
    "manager": ("max", Role.MANAGER, None),
    "auditor": ("audrey", Role.AUDITOR, None),
    "administrator": ("adam", Role.ADMINISTRATOR, None),
}


@dataclass(frozen=True)
class TwoWorlds:
    """The same desk without and with what is hidden, who may not know of it, and what it is."""

    without: Desk
    having: Desk
    viewers: dict[str, Acting]
    shown: str
    hidden: str
    hidden_action: str
    unscreened: str


@dataclass(frozen=True)
class _Made:
    """The homes of both worlds, closed, and what is in them."""

    place: Path
    viewers: dict[str, Acting]
    shown: str
    hidden: str
    hidden_action: str
    unscreened: str


@cache
def _made_once() -> _Made:
    """Both worlds, once for each process that tests."""
    place = Path(tempfile.mkdtemp(prefix="stac-worlds-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with a_desk(place / "with") as desk:
        with_toys(desk)
        viewers = {role: desk.add(*who) for role, who in VIEWERS.items()}
        shown = _the_whole_way(desk, a_referral("1", **LINKED))
        screening.name_people(desk.context(desk.coordinator), reference=shown, people=["outsider", "ana"])
        _mark_findings(desk, "already-known")
        with in_one_entry(desk.runtime) as work:  # classes of rules are of the whole record
            work.sharing.interned(TO_ASK_ABOUT)
        desk.runtime.uow._engine.dispose()  # a database that is open cannot be copied
        _copy(desk.runtime.settings.home, place / "without")
        hidden = _the_whole_way(desk, a_referral("2", **HIDDEN, **LINKED))
        _an_incident_of_its_own(desk, shown)
        _told_the_advocate_alone(desk, shown)
        _a_note_for_the_advocate(desk, shown)
        _a_record_to_ask_about(desk, hidden)
        marked = _mark_findings(desk, "safety-measure")
        assert marked, "only with what is hidden there are these findings"
        plan = case_views.view_case(desk.context(desk.chair).with_agencies(()), reference=hidden).plan
        assert plan is not None
        (unscreened,) = desk.refer(a_referral("3", **HIDDEN, **LINKED)).referrals
        for case in (shown, hidden, unscreened):  # hidden from all but who types
            type_draft(desk, desk.chair, case, DraftForm.DECISION, "He waited at the corner.")
        _share_searches(desk, shown, viewers)
        desk.runtime.agencies.close()
        with open_runtime({"STAC_HOME": str(place / "without")}, clock=desk.clock) as runtime:
            without = Desk(runtime, desk.clock, desk.coordinator, desk.chair)
            _as_often(without, shown, looks=3 + marked)
            _share_searches(without, shown, viewers)
    return _Made(place, viewers, shown, hidden, plan.actions[0].reference, unscreened)


@contextmanager
def two_worlds(place: Path) -> Iterator[TwoWorlds]:
    """An open case that went the whole way in both; in the second a restricted one of the same people."""
    made = _made_once()
    with (
        a_desk(place / "with", like=made.place / "with") as having,
        a_desk(place / "without", like=made.place / "without") as without,
    ):
        without = replace(without, clock=having.clock)
        without.runtime.clock = having.clock
        load_toys(having)
        for name in ("agencies", "agencies_described"):
            without.runtime.__dict__[name] = having.runtime.__dict__[name]
        for desk in (having, without):
            with desk.runtime.uow.unrecorded():
                pass  # the first use of a record checks its keys: no statement of what is compared
        yield TwoWorlds(
            without=without,
            having=having,
            viewers=made.viewers,
            shown=made.shown,
            hidden=made.hidden,
            hidden_action=made.hidden_action,
            unscreened=made.unscreened,
        )


def _share_searches(desk: Desk, shown: str, viewers: Mapping[str, Acting]) -> None:
    """One who may see what is hidden shares searches that have more results for it."""
    here: dict[str, Any] = {"context": desk.context(desk.chair), "snapshots": desk.runtime.link_snapshots}
    for question in (AroundQuestion(reference=shown, hops=4), PatternQuestion(pattern="shared-object")):
        search = save_query(**here, question=question, why="For the others.")
        for role in ("co-ordinator", "practitioner", "analyst"):
            share_with(**here, reference=search.reference, recipient=viewers[role].user)


def _mark_findings(desk: Desk, reason: str) -> int:
    """Mark the findings that have no mark yet, by one who may see what is hidden from the others."""
    here: dict[str, Any] = {"context": desk.context(desk.chair), "snapshots": desk.runtime.link_snapshots}
    marks = link_register.patterns(**here).marks or {}
    fresh = [
        (key, subject)
        for key, each in marks.items()
        for subject in dict.fromkeys(each.subjects)
        if subject not in each.marked
    ]
    for key, subject in fresh:
        mark_finding(**here, pattern=key.value, subject=subject, reason=reason)
    return len(fresh)


def _an_incident_of_its_own(desk: Desk, shown: str) -> None:
    """On the case that is open to all: what one agency told, and keeps so that nobody else knows of it."""
    owner = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern")
    here: dict[str, Any] = {"context": desk.context(owner), "reference": shown}
    incident_reported = an_incident("2026-02-28", kind=IncidentKind.ENTRY, crime_reference="CR/4711")
    incident = referral_incidents.record_incident(
        **here, incident=incident_reported, kept_with_us="Told in confidence."
    )
    rule = RuleGiven(
        item=incident,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="Nobody may know that we were told.",
    )
    set_incident_rule(**here, rule=rule)


def _told_the_advocate_alone(desk: Desk, shown: str) -> None:
    """On the case that is open to all: a knife and a great fear, which the victim told the advocate alone."""
    here: dict[str, Any] = {
        "context": desk.context(Acting(user="voice-worker", role=Role.PRACTITIONER, agency="voice")),
        "reference": shown,
        "topics": {AlarmTopic.WEAPON: YesNo.YES, AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: YesNo.YES},
    }
    words = {
        "text": "He showed me a knife.",
        "manner": "in the victim's own words",
        "said_by": "the victim",
        "said_on": "2026-03-01",
        "said_to": "the advocate",
    }
    record_victim_words(**here, given=VictimWordsGiven.model_validate(words))
    account = {
        "moment": "intake",
        "agreed": "agreed",
        "asked_on": "2026-03-01",
        "answers": {Topic.FEAR: "all of the time"},
    }
    record_victim_outcome(**here, given=VictimOutcomeGiven.model_validate(account))


def _a_note_for_the_advocate(desk: Desk, shown: str) -> None:
    """On the case that is open to all: what only the victim's advocate may know of."""
    learnt_it = desk.context(Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern"))
    record_despair(learnt_it, reference=shown, what="Sees no point in waking up tomorrow.")


def _a_record_to_ask_about(desk: Desk, case: str) -> None:
    """On the hidden case one agency lets the others learn that its record exists.

    One who sees the case waits for a second person's approval of a question about a person in it.
    """
    with desk.runtime.uow.unrecorded() as work:
        person = work.people.on_cases([case])[0].reference
    associates_requests.request_associates(
        desk.context(desk.chair),
        question=associates_requests.associates_question({"of": person}),
        purpose=Task.REVIEW,
        why="For the panel.",
    )
    rule = RuleGiven(
        item=WHOLE_ANSWER,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.STUB,
        grounds=Grounds(purpose="case work"),
        why="They may ask us.",
    )
    owner = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
    set_rule(desk.context(owner), reference=case, agency="harbour", rule=rule)
    request_record(desk.context(desk.chair), reference=case, agency="harbour", purpose=Task.REVIEW)


def _as_often(without: Desk, shown: str, *, looks: int) -> None:
    """How often somebody worked a case is counted, whatever they did: here the same people only read."""
    for _ in range(looks):
        link_register.patterns(without.context(without.chair), snapshots=without.runtime.link_snapshots)
    owner = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern")
    for _ in range(2):
        case_views.view_case(without.context(owner).with_agencies(()), reference=shown)
    advocate = Acting(user="voice-worker", role=Role.PRACTITIONER, agency="voice")
    for _ in range(2):
        case_views.view_case(without.context(advocate).with_agencies(()), reference=shown)
    despair_on_case(without.context(owner), reference=shown)


def _copy(home: Path, to: Path) -> None:
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("stac.db*"))
    if (address := database_of(home)) is not None:
        name_database(to, create_database(like=address))
        return
    with (
        closing(sqlite3.connect(home / "stac.db")) as there,
        closing(sqlite3.connect(to / "stac.db")) as here,
    ):
        there.backup(here)


def _the_whole_way(desk: Desk, referral: Referral) -> str:
    """Screened, asked about, decided, planned for, and with a finding."""
    (reference,) = desk.refer(referral).referrals
    people = tuple(f"{code}-worker" for code in TOY_CODES)
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people)
    )
    ask_all(desk, reference)
    for code in TOY_CODES:
        answer_by_hand(
            desk.context(Acting(user=f"{code}-worker", role=Role.PRACTITIONER, agency=code)),
            reference=reference,
            agency=code,
            answer=a_contribution("Two calls were recorded in February."),
        )
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(
        desk.context(desk.chair), reference=reference, decision=a_decision(review_on="2026-03-02")
    )
    plan_versions.make_plan(
        desk.context(desk.chair),
        reference=reference,
        plan=a_plan(agency="harbour", due="2026-03-03"),
        agencies=TOY_CODES,
    )
    approve(desk, reference)
    finding = {
        "measure": "reported further stalking",
        "found": "none found",
        "looked_until": "2026-03-01",
        "looked_in": ["harbour"],
        "says": "Harbour's records were searched.",
    }
    follow_up.record_outcome(
        desk.context(desk.chair), reference=reference, outcome=OutcomeGiven.model_validate(finding)
    )
    create_order(desk.context(desk.chair), reference=reference, given=AN_ORDER)
    return reference


@contextmanager
def statements_of(desk: Desk) -> Iterator[list[str]]:
    """Every statement that the database is given within, in order, whatever it is about."""
    given: list[str] = []

    def note(_: object, __: object, statement: str, *more: object) -> None:
        given.append(re.sub(r"'[A-Z]-[0-9A-Z]{7}'|\b[0-9]+\b", "?", statement))

    engine = desk.runtime.uow._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield given
    finally:
        event.remove(engine, "before_cursor_execute", note)


def without_lengths(statements: list[str]) -> list[str]:
    """The same, whatever the number of values in each list."""
    of_none = r"SELECT \? FROM \(SELECT \?\) WHERE \?!=\?"
    return [
        re.sub(rf"(?i)\bIN \(({of_none}|\?(, *\?)*|'[^']*'(, *'[^']*')*)\)", "IN (?)", each)
        for each in statements
    ]
