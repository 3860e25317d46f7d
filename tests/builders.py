"""Builders that show only what matters to a test, and a desk with people at it."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.access.marks import marks_of
from engine.clock import SetClock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, User, flow_acting
from engine.domain.cases.incidents import Channel, IncidentKind, IncidentReported
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import Confidence, Decision, Domain, Judgement, Level
from engine.domain.dates import PartialDate
from engine.domain.drafts import DraftForm
from engine.domain.orders.orders import OrderGiven
from engine.domain.people.persons import Identifier, IdentifierScheme, PersonDescribed
from engine.domain.plans.actions import PlanGiven, PlannedAction
from engine.domain.plans.approval import AcceptedConflict, ApprovalGiven, Need, StoredNeed, WhyNot
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic, ProtectedKind, ProtectedValue, Referral
from engine.domain.referrals.screening import FourAnswer, FourItem, FourQuestion, RedirectTo, Screening
from engine.domain.responses.answers import Contribution, Finding, MatchBasis, NilReturn, Refused
from engine.domain.responses.reported import RecordPointer
from engine.domain.system.submissions import Submission
from engine.domain.vault.marks import MarkOf
from engine.exchange.rows import ReferralRow
from engine.runtime import Runtime, initialise, open_runtime
from engine.services.accounts import users
from engine.services.context import AgencyContext
from engine.services.drafts import open_draft, save_draft
from engine.services.plans.approval import approve_plan
from engine.services.plans.conflicts import conflicts_on
from engine.services.referrals.imports import ImportReport, import_referrals
from engine.services.responses import requests as response_requests
from engine.store.unit_of_work import Work
from tests.databases import (
    POSTGRESQL,
    SQLITE,
    add_settings,
    chosen_database,
    copy_home,
    create_database,
    name_database,
)
from tests.prepared import number, prepared

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AN_ORDER = OrderGiven.model_validate({"type": "spo", "made": "2026-03-01", "years": 2})
SAFE_HOUSE = "14 Larkfield Passage, ZZ99 3QX"
SAFE_PHONE = "07700 900417"
COORDINATOR = User(name="cora", display_name="Cora", role=Role.COORDINATOR)
CHAIR = User(name="chair", display_name="chair", role=Role.CHAIR)


def an_incident(day: str = "2026-02-20", **changes: object) -> IncidentReported:
    """One incident."""
    given: dict[str, object] = {
        "happened": PartialDate(day),
        "kind": IncidentKind.LOITERING,
        "channel": Channel.IN_PERSON,
        "what": "Stood outside for an hour.",
        **changes,
    }
    return IncidentReported.model_validate(given)


def a_person(forename: str = "Daniel", surname: str = "Roe", pnc: str | None = None) -> PersonDescribed:
    """One person as a source described them."""
    numbers = (Identifier(scheme=IdentifierScheme.PNC, value=pnc),) if pnc else ()
    return PersonDescribed(
        forename=forename, surname=surname, date_of_birth=PartialDate("1988-04-09"), identifiers=numbers
    )


def a_referral(
    number: str = "1",
    *,
    alarms: tuple[AlarmTopic, ...] = (),
    perpetrator: PersonDescribed | None = None,
    victim: PersonDescribed | None = None,
    **changes: object,
) -> Referral:
    """One referral by the invented borough desk."""
    given: dict[str, object] = {
        "source": "borough-desk",
        "source_reference": number,
        "reason": "Repeated unwanted contact since the separation.",
        "relationship": "former partner",
        "perpetrator": perpetrator or a_person(pnc="2001/0000123Y"),
        "victim": victim or a_person("Amira", "Kent", pnc="2003/0000456Q"),
        "alarms": AlarmAnswers(answers=dict.fromkeys(alarms, YesNo.YES)),
        "incidents": (an_incident(), an_incident("2026-02-27", kind=IncidentKind.CONTACTING)),
        "protected": (
            ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),
            ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),
        ),
        **changes,
    }
    return Referral.model_validate(given)


def a_screening(outcome: TriageOutcome = TriageOutcome.CONFERENCE, **changes: object) -> Screening:
    """One screening that sends the referral where it is told to."""
    given: dict[str, object] = {
        "four": tuple(FourItem(question=q, answer=FourAnswer.YES) for q in FourQuestion),
        "outcome": outcome,
        "reason": "A course of conduct against a former partner.",
        **changes,
    }
    if outcome is TriageOutcome.URGENT:
        given.setdefault("safeguarding", "Locks changed today; officer calls at six.")
    if outcome is TriageOutcome.REDIRECT:
        given.setdefault("redirect_to", RedirectTo.MARAC)
    return Screening.model_validate(given)


def a_contribution(*sentences: str, **changes: object) -> Contribution:
    """One contribution with these findings."""
    given: dict[str, object] = {
        "matched_on": MatchBasis(says="by PNC ID", confirmed=True),
        "findings": tuple(
            Finding(
                key=f"finding-{n}", says=sentence, records=(RecordPointer(record=f"R{n}", kind="record"),)
            )
            for n, sentence in enumerate(sentences or ("Two reports were held.",), start=1)
        ),
        **changes,
    }
    return Contribution.model_validate(given)


def a_decision(level: Level = Level.HIGH, **changes: object) -> Decision:
    """One decision with the same word on each domain."""
    given: dict[str, object] = {
        "judgements": tuple(
            Judgement(
                domain=domain,
                level=level,
                reasons="The contact goes on after an arrest.",
                settled="The newest report weighed most.",
            )
            for domain in Domain
        ),
        "summary": "The panel plans for safety and an order.",
        "confidence": Confidence.MODERATE,
        "alternatives": "A warning was considered.",
        **changes,
    }
    return Decision.model_validate(given)


def a_plan(*, agency: str, due: str = "2026-03-20", base_version: int = 0) -> PlanGiven:
    """One plan with one action."""
    action = PlannedAction.model_validate(
        {"what": "Apply for an order.", "agency": agency, "owner": "A. Officer", "due": due}
    )
    return PlanGiven(actions=(action,), reason="Agreed at the conference.", base_version=base_version)


def an_urgent_action(agency: str, what: str = "Change the locks today.", **changes: object) -> PlannedAction:
    """One urgent safety action."""
    given = {"what": what, "agency": agency, "owner": "A. Officer", "due": "2026-03-20", "is_urgent": True}
    return PlannedAction.model_validate({**given, **changes})


def sign_all_needs(desk: Desk, reference: str, *, by: Acting) -> int:
    """The number of a plan's newest version, for which this person signs all that an approval needs."""
    with in_one_entry(desk.runtime) as work:
        work.touches(reference)
        version = work.plans.of([reference])[reference].version
        for need in Need:
            signed = StoredNeed(
                need=need,
                plan_version=version,
                why_not=WhyNot.OTHER,
                says="Not asked in a test.",
                by=by.user,
                agency=None,
                at=desk.clock.now(),
            )
            work.plan_approvals.add_need(reference, signed)
    return version


