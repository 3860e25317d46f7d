"""Orders, link evidence and checks are items as findings are; a silence is named and hides nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import AnswerState, Contribution, Failed, MatchBasis, NilReturn
from engine.domain.responses.held_reports import OwnRow
from engine.domain.responses.reassessment import Compared
from engine.domain.responses.reported import RecordsChecked
from engine.domain.sharing import AudienceKind, LedgerAct, VisibilityToOthers
from engine.services.responses.agency_answers import answer_by_hand, release
from engine.services.responses.withdrawal import withdraw
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.engine.domain.responses.test_reported import an_order, evidence
from tests.engine.facts.test_released import a_report
from tests.engine.services.cases.test_pathway import column, screened, seen
from tests.engine.services.responses.test_reassessment import reassess
from tests.engine.services.sharing.test_release_rules import a_rule, lines, ruled

pytestmark = pytest.mark.whose_is_said

CHECKED = RecordsChecked.model_validate({"source": "police national computer", "on": "2026-02-03"})
REPORT = a_report(
    crime_reference="CR/1", outcomes=[{"kind": "arrest", "on": "2026-01-20"}], happened="2026-01-12"
)
FULL = a_contribution(
    orders=(an_order(),), link_evidence=(evidence(),), records_checked=(CHECKED,), reports=(REPORT,)
)


def asked(desk: Desk, answer: Contribution | NilReturn = FULL, number: str = "1") -> str:
    """A case on which harbour's plugin answered; its plain facts are released at once."""
    let_answer(desk, "harbour", answer)
    reference = screened(desk, number=number)
    ask_all(desk, reference)
    return reference


def harbour(desk: Desk, reference: str, acting: Acting | None = None) -> AgencyAnswerView:
    return column(seen(desk, reference, acting), "harbour")


def test_they_are_shown_with_their_source_and_the_dates_of_checks(desk: Desk) -> None:
    with_toys(desk)
    answer = harbour(desk, asked(desk))

    assert answer.state is AnswerState.CONTRIBUTION
    assert answer.orders[0].says.startswith("Stalking protection order: made 12 Jan 2026")
    assert answer.link_evidence[0].sentence.startswith("Phone 07700 900123")
    assert [each.sentence for each in answer.records_checked] == [
        "police national computer, checked 3 February 2026"
    ]
    assert [each.sentence for each in answer.reports or ()] == [
        "Report of contacting, 12 January 2026, crime reference CR/1, reporter not recorded, arrest, "
        "20 January 2026."
    ]
    assert answer.not_reported == (
        "Not supported by this plugin: its own row about the person. This does not mean that there are none.",
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            a_contribution(),
            "Not supported by this plugin: orders, link evidence, reports with their outcomes, dates of "
            "checks of records, its own row about the person. This does not mean that there are none.",
        ),
        (
            a_contribution(
                orders=(), link_evidence=(), records_checked=(), reports=(), own_row=OwnRow(record="H-1")
            ),
            "Orders: the records were searched, and none is shown to you.",
        ),
    ],
)
def test_a_silence_has_its_name(desk: Desk, answer: Contribution, expected: str) -> None:
    with_toys(desk)

    assert harbour(desk, asked(desk, answer)).not_reported[0] == expected


def test_a_match_that_is_not_confirmed_is_why_there_is_no_link_evidence(desk: Desk) -> None:
    workers = with_toys(desk)
    weak = a_contribution(matched_on=MatchBasis(says="by name", confirmed=False), orders=())
    reference = asked(desk, weak)
    release(desk.context(workers["harbour"]), reference=reference, agency="harbour")

    assert "Link evidence: not offered, because the match is not confirmed." in " ".join(
        harbour(desk, reference).not_reported
    )


