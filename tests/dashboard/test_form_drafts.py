"""Every form that is made by its model: what is in each field comes back to a new sign-in."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

import dashboard
from dashboard import record as page_record
from dashboard import session
from dashboard.form_model import SHORT, Form
from dashboard.views.agencies import suspending
from dashboard.views.alarms import questions, since
from dashboard.views.cases import band, complaints, incidents, person_acts, responsible, stepping_up
from dashboard.views.links import (
    alerts,
    items,
    network_export,
    notes,
    record_requests,
    saving,
    searches,
)
from dashboard.views.orders import areas, breaches, recording
from dashboard.views.outcomes import costs, follow_up
from dashboard.views.plans import changes, gate, in_case
from engine.domain.absence import YesNo
from engine.domain.alarms import AlarmSinceView
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.person_acts import ActsToShare
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.links.items_question import AskedRole, ItemsQuestion, Listed
from engine.domain.links.maps import HiddenRecord, LinkMap, MapAsked
from engine.domain.links.saved_searches import AroundQuestion
from engine.domain.orders.breaches import BreachResult, Comparison, ReviewAct
from engine.domain.orders.notices import NoticeEvent, NoticeGiven
from engine.domain.orders.views import OrdersOnCase
from engine.domain.plans.approval import Need
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.views import view_case
from engine.services.links.maps import draw_map
from engine.services.orders.areas import NearArea
from engine.services.orders.notices import record_notice
from engine.services.orders.reading import orders_on_case
from engine.services.referrals.incidents import record_incident
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visit, Visits, screened

AnyForm = Form  # of any model: each test reads its fields alone


def _view(reference: str) -> CaseView:
    return view_case(page_record.runtime().context(session.acting()), reference=reference)


def _alarm(reference: str) -> AlarmSinceView:
    return _view(reference).alarms_since[0]


def _orders(reference: str) -> OrdersOnCase:
    return orders_on_case(page_record.runtime().context(session.acting()), reference=reference)


def _incidents(reference: str) -> list[str]:
    return [each.reference for each in _view(reference).incidents]


def _offered(case: str) -> dict[str, str]:
    return {each: each for each in _incidents(case)}


def _comparison(case: str) -> Comparison:
    return Comparison(
        incident=_incidents(case)[0],
        order="PO-7K3M9Q2",
        condition=1,
        result=BreachResult.LIKELY,
        evidence=(),
        unclear=(),
        against=(),
        rule="contact",
        version=1,
    )


def _map(case: str) -> LinkMap:
    runtime = page_record.runtime()
    context = runtime.context(session.acting())
    return draw_map(context, asked=MapAsked(start=case), snapshots=runtime.link_snapshots)


def _near(case: str) -> NearArea:
    now = page_record.runtime().clock.now()
    return NearArea(case=case, comparison=_comparison(case), reported_at=now)


AGENCIES = {"harbour": "Harbour Office", "voice": "Voice"}
FORMS: dict[str, Callable[[str], AnyForm]] = {
    "agencies.suspending": lambda _: suspending("harbour", "Harbour Office", is_suspended=False),
    "alarms.questions.child_safeguarding": questions.child_safeguarding,
    "alarms.questions.works_for": lambda case: questions.works_for(_view(case)),
    "alarms.since.handing_over": lambda case: since.handing_over(case, _alarm(case), ["harbour-worker"]),
    "alarms.since.refusing": lambda case: since.refusing(case, _alarm(case)),
    "alarms.since.disclosing": lambda case: since.disclosing(case, _alarm(case)),
    "alarms.since.doing": lambda case: since.doing(case, _alarm(case)),
    "alarms.since.ending": lambda case: since.ending(case, _alarm(case)),
    "cases.band.noting": lambda case: band.noting(_view(case), _incidents(case)),
    "cases.complaints.finding": lambda case: complaints.finding(case, _offered(case), session.acting()),
    "cases.complaints.withdrawing": lambda case: complaints.withdrawing(case, _offered(case)),
    "cases.incidents.recording": incidents.recording,
    "cases.person_acts.sharing": lambda case: person_acts.sharing(case, ActsToShare(people=1, acts=())),
    "cases.person_acts.withdrawing": person_acts.withdrawing,
    "cases.responsible.form": lambda case: responsible.form(
        case, _view(case).responsible, session.acting(), AGENCIES
    ),
    "cases.stepping_up.form": stepping_up.form,
    "links.alerts.resolving": lambda _: alerts.resolving("F-7K3M9QV"),
    "links.items.exporting": lambda _: items.exporting(
        ItemsQuestion(find=Listed.PEOPLE, role=AskedRole.VICTIM)
    ),
    "links.network_export.exporting": lambda case: network_export.exporting(_map(case), "N-7K3M9QV"),
    "links.notes.writing": lambda case: notes.writing(_map(case), _map(case).nodes[0]),
    "links.saving.exporting": lambda case: saving.exporting(_map(case), "1 item"),
    "links.saving.saving": lambda case: saving.saving(_map(case)),
    "links.searches.saving": lambda case: searches.saving((AroundQuestion(reference=case),)),
    "links.record_requests.asking": lambda case: record_requests.asking(
        HiddenRecord(case=case, code="harbour", agency="Harbour Office", ask="their desk")
    ),
    "orders.areas.confirming": lambda case: areas.confirming(case, _near(case)),
    "orders.breaches.answering": lambda case: breaches.answering(case, "B-7K3M9Q2", ReviewAct.CONFIRMED),
    "orders.breaches.details": lambda case: breaches.details(case, _incidents(case)[0]),
    "orders.recording.new_case": lambda case: recording.new_case(_orders(case)),
    "orders.recording.new_notice": recording.new_notice,
    "orders.recording.new_attempt": lambda case: recording.new_attempt(_orders(case)),
    "outcomes.costs.adding_price": lambda _: costs.adding_price(AGENCIES),
    "outcomes.follow_up.ending": lambda case: follow_up.ending(_view(case), Act.CLOSE, "Close case"),
    "outcomes.follow_up.safeguarding": follow_up.safeguarding,
    "outcomes.follow_up.taking_back": follow_up.taking_back,
    "plans.gate.naming_informer": lambda case: gate.naming_informer(case, 1, AGENCIES),
    "plans.gate.signing": lambda case: gate.signing(case, 1, Need.SAFETY_CHECK),
    "plans.in_case.reporting": lambda case: in_case.reporting(case, []),
    "plans.changes.closing": changes.closing,
    "plans.changes.custody": changes.custody,
    "plans.changes.police_decision": lambda case: changes.police_decision(
        case, _view(case).review.not_decided
    ),
}


def test_every_form_is_tried_here() -> None:
    views = Path(dashboard.__file__).parent / "views"
    made = {
        ".".join((*path.relative_to(views).with_suffix("").parts, node.name))
        for path in views.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.returns is not None and not node.name.startswith("_")
        if ast.unparse(node.returns).startswith("Form[")
    }
    assert made == FORMS.keys()


@pytest.fixture
def case(desk: Desk) -> str:
    """A case with an alarm, an incident that police have not decided on, and an event for the victim."""
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    desk.clock.forward(timedelta(hours=1))
    context = desk.context(desk.chair)
    incident = an_incident("2026-03-02", kind=IncidentKind.THREAT, what="A knife.")
    record_incident(context, reference=reference, incident=incident, topics={AlarmTopic.WEAPON: YesNo.YES})
    event = NoticeGiven(event=NoticeEvent.RELEASE, on=date(2026, 3, 4))
    record_notice(context, reference=reference, notice=event)
    return reference


def _drawn(name: str, reference: str) -> None:
    from dashboard import forms
    from tests.dashboard import test_form_drafts

    forms.draw(test_form_drafts.FORMS[name](reference))


def _shown(visits: Visits, desk: Desk, name: str, case: str) -> tuple[Visit, AnyForm]:
    visit = visits.show(desk.chair, _drawn, name, case)
    with pytest.MonkeyPatch.context() as patched:  # outside a run of the page there is no session
        patched.setattr(session, "acting", lambda: desk.chair)
        return visit, FORMS[name](case)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_in_each_field_comes_back_to_a_new_sign_in(
    desk: Desk, case: str, visits: Visits, name: str
) -> None:
    visit, form = _shown(visits, desk, name, case)
    filled: dict[str, object] = {}
    for each in form.fields:
        if each.column.of is str and not each.asked.offered:
            if each.asked.only_if is None:
                visit.type(each.key, f"About {each.name}.")
                filled[each.key] = f"About {each.name}."
        elif each.column.of in SHORT and not each.asked.offered:
            typed = "9 March 2026" if each.column.of in (date, PartialDate) else "21:40"
            visit.app.text_input(key=each.key).set_value(typed)
            filled[each.key] = typed
        elif each.asks_yes_or_no:
            visit.app.radio(key=each.key).set_value(each.asked.answers[1])
            filled[each.key] = each.asked.answers[1]
        elif not each.asked.offered:
            is_radio = each.key in {one.key for one in visit.app.radio}
            widgets = visit.app.radio if is_radio else visit.app.selectbox
            last = (each.asked.choices or each.column.members)[-1]
            widgets(key=each.key).set_value(last)
            filled[each.key] = last
    assert filled
    visit.run()
    again, _ = _shown(visits, desk, name, case)
    shown = (*again.app.radio, *again.app.selectbox, *again.app.text_input)
    values = {each.key: each.value for each in shown}
    assert {key: values[key] if key in values else again.typed(key) for key in filled} == filled


@pytest.mark.parametrize("name", FORMS)
def test_a_form_whose_record_nothing_undoes_leads_to_a_review_and_no_other_does(
    desk: Desk, case: str, visits: Visits, name: str
) -> None:
    visit, form = _shown(visits, desk, name, case)
    label = visit.app.button(key=f"{form.key}-save").label
    assert label == (form.button if form.undone_by else form.reviews)
    assert visit.offers(f"{form.key}-leave") is (form.must_leave or not form.undone_by)
    assert form.undone_by or form.reviews != form.button


ONE_LINE = re.compile(r"\bin one line\b|^(?:Caption|Crime reference|Grade|Name|Person|Place)\b")


@pytest.mark.parametrize("name", FORMS)
def test_a_text_of_one_line_has_a_field_of_one_line(desk: Desk, case: str, visits: Visits, name: str) -> None:
    texts = [each.asked for each in _shown(visits, desk, name, case)[1].fields if each.is_text]
    assert [each.label for each in texts if ONE_LINE.search(each.label) and each.rows != 1] == []
