"""A panel says "low" over a gap only when each is weighed, and only over what its chair may know."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import INVESTIGATION, VICTIM_VOICE, AgencyKnown
from engine.domain.cases.incidents import IncidentsKeptBack
from engine.domain.cases.involvement import Alarm
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.gaps import Gap
from engine.domain.conference.risk import Decision, Domain, Level
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.responses.answers import AnswerState, NilReturn, RefusalGround, Refused
from engine.domain.responses.held_reports import Elsewhere
from engine.domain.responses.voices import VictimVoice
from engine.domain.sharing import DESK, WHOLE_ANSWER, AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.conference.gaps import check_low, gaps_of
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from engine.services.sharing.release_rules import set_rule
from tests.builders import Desk, a_contribution, a_decision, a_referral, a_screening, ask_all, with_toys

SEAT = AgencyKnown(code="voice", name="Voice", seat=VICTIM_VOICE, version="1", contact="c")
ALL_NO = AlarmAnswers(answers=dict.fromkeys(AlarmTopic, YesNo.NO))
WHY = "Checked with each member today and judged from what was there."
HEARD = VictimVoice(speaks=True, agency="voice", says="", offers=())
UNHEARD = VictimVoice(speaks=False, agency="voice", says="", offers=())


def an_answer(state: AnswerState, agency: str = "harbour", **changes: Any) -> AgencyAnswerView:
    given: dict[str, Any] = {"asked_at": None, "due_at": None, "at": None, "says": "Said.", "seat": None}
    return AgencyAnswerView(agency=agency, agency_name=agency.title(), state=state, **{**given, **changes})


def names(*answers: AgencyAnswerView, voice: VictimVoice = HEARD, **changes: Any) -> list[str]:
    given: dict[str, Any] = {"alarm": Alarm(answers=ALL_NO), "kept_back": (), "agencies": (SEAT,), **changes}
    return [gap.name for gap in gaps_of(answers, voice=voice, **given)]


def test_a_nil_return_that_could_not_compare_every_row_is_a_gap() -> None:
    unmatched = ("One of three rows in Tenants could not be compared with the person.",)
    (gap,) = gaps_of(
        [an_answer(AnswerState.NIL_RETURN, gaps=unmatched)],
        alarm=Alarm(answers=ALL_NO),
        voice=HEARD,
        kept_back=(),
        agencies=(SEAT,),
    )

    assert gap.name == "records not compared: harbour"
    assert gap.says == f"Harbour found no record. {unmatched[0]}"
    assert names(an_answer(AnswerState.NIL_RETURN)) == []
    assert names(an_answer(AnswerState.ANSWERED_ASK_AGENCY, gaps=unmatched)) == []


@pytest.mark.parametrize("state", [AnswerState.CONTRIBUTION, AnswerState.NIL_RETURN])
@pytest.mark.parametrize(
    ("elsewhere", "fires"), [(Elsewhere.SEARCHED, False), (Elsewhere.NOT_SEARCHED, True), (None, True)]
)
def test_that_another_force_was_not_asked_is_a_gap_of_who_investigates(
    state: AnswerState, elsewhere: Elsewhere | None, fires: bool
) -> None:
    given: dict[str, Any] = {"version": 1, "match_is_confirmed": True, "reports_elsewhere": elsewhere}
    name = "records of other forces not asked: harbour"

    assert names(an_answer(state, seat=INVESTIGATION, **given)) == [name] * fires
    assert names(an_answer(state, **given)) == []
    assert names(an_answer(AnswerState.ANSWERED_ASK_AGENCY, seat=INVESTIGATION, **given)) == []


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (AnswerState.NOT_ASKED, "not asked: harbour"),
        (AnswerState.AWAITED, "awaited: harbour"),
        (AnswerState.OVERDUE, "overdue: harbour"),
        (AnswerState.REFUSED, "refused: harbour"),
        (AnswerState.FAILED, "failed: harbour"),
        (AnswerState.ERASED, "answer erased: harbour"),
    ],
)
def test_each_state_without_an_answer_is_a_gap(state: AnswerState, name: str) -> None:
    assert names(an_answer(state)) == [name]


def test_a_nil_return_and_a_whole_confirmed_contribution_are_none() -> None:
    assert names(an_answer(AnswerState.NIL_RETURN)) == []
    assert names(an_answer(AnswerState.CONTRIBUTION, match_is_confirmed=True)) == []


def test_a_contribution_has_the_gaps_of_its_match_and_of_what_it_withholds() -> None:
    partly = an_answer(
        AnswerState.CONTRIBUTION, match_is_confirmed=False, held_back=1, stubs=1, failed_since="Asked again."
    )
    assert names(partly) == [
        "match not confirmed: harbour",
        "items withheld: harbour",
        "asked again and failed: harbour",
    ]


def test_a_hidden_answer_demands_nothing_whatever_is_in_it() -> None:
    hidden = {"held_back": 1, "stubs": 1, "match_is_confirmed": False, "failed_since": "Asked again."}
    for voice in (HEARD, UNHEARD):
        answer = an_answer(AnswerState.ANSWERED_ASK_AGENCY, "voice", seat=VICTIM_VOICE, **hidden)
        assert names(answer, voice=voice) == []


def test_an_alarm_is_a_gap_when_raised_and_when_not_known_or_not_asked() -> None:
    answers = ALL_NO.answers | {
        AlarmTopic.THREAT_TO_KILL: YesNo.YES,
        AlarmTopic.WEAPON: YesNo.NOT_ASKED,
        AlarmTopic.ENTRY: YesNo.NOT_KNOWN,
    }
    assert names(alarm=Alarm(answers=AlarmAnswers(answers=answers), acknowledged_by="cora")) == [
        "alarm raised: threat to kill",
        "alarm not asked: weapon",
        "alarm not known: entry",
    ]


def test_no_voice_and_incidents_withheld_are_gaps() -> None:
    incidents_kept_back = IncidentsKeptBack(
        owner="harbour", count=2, is_stub=False, ask="the desk of harbour"
    )
    assert names(voice=UNHEARD, kept_back=[incidents_kept_back]) == [
        "incidents withheld: harbour",
        "no victim's voice",
    ]


def gaps(*listed: str) -> list[Gap]:
    return [Gap(name=name, says="Said.") for name in listed]


def refused(decision: Decision, *listed: str) -> str:
    with pytest.raises(InvalidInputError) as error:
        check_low(decision, gaps(*listed))
    return str(error.value)


def test_low_names_each_gap_that_was_not_weighed() -> None:
    low = a_decision(Level.LOW, weighed=["awaited: lantern"], low_despite_unknown=WHY)
    sentence = refused(low, "refused: harbour", "awaited: lantern", "alarm raised: threat to kill")
    assert "cannot be low over a gap: refused: harbour; alarm raised: threat to kill; weigh each" in sentence


@pytest.mark.parametrize(
    "reason", [None, "x.", "Weighed with the officer.", "refused harbour refused harbour"]
)
def test_low_over_weighed_gaps_needs_five_words(reason: str | None) -> None:
    low = a_decision(Level.LOW, weighed=["refused: harbour"], low_despite_unknown=reason)
    assert refused(low, "refused: harbour").startswith("low_despite_unknown: ")


def test_the_reason_may_not_repeat_a_domains_reasons() -> None:
    low = a_decision(Level.LOW, weighed=["refused: harbour"])
    copied = low.model_copy(update={"low_despite_unknown": low.judgements[0].reasons})
    assert refused(copied, "refused: harbour").startswith("low_despite_unknown: ")


def test_low_needs_readable_reasons_even_without_a_gap() -> None:
    low = a_decision(Level.LOW)
    unread = {"reasons": "x.", "settled": None}
    judgements = [judgement.model_copy(update=unread) for judgement in low.judgements]
    assert "violence is low and needs reasons" in refused(low.model_copy(update={"judgements": judgements}))


def test_what_is_weighed_has_to_be_a_gap_now_and_is_not_repeated_in_the_error() -> None:
    sentence = refused(a_decision(weighed=["awaited: lantern", "Amira Kent"]), "awaited: lantern")
    assert sentence.startswith("weighed: entry 2 does not name a current gap")
    assert "Amira" not in sentence


def judged(level: Level, *domains: Domain, **changes: Any) -> Decision:
    """High on each domain but these."""
    high = a_decision(Level.HIGH, **changes)
    judgements = [
        each.model_copy(update={"level": level if each.domain in domains else each.level})
        for each in high.judgements
    ]
    return high.model_copy(update={"judgements": tuple(judgements)})


def test_any_other_level_is_taken_over_a_gap() -> None:
    for level in set(Level) - {Level.LOW, Level.DOES_NOT_APPLY}:
        check_low(a_decision(level), gaps("refused: harbour"))


@pytest.mark.parametrize("domain", sorted(set(Domain) - {Domain.RECURRENCE}))
def test_does_not_apply_reads_as_safe_too_and_is_no_way_round_a_gap(domain: Domain) -> None:
    decision = judged(Level.DOES_NOT_APPLY, domain)
    sentence = refused(decision, "refused: harbour")
    assert f"{domain.value} cannot be said to not apply over a gap: refused: harbour; weigh each" in sentence
    check_low(decision, [])
    weighed = {"weighed": ("refused: harbour",), "low_despite_unknown": WHY}
    check_low(decision.model_copy(update=weighed), gaps("refused: harbour"))


def test_recurrence_does_not_apply_while_the_stalking_goes_on_whatever_is_open() -> None:
    check_low(judged(Level.DOES_NOT_APPLY, Domain.RECURRENCE), gaps("refused: harbour"))


def in_conference(desk: Desk) -> tuple[dict[str, Acting], str]:
    workers = with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    common: dict[str, Any] = {"context": desk.context(desk.coordinator), "reference": reference}
    screening.screen(**common, screening=a_screening())
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    return workers, reference


def answer(desk: Desk, worker: Acting, reference: str, said: Any, rule: RuleGiven | None = None) -> None:
    given: dict[str, Any] = {"context": desk.context(worker), "reference": reference, "agency": worker.agency}
    agency_answers.answer_by_hand(**given, answer=said)
    if rule is not None:
        set_rule(**given, rule=rule)


def seen(desk: Desk, reference: str, acting: Acting) -> CaseView:
    return case_views.view_case(desk.context(acting), reference=reference)


def decide(desk: Desk, reference: str, **changes: Any) -> decisions.Decided:
    return decisions.decide(
        desk.context(desk.chair), reference=reference, decision=a_decision(Level.LOW, **changes)
    )


def test_low_is_recorded_with_the_gaps_that_were_weighed_and_whoever_reads_it_sees_what_they_may(
    desk: Desk,
) -> None:
    workers, reference = in_conference(desk)
    refusal = Refused(ground=RefusalGround.CONFIDENTIAL, says="We decline.")
    rule = RuleGiven(
        item=WHOLE_ANSWER,
        audience=AudienceKind.NAMED,
        agencies=(DESK,),
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work", necessity="The chair has to know."),
        why="Kept close.",
    )
    answer(desk, workers["lantern"], reference, refusal, rule)
    listed = [gap.name for gap in seen(desk, reference, desk.chair).gaps]
    assert "refused: lantern" in listed
    with pytest.raises(InvalidInputError, match="cannot be low over a gap: refused: lantern; awaited: voice"):
        decide(desk, reference, low_despite_unknown=WHY)
    decide(desk, reference, low_despite_unknown=WHY, weighed=listed)
    decision = seen(desk, reference, desk.chair).decision
    assert decision is not None
    assert list(decision.weighed) == listed
    read = seen(desk, reference, workers["harbour"]).decision
    assert read is not None
    assert list(read.weighed) == [name for name in listed if name != "refused: lantern"]


@pytest.mark.parametrize("otherwise", list(VisibilityToOthers))
def test_what_is_in_a_hidden_answer_makes_no_difference_to_what_is_demanded(
    desk: Desk, otherwise: VisibilityToOthers
) -> None:
    workers, reference = in_conference(desk)
    rule = RuleGiven(
        item=WHOLE_ANSWER,
        audience=AudienceKind.OWNER,
        otherwise=otherwise,
        grounds=Grounds(purpose="case work"),
        why="Kept close.",
    )
    demanded = []
    for said in (
        NilReturn(looked_in=("cards",), says="Nothing is held."),
        Refused(ground=RefusalGround.CONFIDENTIAL, says="We decline."),
        a_contribution("The victim is afraid."),
    ):
        answer(desk, workers["voice"], reference, said, rule)
        view = seen(desk, reference, desk.chair)
        assert {a.agency: a.state for a in view.answers}["voice"] is AnswerState.ANSWERED_ASK_AGENCY
        demanded.append([gap.name for gap in view.gaps])
    assert demanded[0] == demanded[1] == demanded[2]
    assert not any("voice" in name for name in demanded[0])
    decided = decide(desk, reference, low_despite_unknown=WHY, weighed=demanded[0])
    assert decided.not_seen["voice"] is AnswerState.ANSWERED_ASK_AGENCY
