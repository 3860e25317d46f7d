"""Release rules and the ledger: how far an item goes, until when, and what the ledger tells of it to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.access.policy_table import LAST_DAY, NAMED, OWNER, READERS, RELEASES
from engine.access.release import outcome_of
from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.risk import Domain, Level
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    DomainView,
    NilReturn,
    Professional,
    RefusalGround,
    Refused,
)
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import (
    ANSWER_ITSELF,
    DESK,
    WHOLE_ANSWER,
    AboutWhom,
    Audience,
    AudienceKind,
    Grounds,
    LedgerAct,
    Outcome,
    Regime,
    RuleGiven,
    VisibilityToOthers,
    narrower,
)
from engine.services.access import emergency as emergency_access
from engine.services.access import restrictions
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.referrals.screening import name_people
from engine.services.responses.agency_answers import answer_by_hand, release
from engine.services.responses.withdrawal import withdraw
from engine.services.sharing import release_rules
from engine.services.sharing.figures import sharing_figures
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.dashboard.visits import opened
from tests.engine.services.cases.test_pathway import column, screened, seen
from tests.engine.services.responses.test_voices import an_item

GROUNDS = Grounds(basis="cda-115", purpose="case work", necessity="The others plan visits.")


def a_rule(item: str = "finding-2", audience: AudienceKind = AudienceKind.OWNER, **changes: Any) -> RuleGiven:
    """A rule that keeps one item with its owner."""
    given = {"item": item, "audience": audience, "grounds": GROUNDS, "why": "Told in confidence.", **changes}
    return RuleGiven.model_validate(given)


def answered(desk: Desk, workers: dict[str, Acting], answer: Any = None) -> str:
    """A case about which harbour has answered by hand."""
    reference = screened(desk)
    ask_all(desk, reference)
    by_hand(desk, workers["harbour"], reference, answer)
    return reference


def by_hand(desk: Desk, worker: Acting, reference: str, answer: Any = None) -> None:
    """An answer typed by a practitioner."""
    answer_by_hand(
        desk.context(worker),
        reference=reference,
        agency="harbour",
        answer=answer or a_contribution("Two reports were held.", "Bail was set."),
    )


def ruled(desk: Desk, worker: Acting, reference: str, rule: RuleGiven) -> None:
    """The owner gives a rule."""
    release_rules.set_rule(desk.context(worker), reference=reference, agency="harbour", rule=rule)


def lines(desk: Desk, acting: Acting, reference: str) -> Any:
    """The ledger as somebody reads it."""
    return release_rules.ledger(desk.context(acting), reference=reference)


def harbour_sentences(view: Any) -> list[str]:
    """Harbour's sentences."""
    return [finding.says for finding in column(view, "harbour").findings]


def as_seen_by(desk: Desk, acting: Acting, reference: str) -> Any:
    """The case as this person sees it."""
    return view_case(desk.context(acting), reference=reference)