def test_a_person_who_types_was_not_asked_for_them(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    answer_by_hand(
        desk.context(workers["lantern"]), reference=reference, agency="lantern", answer=a_contribution()
    )

    said = column(seen(desk, reference), "lantern").not_reported
    assert said[0].startswith("Not asked, because a person typed the response: orders")


def test_a_nil_return_shows_what_was_checked(desk: Desk) -> None:
    with_toys(desk)
    nil = NilReturn(looked_in=("PNC",), says="Nothing was held.", records_checked=(CHECKED,))

    assert harbour(desk, asked(desk, nil)).records_checked == (CHECKED,)


@pytest.mark.parametrize("item", ["order:order-1", "evidence:phone-1", "report:report-one"])
def test_a_rule_narrows_one_item_and_hidden_reads_as_if_it_were_not_there(desk: Desk, item: str) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    rule = a_rule(item, AudienceKind.OWNER, otherwise=VisibilityToOthers.HIDE)
    ruled(desk, workers["harbour"], reference, rule)
    hidden = harbour(desk, reference, workers["lantern"])
    assert item in dict(harbour(desk, reference, workers["harbour"]).reported_items)
    without = {
        {"order": "orders", "evidence": "link_evidence", "report": "reports"}[
            item.split(":", maxsplit=1)[0]
        ]: ()
    }

    other = asked(desk, FULL.model_copy(update=without), "2")
    there = harbour(desk, other, workers["lantern"])
    assert hidden.orders == there.orders
    assert hidden.link_evidence == there.link_evidence
    assert hidden.reports == there.reports
    assert hidden.not_reported == there.not_reported
    assert (hidden.held_back, hidden.stubs) == (0, 0)


def test_a_rule_or_a_withdrawal_of_the_finding_that_an_order_was_applies_to_the_order(desk: Desk) -> None:
    workers = with_toys(desk)
    (was,) = a_contribution("A stalking protection order was made.").findings
    before = a_contribution(findings=(was.model_copy(update={"key": "order-1"}),))
    ruled_on, taken = asked(desk, before), asked(desk, before, "2")
    ruled(desk, workers["harbour"], ruled_on, a_rule("order-1", AudienceKind.OWNER))
    withdraw(desk.context(workers["harbour"]), reference=taken, agency="harbour", item="order-1")
    desk.clock.forward(timedelta(hours=1))
    let_answer(desk, "harbour", FULL)
    reassess(desk)
    for reference in (ruled_on, taken):
        (again,) = seen(desk, reference, workers["lantern"]).reassessed
        assert not any(new.startswith("Stalking") for new in again.new)
        desk.clock.forward(timedelta(hours=1))
        ask_all(desk, reference, again=True)

    assert harbour(desk, ruled_on, workers["lantern"]).orders == ()
    assert harbour(desk, ruled_on, workers["harbour"]).orders != ()
    assert harbour(desk, taken, workers["harbour"]).orders == ()
    assert harbour(desk, taken).withdrawn == 1
    line = next(
        e for e in lines(desk, workers["harbour"], ruled_on).entries if "order:order-1" in str(e.items)
    )
    assert "everyone" not in line.whom
    ruled(desk, workers["harbour"], ruled_on, a_rule("order-1", AudienceKind.PANEL))
    assert harbour(desk, ruled_on, workers["lantern"]).orders != ()


def test_conditions_that_are_in_a_finding_too_are_hidden_with_it(desk: Desk) -> None:
    workers = with_toys(desk)
    (finding,) = a_contribution("The conditions were: no contact.").findings
    order = an_order(conditions=[{"code": "no-contact"}], conditions_in="conditions")
    other = an_order(key="order-2", conditions=[{"code": "no-contact"}])
    answer = a_contribution(
        findings=(finding.model_copy(update={"key": "conditions"}),), orders=(order, other)
    )
    ruled_on, taken = asked(desk, answer), asked(desk, answer, "2")
    assert [each.conditions != () for each in harbour(desk, taken).orders] == [True, True]
    ruled(desk, workers["harbour"], ruled_on, a_rule("conditions", AudienceKind.OWNER))
    withdraw(desk.context(workers["harbour"]), reference=taken, agency="harbour", item="conditions")
    for reference, reader in ((ruled_on, workers["lantern"]), (taken, workers["harbour"])):
        shown = harbour(desk, reference, reader).orders
        assert [each.conditions != () for each in shown] == [False, True]
        assert "conditions not recorded" in shown[0].says
    assert harbour(desk, ruled_on, workers["harbour"]).orders[0].conditions != ()

    let_answer(desk, "harbour", answer.model_copy(update={"findings": FULL.findings}))
    desk.clock.forward(timedelta(hours=1))
    for reference, reader in ((ruled_on, workers["lantern"]), (taken, workers["harbour"])):
        ask_all(desk, reference, again=True)
        assert harbour(desk, reference, reader).orders[0].conditions == (), "the finding is not repeated"


def test_each_is_in_the_ledger_struck_and_withdrawn_by_its_name(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", FULL)
    reference = screened(desk)
    ask_all(desk, reference)
    context = desk.context(workers["lantern"])
    release(context, reference=reference, agency="lantern", strike=["evidence:phone-1"])
    withdraw(context, reference=reference, agency="lantern", item="order:order-1")

    answer = column(seen(desk, reference), "lantern")
    assert (answer.orders, answer.link_evidence, answer.held_back, answer.withdrawn) == ((), (), 1, 1)
    own = [e for e in lines(desk, workers["lantern"], reference).entries if e.agency == "lantern"]
    acts = [(e.act, item.key) for e in own for item in e.items]
    assert (LedgerAct.STRUCK, "evidence:phone-1") in acts
    assert (LedgerAct.SHARED, "order:order-1") in acts
    assert (LedgerAct.WITHDRAWN, "order:order-1") in acts


def test_what_has_the_shape_of_a_protected_value_is_masked_and_is_none_of_the_victim(desk: Desk) -> None:
    with_toys(desk)
    telling = an_order(conditions=[{"wording": "Not to call 020 7946 0999, nor to go to SW1A 9ZZ."}])
    answer = a_contribution(
        orders=(telling,), link_evidence=(evidence(value="07700 900456"),), records_checked=()
    )
    reference = asked(desk, answer)
    read = seen(desk, reference).model_dump_json()

    assert "0999" not in read
    assert "9ZZ" not in read
    assert "07700 900456" in read
    assert "Not to call " in read
    with desk.runtime.uow.unrecorded() as work:
        stored = work.protected.held_by_case([reference])[reference]
    assert not [content for _, _, content in stored if b"0999" in content or b"9ZZ" in content]


def test_a_re_assessment_stores_no_phone_of_a_condition_and_finds_an_equal_answer_the_same(
    desk: Desk,
) -> None:
    with_toys(desk)
    wording = "Not to call 020 7946 0999."
    telling = a_contribution(orders=(an_order(conditions=[{"wording": wording}]),))
    first, later = asked(desk, telling), asked(desk, a_contribution(), "2")
    let_answer(desk, "harbour", telling)
    desk.clock.forward(timedelta(hours=1))
    reassess(desk)

    with desk.runtime.uow.unrecorded() as work:
        compared = {ref: work.reassessments.newest_on(ref)[0] for ref in (first, later)}
    assert compared[first].compared is Compared.SAME
    assert compared[later].compared is Compared.DIFFERENT
    assert "0999" not in compared[later].model_dump_json()


def test_an_equal_answer_without_them_adds_no_version_and_a_new_order_does(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk, a_contribution())
    first = harbour(desk, reference).version
    ask_all(desk, reference, again=True)
    assert harbour(desk, reference).version == first
    let_answer(desk, "harbour", FULL)
    reassess(desk)
    (again,) = [each for each in seen(desk, reference).reassessed if each.agency == "harbour"]
    assert any(sentence.startswith("Stalking protection order") for sentence in again.new)


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        (a_contribution(orders=(an_order(type="curfew"),)), "orders.0"),
        (a_contribution(orders=(an_order(made="2026-03-03"),)), "orders.0"),
        (a_contribution(link_evidence=(evidence(last_recorded="2030"),)), "link_evidence.0"),
        (a_contribution(records_checked=({"source": "PNC", "on": "2030-01-01"},)), "records_checked.0"),
        (a_contribution(reports=(a_report(happened="2030"),)), "reports.0"),
        (
            a_contribution(reports=(a_report(outcomes=[{"kind": "arrest", "on": "2030"}]),)),
            "reports.0",
        ),
        (
            a_contribution(own_row=OwnRow(record="H-9", date_of_birth=PartialDate("1999-09-09"))),
            "own_row (date of birth: another than asked about)",
        ),
    ],
)
def test_a_plugin_that_breaks_the_contract_failed(desk: Desk, answer: Contribution, where: str) -> None:
    with_toys(desk)
    reference = asked(desk, answer)
    returns = harbour(desk, reference)

    assert returns.state is AnswerState.FAILED
    with desk.runtime.uow.unrecorded() as work:
        stored = work.answers.of(reference, "harbour")
    assert stored is not None
    assert isinstance(stored.answers[-1].answer, Failed)
    assert where in stored.answers[-1].answer.says


@pytest.mark.parametrize(
    ("agency", "answer", "fault"),
    [
        ("harbour", a_contribution(orders=(an_order(type="curfew"),)), "orders 1"),
        ("harbour", a_contribution(link_evidence=(evidence(first_recorded="2030"),)), "first recorded"),
        (
            "harbour",
            a_contribution(records_checked=({"source": "PNC", "on": "2030-01-01"},)),
            "^records_checked 1",
        ),
        ("voice", a_contribution(link_evidence=(evidence(),)), "alleged perpetrator"),
        ("voice", a_contribution(reports=(REPORT,)), "alleged perpetrator"),
        ("harbour", a_contribution(reports=(a_report(happened="2030"),)), "date of report:report-one"),
        ("harbour", a_contribution(own_row=OwnRow(record="H-9")), "own_row"),
    ],
)
def test_a_person_who_types_is_held_to_the_same(
    desk: Desk, agency: str, answer: Contribution, fault: str
) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)

    with pytest.raises(InvalidInputError, match=fault):
        answer_by_hand(desk.context(workers[agency]), reference=reference, agency=agency, answer=answer)
