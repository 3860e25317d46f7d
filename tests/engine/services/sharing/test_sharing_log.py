"""What the sharing log says is what each viewer's page shows, whatever the rules, versions and agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from engine.domain.accounts.acting import Acting
from engine.domain.conference.risk import Domain, Level
from engine.domain.dates import PartialDate
from engine.domain.errors import IllegalTransitionError, InvalidInputError, NotFoundError
from engine.domain.people.persons import PersonDescribed
from engine.domain.responses.answers import (
    Contribution,
    DomainView,
    Finding,
    Nature,
    NilReturn,
    Professional,
    RefusalGround,
    Refused,
)
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import (
    ANSWER_ITSELF,
    DESK,
    WHOLE_ANSWER,
    AudienceKind,
    LedgerAct,
    LedgerEntry,
    VisibilityToOthers,
)
from engine.services.conference import decisions
from engine.services.responses import agency_answers
from engine.services.responses.withdrawal import withdraw
from engine.services.sharing import release_rules
from engine.services.sharing.audiences import NIL_RETURN
from tests.builders import Desk, a_contribution, a_desk, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import column, screened
from tests.engine.services.responses.test_voices import an_item
from tests.engine.services.sharing.test_release_rules import a_rule, as_seen_by
from tests.engine.services.sharing.test_release_rules import lines as read_log

OWNER = "voice"
NAMES = ("harbour", "lantern", "desk")
ITEMS = ("fact", "opinion", "fear", "judged", "view:violence", WHOLE_ANSWER)

_agencies = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)
_heard = st.one_of(
    st.just((EVERYONE,)),
    st.lists(st.sampled_from((*NAMES, OWNER)), min_size=1, max_size=2, unique=True).map(tuple),
    st.just(()),
)
_answers = st.fixed_dictionaries(
    {
        "has": st.lists(st.sampled_from(ITEMS[:-1]), unique=True, max_size=5),
        "fear": _heard,
        "judged": _heard,
    }
)
_rules = st.fixed_dictionaries(
    {
        "item": st.sampled_from(ITEMS),
        "audience": st.sampled_from(AudienceKind),
        "agencies": _agencies,
        "otherwise": st.sampled_from(VisibilityToOthers),
        "days": st.sampled_from((None, 0, 1, 3)),
    }
)
_acts = st.one_of(
    st.tuples(st.just("answer"), _answers),
    st.tuples(st.just("rule"), _rules),
    st.tuples(st.just("rule"), _rules),
    st.tuples(st.just("asked again"), _answers),
    st.tuples(st.just("nil return"), st.none()),
    st.tuples(st.just("refuse"), st.none()),
    st.tuples(st.just("withdraw"), st.sampled_from(ITEMS[:-1])),
    st.tuples(st.just("days"), st.integers(1, 4)),
    st.tuples(st.just("conference"), st.none()),
)
_numbers = count(1)
_ALL: dict[str, Any] = {"has": list(ITEMS[:-1]), "fear": (EVERYONE,), "judged": (EVERYONE,)}
_KEPT: dict[str, Any] = {"agencies": (), "otherwise": VisibilityToOthers.WITHHOLD, "days": None}


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, Acting]]]:
    """One desk for all examples, each on a case of its own, and everybody who may read a log."""
    with a_desk(tmp_path_factory.mktemp("log") / "home") as desk:
        workers = with_toys(desk)
        yield desk, {**workers, "chair": desk.chair}


@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),  # to shrink an example may take five minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(acts=st.lists(_acts, min_size=3, max_size=8))
@example(
    acts=[
        ("answer", _ALL),
        ("rule", {**_KEPT, "item": WHOLE_ANSWER, "audience": AudienceKind.PANEL}),
        ("rule", {**_KEPT, "item": "fact", "audience": AudienceKind.OWNER}),
        ("answer", {**_ALL, "has": ["fact", "fear"]}),
    ]
)
@example(acts=[("answer", _ALL), ("asked again", {**_ALL, "fear": ("harbour",)}), ("withdraw", "fact")])
@example(
    acts=[
        ("rule", {**_KEPT, "item": WHOLE_ANSWER, "audience": AudienceKind.PANEL, "days": 1}),
        ("days", 3),
        ("answer", _ALL),
        ("conference", None),
    ]
)
@example(acts=[("nil return", None), ("asked again", _ALL)])
@example(
    acts=[
        ("answer", _ALL),
        ("conference", None),
        ("rule", {**_KEPT, "item": "fact", "audience": AudienceKind.OWNER}),
        ("rule", {**_KEPT, "item": WHOLE_ANSWER, "audience": AudienceKind.NAMED, "agencies": ("harbour",)}),
        ("rule", {**_KEPT, "item": "fact", "audience": AudienceKind.PANEL}),
    ]
)
def test_what_the_log_says_is_what_each_viewers_page_shows(
    panel: tuple[Desk, dict[str, Acting]], acts: list[tuple[str, Any]]
) -> None:
    desk, viewers = panel
    reference = screened(desk, **_nobody_known(next(_numbers)))
    let_answer(desk, OWNER, NilReturn(looked_in=("files",), says="Not known."))
    ask_all(desk, reference)
    agency_answers.release(desk.context(viewers["lantern"]), reference=reference, agency="lantern")
    for act, given_ in acts:
        with suppress(InvalidInputError, NotFoundError, IllegalTransitionError):
            _done(desk, viewers[OWNER], reference, act, given_)
    _agree(desk, viewers, reference)


def _nobody_known(number: int) -> dict[str, Any]:
    """A referral about two people who are on no case before it."""
    born = PartialDate(str(date(1950, 1, 1) + timedelta(days=number * 97)))
    who = (
        PersonDescribed(
            forename=n + "".join(chr(97 + int(d)) for d in str(number)), surname=n, date_of_birth=born
        )
        for n in "XY"
    )
    perpetrator, victim = who
    return {"number": str(number), "perpetrator": perpetrator, "victim": victim, "protected": ()}


def _done(desk: Desk, owner: Acting, reference: str, act: str, answer: Any) -> None:
    runtime = desk.runtime
    of_owner: dict[str, Any] = {
        "context": desk.context(owner), "reference": reference, "agency": OWNER
    }  # fmt: skip
    match act:
        case "answer":
            agency_answers.answer_by_hand(**of_owner, answer=_answer(answer))
        case "nil return":
            nothing = NilReturn(looked_in=("files",), says="Not known.")
            agency_answers.answer_by_hand(**of_owner, answer=nothing)
        case "refuse":
            refusal = Refused(ground=RefusalGround.CONFIDENTIAL, says="We owe a duty of confidence.")
            agency_answers.answer_by_hand(**of_owner, answer=refusal)
        case "withdraw":
            withdraw(**of_owner, item=answer)
        case "asked again":
            let_answer(desk, OWNER, _answer(answer))
            ask_all(desk, reference, again=True)
        case "days":
            desk.clock.forward(timedelta(days=answer))
        case "conference":
            decisions.open_conference(desk.context(desk.chair), reference=reference)
        case "rule":
            until = None if answer["days"] is None else desk.clock.today() + timedelta(days=answer["days"])
            named = answer["agencies"] if answer["audience"] is AudienceKind.NAMED else ()
            rule = a_rule(
                answer["item"], answer["audience"], agencies=named, otherwise=answer["otherwise"], until=until
            )
            release_rules.set_rule(
                replace(desk.context(owner), settings=runtime.settings),
                reference=reference,
                agency=OWNER,
                rule=rule,
            )


def _answer(answer: dict[str, Any]) -> Contribution:
    records = (RecordPointer(record="R1", kind="record"),)
    findings = {
        "fact": Finding(key="fact", says="Two reports were held.", records=records),
        "opinion": Finding(key="opinion", says="The risk rises.", nature=Nature.OPINION, records=records),
    }
    voices = {"fear": "victim's words", "judged": "advocate's judgement"}
    view = DomainView(
        domain=Domain.VIOLENCE,
        level=Level.HIGH,
        reasons="An injury is on record.",
        recorded_by=Professional(name="M. Aldous", post="advocate"),
        recorded_on=date(2026, 2, 1),
    )
    return a_contribution(
        findings=tuple(each for key, each in findings.items() if key in answer["has"]),
        voices=tuple(
            an_item(
                key, f"It is {key}.", whose=whose, agreed="yes" if answer[key] else "no", whom=answer[key]
            )
            for key, whose in voices.items()
            if key in answer["has"]
        ),
        views=(view,) if "view:violence" in answer["has"] else (),
    )


def _agree(desk: Desk, viewers: dict[str, Acting], reference: str) -> None:
    is_open = as_seen_by(desk, desk.chair, reference).conference_opened_at is not None
    whole_log = read_log(desk, viewers[OWNER], reference).entries
    for name, viewer in viewers.items():
        shown = _on_page(desk, viewer, reference)
        assert _by_log(whole_log, viewer, desk.clock.today(), is_open) == shown, ("by the owner's log", name)
        own_log = read_log(desk, viewer, reference).entries
        assert _by_log(own_log, viewer, desk.clock.today(), is_open) == shown, ("by the viewer's log", name)


def _on_page(desk: Desk, viewer: Acting, reference: str) -> set[str]:
    view = column(as_seen_by(desk, viewer, reference), OWNER)
    if "Nil return from" in view.says:  # its owner may have a newer answer waiting
        return {NIL_RETURN}
    return {
        *([ANSWER_ITSELF] if view.matched_on else []),
        *(finding.key for finding in view.findings),
        *(voice.key for voice in view.voices if voice.says),
        *(f"view:{each.domain.value}" for each in view.views),
    }


def _by_log(entries: Iterable[LedgerEntry], viewer: Acting, on: date, is_open: bool) -> set[str]:
    """Which items this viewer reads, worked out from the lines of the log and from nothing else."""
    version, whom, waits = 0, dict[str, str](), set[str]()
    for entry in reversed(tuple(entries)):
        if entry.agency != OWNER or entry.act is LedgerAct.STRUCK:
            continue
        if (entry.version or 0) > version:
            version, whom = entry.version or 0, {}
        for item in entry.items:
            waits |= {item.key} if item.from_conference else set()
            if item.key == WHOLE_ANSWER:
                whom = dict.fromkeys(whom, entry.whom)
            elif item.key in whom or entry.act in (LedgerAct.SHARED, LedgerAct.WITHHELD):
                whom[item.key] = entry.whom
    is_owner = viewer.speaks_for(OWNER)
    return {
        key
        for key, words in whom.items()
        if words != "nobody" and (is_owner or (_reads(words, viewer, on) and (is_open or key not in waits)))
    } - {release_rules.WITHHELD_ITEM, release_rules.WAITING_ITEM}


def _reads(words: str, viewer: Acting, on: date) -> bool:
    named, _, until = words.partition(" until ")
    code = DESK if viewer.agency is None else viewer.agency
    is_named = named == AudienceKind.PANEL.value or code in named.split(", ")
    return is_named and (not until or on <= date.fromisoformat(until))
