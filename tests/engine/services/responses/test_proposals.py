"""Asking agencies for actions: each releases its own, and silence never reads as "no action"."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import IllegalTransitionError, NotFoundError, NotPermittedError
from engine.domain.responses.answers import DomainView, Professional, ProposedAction
from engine.domain.responses.proposals import ProposalOutcome
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.conference import decisions
from engine.services.responses import agency_answers
from engine.services.responses.proposals import SHOWN_BESIDE, ask_after_decision, ask_for_actions
from engine.services.responses.withdrawal import withdraw
from engine.services.sharing.release_rules import set_rule
from tests.builders import SAFE_PHONE, Desk, a_contribution, a_decision, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import column, screened, seen
from tests.prepared import prepared

HIGH = DomainView(
    domain=Domain.VIOLENCE,
    level=Level.HIGH,
    reasons="Threats after an arrest.",
    recorded_by=Professional(name="I. Madeup", post="Sergeant"),
    recorded_on=date(2026, 2, 27),
)
ARREST = {"says": "Arrest for the breach of 27 February.", "library": "arrest-for-breach"}
CARE = {"says": "The toy offers an assessment.", "library": "mental-health-assessment"}
ALARM = {"says": "The toy offers an alarm.", "library": "personal-alarm"}


def let_propose(desk: Desk, code: str, **actions: object) -> None:
    folder = desk.runtime.settings.home / "agencies" / code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(
        json.dumps({name.replace("_", " "): v for name, v in actions.items()})
    )


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    there = with_toys(desk)
    let_answer(desk, "harbour", a_contribution("Two reports were held."))
    let_answer(desk, "lantern", a_contribution("The person was known."))
    return there


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case that harbour and lantern have contributed to, and voice has a nil return."""
    return prepared(desk, _answered, desk, workers)


def _answered(desk: Desk, workers: dict[str, Acting]) -> str:
    there = screened(desk)
    ask_all(desk, there)
    for code in ("lantern", "voice"):
        release(desk, workers, there, code)
    return there


def release(desk: Desk, workers: dict[str, Acting], reference: str, code: str, *strike: str) -> None:
    agency_answers.release(desk.context(workers[code]), reference=reference, agency=code, strike=strike)


def ask(desk: Desk, reference: str) -> dict[str, ProposalOutcome]:
    return ask_for_actions(desk.context(desk.chair), reference=reference).outcomes


def texts(desk: Desk, reference: str, agency: str, acting: Acting | None = None) -> list[str]:
    return [action.says for action in column(seen(desk, reference, acting), agency).proposed_actions]


def sentence(desk: Desk, reference: str, agency: str, acting: Acting | None = None) -> str:
    return column(seen(desk, reference, acting), agency).asked_for_actions or ""


def test_what_is_proposed_waits_for_its_agencys_release_and_then_joins_one_list(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[ARREST])

    assert ask(desk, reference)["harbour"] is ProposalOutcome.ANSWERED
    assert texts(desk, reference, "harbour") == texts(desk, reference, "harbour", workers["lantern"]) == []
    assert "awaits your release" in sentence(desk, reference, "harbour", workers["harbour"])
    assert "This does not mean that it proposes none." in sentence(desk, reference, "harbour")

    release(desk, workers, reference, "harbour")

    assert texts(desk, reference, "harbour", workers["lantern"]) == [ARREST["says"]]
    (action,) = column(seen(desk, reference), "harbour").proposed_actions
    assert (action.library, action.proposed_on) == ("arrest-for-breach", date(2026, 3, 2))
    assert column(seen(desk, reference), "harbour").findings[0].says == "Two reports were held."
    assert "released what is listed here" in sentence(desk, reference, "harbour")