def approve(desk: Desk, reference: str, *, by: Acting | None = None) -> int:
    """The newest version of a plan, approved by the chair, who signs for all that is missing of the gate."""
    chair = by or desk.chair
    version = sign_all_needs(desk, reference, by=chair)
    accepted = tuple(
        AcceptedConflict(conflict=each.key, because="Accepted in a test.")
        for each in conflicts_on(desk.context(chair), reference=reference)
    )
    given = ApprovalGiven(version=version, accepted=accepted)
    approve_plan(desk.context(chair), reference=reference, approval=given)
    return version


def written(file: Path) -> tuple[int, int, int]:
    """What changes when a file is written again, and not when it is read: which it is, its size and when."""
    stat_result = file.stat()
    return stat_result.st_ino, stat_result.st_size, stat_result.st_mtime_ns


@dataclass(frozen=True)
class Desk:
    """A record with people at it, at nine on a Monday."""

    runtime: Runtime
    clock: SetClock
    coordinator: Acting
    chair: Acting

    @property
    def common(self) -> dict[str, Any]:
        """What most use cases are given."""
        return {"uow": self.runtime.uow, "clock": self.clock}

    def context(self, acting: Acting) -> AgencyContext:
        """What use cases are given."""
        return self.runtime.context(acting)

    def add(self, name: str, role: Role, agency: str | None = None) -> Acting:
        """One more person."""
        user = User(name=name, display_name=name, role=role, agency=agency)
        users.add_user(self.runtime.context(self.coordinator), user=user)
        return user.acting()

    def refer(self, *referrals: Referral) -> ImportReport:
        """Take referrals in."""
        return import_referrals(
            self.runtime.context(self.coordinator),
            rows=[ReferralRow(row=n, referral=r, original="{}") for n, r in enumerate(referrals, start=2)],
            file_digest="0" * 64,
        )


def a_home(home: Path) -> None:
    """Make a home by the real migrations, with a coordinator and a chair."""
    with initialise({"STAC_HOME": str(home)}, clock=SetClock(MONDAY)) as runtime:
        users.add_first_user(uow=runtime.uow, clock=runtime.clock, name=COORDINATOR.name)
        users.add_user(runtime.context(COORDINATOR.acting()), user=CHAIR)