def test_every_cell_of_what_somebody_gets_of_one_item_is_kept_by_the_case_page(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    analyst, late = desk.add("ana", Role.ANALYST), desk.add("late", Role.PRACTITIONER, "voice")
    name_people(desk.context(desk.coordinator), reference=reference, people=["ana"])
    here = (workers["harbour"], workers["lantern"], desk.chair, workers["voice"], analyst, late)
    readers = dict(zip(READERS, here, strict=True))
    codes = {OWNER: "harbour", NAMED: "lantern", DESK: DESK}
    wrong = []
    for says_rule, of_class in sorted(RELEASES.items(), key=lambda each: each[1].until is not None):
        named = tuple(codes[code] for code in of_class.agencies)
        until = desk.clock.today() if of_class.until else None
        given: dict[str, Any] = {"agencies": named, "otherwise": of_class.otherwise, "until": until}
        ruled(desk, workers["harbour"], reference, a_rule(audience=of_class.audience, **given))
        if until is not None:
            desk.clock.forward(timedelta(days=1))
        if says_rule in ("panel", "panel, after its end date"):  # the first of a day
            emergency_access.break_glass(
                desk.context(late), reference=reference, why="A threat this evening."
            )
        on = LAST_DAY + timedelta(days=1) if until else LAST_DAY
        for reader, (who, works_it) in READERS.items():
            expected = outcome_of(who, of_class, on=on, is_member=works_it)
            got = _got(as_seen_by(desk, readers[reader], reference))
            wrong += [(says_rule, reader, got)] if got is not expected else []
    assert wrong == []


def test_what_goes_to_another_law_is_said_and_the_officer_reads_it_in_figures(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    about = (AboutWhom.SUSPECT, AboutWhom.VICTIM)
    grounds = GROUNDS.model_copy(update={"about": about})
    ruled(desk, workers["harbour"], reference, a_rule("finding-1", AudienceKind.PANEL, grounds=grounds))
    laws = {"harbour": Regime.PART_3, "lantern": Regime.UK_GDPR, "voice": Regime.UK_GDPR}
    settings = desk.runtime.settings.model_copy(update={"handled_under": laws})
    ledger = release_rules.ledger(replace(desk.context(desk.chair), settings=settings), reference=reference)
    (shared, *_) = [line for line in ledger.entries if line.act is LedgerAct.SHARED]
    assert (shared.agency, shared.grounds.regime) == ("harbour", Regime.PART_3)
    assert shared.crosses_to(ledger.laws) == ("lantern", "voice")
    unsaid = release_rules.ledger(desk.context(desk.chair), reference=reference)
    assert {line.grounds.regime for line in unsaid.entries} == {None}

    officer = desk.add("dora", Role.DATA_PROTECTION)
    given: dict[str, Any] = {"context": replace(desk.context(officer), settings=settings)}
    figures = sharing_figures(**given)
    by_harbour = {row.act: row for row in figures.rows if row.agency == "harbour"}
    assert (by_harbour["shared"].facts, by_harbour["shared"].opinions) == (2, 0)
    assert by_harbour["rule changed"].about == ("suspect", "victim")
    assert by_harbour["rule changed"].regime == Regime.PART_3.value
    assert sharing_figures(**given, since=date(2026, 3, 3)).rows == ()
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=reference, why="So.")
    assert sharing_figures(**given).rows == ()


def _got(view: Any) -> Outcome:
    harbour = column(view, "harbour")
    if "Bail was set." in harbour_sentences(view):
        return Outcome.SHOW
    if harbour.held_back:
        return Outcome.WITHHOLD
    return Outcome.STUB if harbour.stubs else Outcome.HIDE


def test_an_item_that_stays_with_its_owner_is_counted_for_others_with_whom_to_ask(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    ruled(desk, workers["harbour"], reference, a_rule())

    for other in (desk.chair, desk.coordinator, workers["lantern"]):
        view = as_seen_by(desk, other, reference)
        assert harbour_sentences(view) == ["Two reports were held."]
        assert column(view, "harbour").held_back == 1
        assert [held.agency for held in view.withheld] == ["harbour"]
        assert "Bail was set." not in view.model_dump_json()
    assert harbour_sentences(as_seen_by(desk, workers["harbour"], reference)) == [
        "Two reports were held.",
        "Bail was set.",
    ]


def test_named_agencies_read_an_item_and_the_others_are_told_what_its_owner_chose(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    rule = a_rule(audience=AudienceKind.NAMED, agencies=("lantern",), otherwise=VisibilityToOthers.STUB)
    ruled(desk, workers["harbour"], reference, rule)

    assert len(harbour_sentences(as_seen_by(desk, workers["lantern"], reference))) == 2
    view = as_seen_by(desk, workers["voice"], reference)
    assert (
        len(harbour_sentences(view)),
        column(view, "harbour").stubs,
        column(view, "harbour").held_back,
    ) == (1, 1, 0)
    ruled(desk, workers["harbour"], reference, a_rule(audience=AudienceKind.NAMED, agencies=("desk",)))
    assert len(harbour_sentences(as_seen_by(desk, desk.chair, reference))) == 2
    assert len(harbour_sentences(as_seen_by(desk, workers["lantern"], reference))) == 1


def test_what_is_hidden_makes_no_difference_to_the_page_the_list_and_the_ledger(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers, a_contribution("Two reports were held."))
    before = [_everything(desk, who, reference) for who in (desk.chair, workers["lantern"])]
    ruled(desk, workers["harbour"], reference, a_rule("finding-1", AudienceKind.PANEL))
    assert before == [_everything(desk, who, reference) for who in (desk.chair, workers["lantern"])]

    by_hand(desk, workers["harbour"], reference, a_contribution("Two reports were held.", "Bail was set."))
    ruled(desk, workers["harbour"], reference, a_rule(otherwise=VisibilityToOthers.HIDE))
    for who in (desk.chair, workers["lantern"]):
        view = as_seen_by(desk, who, reference)
        assert harbour_sentences(view) == ["Two reports were held."]
        assert (column(view, "harbour").held_back, column(view, "harbour").stubs) == (0, 0)
        assert "finding-2" not in lines(desk, who, reference).model_dump_json()


def _everything(desk: Desk, acting: Acting, reference: str) -> str:
    rows = list_page(desk.context(acting), count=None).rows
    view = as_seen_by(desk, acting, reference)
    return str([row.model_dump(mode="json") for row in rows]) + view.model_dump_json()


def test_over_its_last_day_an_item_is_hidden_by_the_clock_and_its_owner_still_reads_it(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    last = date(2026, 3, 4)
    ruled(desk, workers["harbour"], reference, a_rule(audience=AudienceKind.PANEL, until=last))

    desk.clock.forward(timedelta(days=2))
    assert len(harbour_sentences(seen(desk, reference))) == 2
    desk.clock.forward(timedelta(days=1))
    view = seen(desk, reference)
    assert (harbour_sentences(view), column(view, "harbour").held_back) == (["Two reports were held."], 0)
    assert len(harbour_sentences(as_seen_by(desk, workers["harbour"], reference))) == 2


@pytest.mark.parametrize("nil", [True, False])
def test_a_whole_answer_that_is_hidden_reads_like_a_nil_return_that_is(desk: Desk, nil: bool) -> None:
    workers = with_toys(desk)
    nothing = NilReturn(looked_in=("cards",), says="Nothing was found.")
    reference = answered(desk, workers, nothing if nil else None)
    ruled(desk, workers["harbour"], reference, a_rule(WHOLE_ANSWER, otherwise=VisibilityToOthers.HIDE))

    answer = column(seen(desk, reference), "harbour")
    assert answer.state is AnswerState.ANSWERED_ASK_AGENCY
    left = answer.model_dump(exclude={"asked_at", "due_at", "was_shown", "agency", "agency_name", "seat"})
    assert {key for key, value in left.items() if value} == {"state", "says"}
    assert lines(desk, desk.chair, reference).model_dump()["entries"] == ()


def test_an_urgent_look_gets_only_what_goes_to_everybody_and_no_count(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    ruled(desk, workers["harbour"], reference, a_rule())
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    emergency_access.break_glass(desk.context(outsider), reference=reference, why="A threat today.")
    view = as_seen_by(desk, outsider, reference)
    assert (harbour_sentences(view), column(view, "harbour").held_back) == (["Two reports were held."], 0)


def test_the_ledger_tells_what_was_shared_struck_withdrawn_and_refused(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution("Two visits were recorded.", "A third was cancelled."))
    reference = answered(desk, workers)
    release(
        desk.context(workers["lantern"]),
        reference=reference,
        agency="lantern",
        strike={"finding-2"},
        grounds=GROUNDS,
    )
    withdraw(desk.context(workers["harbour"]), reference=reference, agency="harbour", item="finding-1")
    refusal = Refused(ground=RefusalGround.CONFIDENTIAL, says="We owe a duty of confidence.")
    by_hand(desk, workers["harbour"], reference, refusal)

    own = lines(desk, workers["lantern"], reference).entries
    assert LedgerAct.STRUCK in {entry.act for entry in own}
    answer = [e for e in lines(desk, desk.chair, reference).entries if e.agency != "voice"]
    acts = [(entry.agency, entry.act) for entry in answer]
    assert acts[:2] == [("harbour", LedgerAct.REFUSED), ("harbour", LedgerAct.WITHDRAWN)]
    assert ("lantern", LedgerAct.STRUCK) not in acts
    (shared,) = [entry for entry in answer if entry.agency == "lantern"]
    assert (shared.whom, shared.grounds.basis, shared.by) == ("panel", "cda-115", "lantern-worker")
    assert [item.key for item in shared.items] == [ANSWER_ITSELF, "finding-1"]


def test_no_word_of_an_item_stands_in_the_ledger_and_a_held_back_one_has_no_key(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    ruled(desk, workers["harbour"], reference, a_rule())
    there = lines(desk, desk.chair, reference)
    text = there.model_dump_json()
    assert "Bail" not in text
    assert "finding-2" not in text
    assert release_rules.WITHHELD_ITEM in text
    assert there.rules == ()
    assert [rule.item for rule in lines(desk, workers["harbour"], reference).rules] == ["finding-2"]


def test_what_waits_for_the_conference_has_no_key_in_another_agencys_log_until_it_is_opened(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    view = DomainView(
        domain=Domain.VIOLENCE,
        level=Level.HIGH,
        reasons="An injury is on record.",
        recorded_by=Professional(name="M. Aldous", post="officer"),
        recorded_on=date(2026, 2, 1),
    )
    reference = answered(desk, workers, a_contribution(views=(view,)))

    def keys(reader: Acting) -> set[str]:
        entries = lines(desk, reader, reference).entries
        return {item.key for entry in entries if entry.agency == "harbour" for item in entry.items}

    assert keys(workers["harbour"]) >= {"view:violence", "finding-1"}
    assert keys(workers["lantern"]) >= {release_rules.WAITING_ITEM, "finding-1"}
    assert "view:violence" not in keys(workers["lantern"])
    opened(desk, reference)
    assert "view:violence" in keys(workers["lantern"])
    assert release_rules.WAITING_ITEM not in keys(workers["lantern"])


def test_a_line_with_what_is_withheld_names_no_audience(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    rule = a_rule(audience=AudienceKind.NAMED, agencies=("voice",))
    ruled(desk, workers["harbour"], reference, rule)
    entries = lines(desk, workers["lantern"], reference).entries
    withheld = [e.whom for e in entries if release_rules.WITHHELD_ITEM in {item.key for item in e.items}]
    assert set(withheld) == {"withheld from you"}


@pytest.mark.parametrize(
    ("rule", "says_what"),
    [
        (a_rule("finding-9"), "this item does not exist; choose one of: \\*, finding-1, finding-2"),
        (a_rule(audience=AudienceKind.NAMED), "name at least one agency"),
        (a_rule(agencies=("lantern",)), "only name agencies if the audience is 'named agencies'"),
        (a_rule(until=date(2026, 3, 1)), "today's date or a later one"),
        (
            a_rule(grounds=Grounds(basis="none-such", purpose="x", necessity="y")),
            "this lawful basis is not known; choose one of",
        ),
        (a_rule(audience=AudienceKind.PANEL, grounds=Grounds(purpose="x")), "say why others need it"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(desk: Desk, rule: RuleGiven, says_what: str) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    with pytest.raises(InvalidInputError, match=says_what):
        ruled(desk, workers["harbour"], reference, rule)
    assert lines(desk, workers["harbour"], reference).rules == ()


def test_only_the_owner_gives_a_rule_on_its_items(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    for other in (desk.chair, workers["lantern"]):
        with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
            ruled(desk, other, reference, a_rule())


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("panel", ()), ("named agencies", ("a1",)), ("named agencies", ("a1",))),
        (("named agencies", ("a1", "b1")), ("named agencies", ("b1", "c1")), ("named agencies", ("b1",))),
        (("named agencies", ("a1",)), ("named agencies", ("c1",)), ("owner only", ())),
        (("owner only", ()), ("panel", ()), ("owner only", ())),
        (("named agencies", ("a1",)), ("owner only", ()), ("owner only", ())),
    ],
)
def test_two_audiences_come_to_what_both_allow(one: Any, other: Any, both: Any) -> None:
    first, second, expected = (Audience(kind=AudienceKind(k), agencies=a) for k, a in (one, other, both))
    assert narrower(first, second) == expected
    assert narrower(second, first) == expected


def test_a_rule_says_of_a_contribution_without_items_only_the_whole(desk: Desk) -> None:
    workers = with_toys(desk)
    empty = Contribution(matched_on=a_contribution().matched_on)
    reference = answered(desk, workers, empty)
    with pytest.raises(InvalidInputError, match=r"choose one of: \*$"):
        ruled(desk, workers["harbour"], reference, a_rule("finding-1"))


def test_the_log_shows_an_item_only_to_those_whom_the_victim_agrees_to_now(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = answered(desk, workers)
    of_voice: dict[str, Any] = {"reference": reference, "agency": "voice"}
    for whom in ((EVERYONE,), ("lantern",)):
        desk.clock.forward(timedelta(hours=1))
        fear = an_item("fear", "It is.", whom=whom)
        answer_by_hand(
            desk.context(workers["voice"]), **of_voice, answer=a_contribution(findings=(), voices=(fear,))
        )

    def keys(name: str) -> list[set[str]]:
        entries = lines(desk, workers[name], reference).entries
        return [{item.key for item in each.items} for each in entries if each.agency == "voice"]

    assert any("fear" in each for each in keys("lantern"))
    times = [each.at for each in lines(desk, workers["lantern"], reference).entries]
    assert times == sorted(times, reverse=True) != sorted(times), "the newest comes first"
    assert not any("fear" in each for each in keys("harbour"))
    assert {release_rules.WITHHELD_ITEM} in keys("harbour")