def test_each_kind_of_silence_has_its_own_sentence(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", refuse=True)
    let_propose(desk, "lantern", **{"raise": True})

    assert ask(desk, reference) == {
        "harbour": ProposalOutcome.REFUSED,
        "lantern": ProposalOutcome.FAILED,
        "voice": ProposalOutcome.NO_CONTRIBUTION,
    }
    assert sentence(desk, reference, "harbour").endswith(
        "Harbour Office refused (duty of confidence outweighs)."
    )
    assert "The request failed: the plugin raised an error." in sentence(desk, reference, "lantern")
    assert "had released no contribution" in sentence(desk, reference, "voice")
    assert not any("Mustnotshow" in str(answer) for answer in seen(desk, reference).answers)


def test_a_plugin_that_does_not_answer_the_question_reads_so(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_answer(desk, "voice", a_contribution("The victim is a client."))
    ask_all(desk, reference, again=True)
    release(desk, workers, reference, "voice")

    assert ask(desk, reference)["voice"] is ProposalOutcome.NO_HOOK
    assert "does not answer this question" in sentence(desk, reference, "voice")


def test_nothing_is_said_of_asking_before_it_was_done(desk: Desk, reference: str) -> None:
    assert {answer.asked_for_actions for answer in seen(desk, reference).answers} == {None}


def test_an_agency_proposes_from_what_its_people_may_see_now_and_from_no_more(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_answer(desk, "harbour", a_contribution("Two reports were held.", views=(HIGH,)))
    let_propose(desk, "lantern", when_high=[CARE])
    ask_all(desk, reference, again=True)

    def proposed() -> bool:
        ask(desk, reference)
        with desk.runtime.uow.unrecorded() as work:
            returns = work.answers.of(reference, "lantern")
        assert returns is not None
        return returns.waiting_for_release() is not None

    assert not proposed()  # harbour's view is prepared: lantern may not know of it
    release(desk, workers, reference, "harbour")
    assert not proposed()  # released, and locked until the conference opens
    owner_only = RuleGiven(
        item="view:violence",
        audience=AudienceKind.OWNER,
        grounds=Grounds(purpose="case work", regime=None),
        why="The source is not to be known.",
    )
    set_rule(desk.context(workers["harbour"]), reference=reference, agency="harbour", rule=owner_only)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    assert not proposed()  # withheld from lantern by its owner
    to_lantern = owner_only.model_copy(
        update={
            "audience": AudienceKind.NAMED,
            "agencies": ("lantern",),
            "grounds": Grounds(purpose="case work", necessity="To plan care.", regime=None),
        }
    )
    set_rule(desk.context(workers["harbour"]), reference=reference, agency="harbour", rule=to_lantern)
    assert proposed()
    assert SHOWN_BESIDE in column(seen(desk, reference), "lantern").was_shown


def test_an_agency_with_nobody_on_the_case_is_shown_no_other_response(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    let_answer(desk, "harbour", a_contribution("Two reports were held.", views=(HIGH,)))
    let_propose(desk, "lantern", when_high=[CARE])
    there = screened(desk)
    ask_all(desk, there)
    for code in ("harbour", "lantern", "voice"):
        release(desk, workers, there, code)
    decisions.open_conference(desk.context(desk.chair), reference=there)
    with desk.runtime.uow.writing(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        from engine.services.access.restrictions import people_to_name

        assert people_to_name(work, there, ["lantern"]) == ["lantern-worker"]
        user = work.users.get("lantern-worker")
        work.users.change(user.model_copy(update={"active": False}))

    ask(desk, there)

    with desk.runtime.uow.unrecorded() as work:
        returns = work.answers.of(there, "lantern")
    assert returns is not None
    assert returns.waiting_for_release() is None
    assert SHOWN_BESIDE not in returns.request.was_shown


def test_asking_again_adds_nothing_and_what_was_withheld_is_not_offered_again(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[ARREST, ALARM])
    ask(desk, reference)
    struck = ProposedAction.model_validate(ALARM).key
    release(desk, workers, reference, "harbour", struck)
    assert texts(desk, reference, "harbour") == [ARREST["says"]]

    ask(desk, reference)

    with pytest.raises(NotFoundError):
        agency_answers.prepared_answer(
            desk.context(workers["harbour"]), reference=reference, agency="harbour"
        )


def test_a_proposed_action_can_be_withdrawn_and_restricted_like_any_item(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[ARREST, ALARM])
    ask(desk, reference)
    release(desk, workers, reference, "harbour")
    arrest, alarm = (ProposedAction.model_validate(each).key for each in (ARREST, ALARM))
    rule = RuleGiven(
        item=alarm,
        audience=AudienceKind.OWNER,
        grounds=Grounds(purpose="case work", regime=None),
        why="Not yet agreed with the victim.",
    )
    set_rule(desk.context(workers["harbour"]), reference=reference, agency="harbour", rule=rule)
    assert texts(desk, reference, "harbour", workers["lantern"]) == [ARREST["says"]]
    assert len(texts(desk, reference, "harbour", workers["harbour"])) == 2

    withdraw(desk.context(workers["harbour"]), reference=reference, agency="harbour", item=arrest)

    assert texts(desk, reference, "harbour", workers["lantern"]) == []
    assert column(seen(desk, reference, workers["lantern"]), "harbour").withdrawn == 1


def test_a_newer_response_carries_over_what_was_proposed(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[ARREST])
    ask(desk, reference)
    let_answer(desk, "harbour", a_contribution("Three reports were held."))

    ask_all(desk, reference, again=True)  # released at once: plain facts of an automatic agency

    assert column(seen(desk, reference), "harbour").findings[0].says == "Three reports were held."
    assert texts(desk, reference, "harbour") == []  # what nobody released stays prepared
    release(desk, workers, reference, "harbour")
    assert column(seen(desk, reference), "harbour").findings[0].says == "Three reports were held."
    assert texts(desk, reference, "harbour") == [ARREST["says"]]
    ask_all(desk, reference, again=True)
    assert texts(desk, reference, "harbour") == [ARREST["says"]]


def test_a_protected_detail_in_an_action_goes_to_the_vault(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[{"says": f"Call the victim on {SAFE_PHONE} before noon."}])
    ask(desk, reference)
    release(desk, workers, reference, "harbour")

    with desk.runtime.uow.unrecorded() as work:
        assert SAFE_PHONE not in str(work.answers.of(reference, "harbour"))


def test_after_a_decision_each_agency_is_asked_once_for_it(
    desk: Desk, workers: dict[str, Acting], reference: str
) -> None:
    let_propose(desk, "harbour", always=[ARREST])
    flow = desk.context(flow_acting("decide", "chair"))
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())

    first = ask_after_decision(flow, reference=reference)
    with desk.runtime.uow.unrecorded() as work:
        before = work.proposals.newest_of(reference)
    assert ask_after_decision(flow, reference=reference) == first
    with desk.runtime.uow.unrecorded() as work:
        assert work.proposals.newest_of(reference) == before
    assert set(first.outcomes) == {"harbour", "lantern", "voice"}


def test_who_may_ask_for_actions_and_when(desk: Desk, workers: dict[str, Acting], reference: str) -> None:
    with pytest.raises(NotPermittedError):
        ask_for_actions(desk.context(workers["harbour"]), reference=reference)
    with pytest.raises(NotFoundError):
        ask_for_actions(desk.context(desk.chair), reference="R-7K3M9QV")
    from tests.builders import a_referral

    unscreened = desk.refer(a_referral("2")).referrals[0]
    with pytest.raises(IllegalTransitionError, match="cannot be asked for actions"):
        ask_for_actions(desk.context(desk.chair), reference=unscreened)
    flow = desk.context(flow_acting("decide", "chair"))
    assert ask_after_decision(flow, reference=unscreened).outcomes == {}