@cache
def _made_once(database: str) -> Path:
    """Such a home, once for each process that tests."""
    folder = Path(tempfile.mkdtemp(prefix="stac-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if database == POSTGRESQL:
        name_database(folder, create_database())
    a_home(folder)
    if database == SQLITE:
        number(folder)
    return folder


SAID: dict[str, MarkOf] = {}
"""Whose the places and contacts in typed texts are, as everybody at a desk says; see ``whose_is_said``."""


ASKED_AGAIN: list[bool] = []
"""Not empty where an equal act of a moment ago is asked about: elsewhere everybody says it is another one."""


def say_whose(*texts: str) -> None:
    """From now on everybody says that the places and contacts in these texts are somebody else's."""
    SAID.update({mark.text: MarkOf.OTHER for mark in marks_of(texts)})


@contextmanager
def a_desk(
    home: Path, *, like: Path | None = None, database: str | None = None, **environ: str
) -> Iterator[Desk]:
    """A desk in a home of its own, which is a copy: ``like`` another's, on its kind of database."""
    copy_home(like or _made_once(database or chosen_database()), home)
    clock = SetClock(MONDAY)
    with open_runtime({"STAC_HOME": str(home), **environ}, clock=clock) as runtime:
        runtime.submission = lambda: Submission(said_of=dict(SAID), again=not ASKED_AGAIN)
        yield Desk(runtime, clock, COORDINATOR.acting(), CHAIR.acting())


@contextmanager
def a_hasty_desk(home: Path) -> Iterator[Desk]:
    """A desk in whose home a change waits one second for others, the least that an operator can choose."""
    made = home.with_name(f"{home.name}, made")
    with a_desk(made):
        add_settings(made, "busy_after_seconds = 1\n")
    with a_desk(home, like=made) as desk:
        yield desk


def type_draft(desk: Desk, acting: Acting, case: str, form: DraftForm, text: str) -> None:
    """Somebody opens a form about a case and types, and records nothing."""
    draft = open_draft(desk.context(acting), form=form, case=case)
    save_draft(
        **desk.common,
        key=desk.runtime.key,
        user=users.find_user(uow=desk.runtime.uow, name=acting.user),
        signed_pass=draft.signed_pass,
        fields={"what": text},
    )


@contextmanager
def marked_until_removed(desk: Desk) -> Iterator[None]:
    """What is done in this block marks that the file has erased content, until that is removed."""
    marked: list[bool] = []
    uow = desk.runtime.uow
    uow.after_writing = lambda: marked.append(uow.overwritten_is_left)
    yield
    uow.after_writing = lambda: None
    assert any(marked) is (uow.server_facts() is None)  # a server has no such file
    assert not uow.overwritten_is_left


def in_one_entry(runtime: Runtime) -> AbstractContextManager[Work]:
    """A transaction of no use case: what a test puts into the record without one."""
    return runtime.uow.writing(acting=flow_acting("test", "test"), what="test", at=runtime.clock.now())


TOYS = Path(__file__).parent / "toys"
TOY_CODES = ("harbour", "lantern", "voice")


def installed_codes(home: Path | None = None) -> tuple[str, ...]:
    """The agencies installed on the path of now, loaded once, in a home of their own or in this one."""
    return _installed_on(tuple(sys.path), home)


@cache
def _installed_on(path: tuple[str, ...], home: Path | None) -> tuple[str, ...]:
    from engine.hooks.registry import load_agencies

    with load_agencies(home or _made_once(SQLITE)) as installed:
        return installed.codes


def with_toys(desk: Desk) -> dict[str, Acting]:
    """Give the desk three toy agencies with a practitioner each, and let the installed ones be."""
    load_toys(desk)
    return prepared(desk, add_toy_workers)


def add_toy_workers(desk: Desk) -> dict[str, Acting]:
    """Add a practitioner to each toy agency."""
    return {code: desk.add(f"{code}-worker", Role.PRACTITIONER, code) for code in TOY_CODES}


def load_toys(desk: Desk) -> None:
    """Give the desk three toy agencies, whose practitioners its record has already."""
    from engine.hooks.registry import load_agencies
    from engine.services.agencies.suspension import SuspendedAgencies

    installed = installed_codes()
    desk.runtime.__dict__["agencies"] = load_agencies(
        desk.runtime.settings.home,
        suspended=SuspendedAgencies(desk.runtime.uow, always=installed, look_again_after=0),
        extra={code: TOYS / code for code in TOY_CODES},
    )
    desk.runtime.__dict__.pop("agencies_described", None)  # what was written before asked who is installed
    known = tuple(a for a in desk.runtime.agencies_described if a.code in TOY_CODES)
    desk.runtime.__dict__["agencies_described"] = known


def let_answer(desk: Desk, code: str, answer: Contribution | NilReturn | Refused | None) -> None:
    """What a toy will answer from now on; None makes it hang."""
    folder = desk.runtime.settings.home / "agencies" / code
    folder.mkdir(parents=True, exist_ok=True)
    text = '{"kind": "hang"}' if answer is None else answer.model_dump_json()
    (folder / "answer.json").write_text(text)


def ask_all(desk: Desk, reference: str, *, again: bool = False) -> None:
    """What the flow does, without Prefect."""
    context = desk.context(flow_acting("assess", "cora"))
    to_ask = response_requests.open_requests(context, reference=reference)
    for code in to_ask.agencies:
        response_requests.ask_agency(context, to_ask=to_ask, agency=code, again=again)
    response_requests.note_answers_in(context, reference=reference)
