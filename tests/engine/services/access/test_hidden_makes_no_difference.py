"""With and without a restricted case, whoever may not know of it is told the same to the byte."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select
from sqlmodel import col

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.accounts.tasks import Task
from engine.domain.agencies.health import ChasedHow
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.due import OF_DESK, PEOPLE_OF_CASE, of_agency, of_role
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.drafts import DraftForm
from engine.domain.errors import StacError
from engine.domain.ids import new_reference
from engine.domain.links.maps import MapAsked, PathAsked
from engine.domain.links.saved_searches import AroundQuestion
from engine.domain.orders.breaches import DetailsGiven
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.people.persons import PersonDescribed
from engine.domain.people.same_person import SameVerdict
from engine.domain.people.search import SeenBeforeAsked
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.approval import (
    ApprovalGiven,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.plans.lists import EVERY_PLAN, DueIn, ListedBy, PlanFilter, TableForm, Wishes
from engine.domain.plans.versions import PlanState
from engine.domain.referrals.advice import SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import NilReturn, Stage
from engine.domain.rights.information_requests import RequestGiven
from engine.domain.rights.informing_victims import PackPrepared
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.domain.vault.despair import RISK
from engine.links.exporting.graph_files import GraphFormat
from engine.services.access import conflicts, primary_roles, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.access import log as access_log
from engine.services.access import reasons as access_reasons
from engine.services.accounts import users
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension
from engine.services.alarms import own_topics, questions
from engine.services.cases import acts_sharing, worklists
from engine.services.cases import lists as case_lists
from engine.services.cases import names as case_names
from engine.services.cases import views as case_views
from engine.services.cases.complaints import withdraw_complaint_finding
from engine.services.cases.due_kinds import KINDS
from engine.services.cases.following import follow_conference
from engine.services.conference import decisions, meetings
from engine.services.conference.minutes import read_minutes
from engine.services.conference.room import view_room
from engine.services.context import AgencyContext, Context
from engine.services.drafts import open_draft
from engine.services.links import alerts as link_alerts
from engine.services.links import associates_requests, path_maps, record_requests, saved_searches, sharing
from engine.services.links import export as link_export
from engine.services.links import graphs as link_graphs
from engine.services.links import items as link_items
from engine.services.links import maps as link_maps
from engine.services.links import register as link_register
from engine.services.links import views as link_views
from engine.services.links.associates import ask_associates
from engine.services.links.snapshots import LinkSnapshots
from engine.services.links.week import patterns_of_week
from engine.services.orders.areas import areas_on_case
from engine.services.orders.breaches import breaches_on_case, list_breaches
from engine.services.orders.export import OrderFileForm, export_orders
from engine.services.orders.listing import list_orders
from engine.services.orders.reading import orders_on_case
from engine.services.orders.recording import create_order
from engine.services.outcomes import follow_up, summary
from engine.services.outcomes.costs import cost_figures
from engine.services.outcomes.process import process_figures
from engine.services.outcomes.releases import newest_release
from engine.services.people import same_person
from engine.services.people import search as person_search
from engine.services.people.link_search import ask_links
from engine.services.plans import actions as plan_actions
from engine.services.plans import approval as plan_approval
from engine.services.plans import reviews as plan_reviews
from engine.services.plans import versions as plan_versions
from engine.services.plans.conflicts import check_plan
from engine.services.plans.export import export_plans
from engine.services.plans.lists import list_plans
from engine.services.plans.own_actions import own_actions
from engine.services.plans.protected_places import name_lead
from engine.services.referrals import advice, arrival, episodes, screening, stepping_up
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import incidents as referral_incidents
from engine.services.responses import agency_answers, corrections, reassessment, reminders, withdrawal
from engine.services.responses.topics import record_response_topics
from engine.services.rights import informing_victims, retention, subject_access_decisions, victim_requests
from engine.services.sharing import release_rules
from engine.services.sharing.figures import sharing_figures
from engine.services.vault import access_requests, guesses, typed_texts
from engine.services.vault.despair import despair_on_case, record_despair
from engine.services.vault.notifications import vault_on_case
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.due import DueRow
from tests.builders import (
    AN_ORDER,
    SAFE_HOUSE,
    SAFE_PHONE,
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_plan,
    a_screening,
    an_incident,
    in_one_entry,
)
from tests.differential import VIEWERS, TwoWorlds, statements_of, two_worlds, without_lengths

WHY = "It cannot wait."


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWorlds]:
    """Built once, for tests that do the same in both or change nothing."""
    with two_worlds(tmp_path_factory.mktemp("worlds")) as made:
        yield made


@pytest.fixture
def own_worlds(tmp_path: Path) -> Iterator[TwoWorlds]:
    """For a test that changes them."""
    with two_worlds(tmp_path) as made:
        yield made


def everything_listed(desk: Desk, acting: Acting, shown: str) -> dict[str, str]:
    """What every service that lists, counts or shows tells this person, errors too, by the service."""
    common: dict[str, Any] = {"context": desk.context(acting)}
    here = {**common, "reference": shown}
    unscreened: dict[str, Any] = {"first": 0, "count": 50, "triage": [None]}
    return {
        name: _answer_of(ask)
        for name, ask in {
            "list": lambda: case_lists.list_page(**common, count=None).rows,
            "responses": lambda: case_lists.list_responses(**common, references=[shown]),
            "page": lambda: case_lists.list_page(**common, first=0, count=1),
            "unscreened": lambda: case_lists.list_page(**common, **unscreened),
            "decided": lambda: case_lists.list_page(**common, states=[State.IN_DELIVERY]),
            "show": lambda: case_views.view_case(**here),
            "worklist": lambda: worklists.worklist(**common),
            "worklist page": lambda: worklists.worklist_page(
                **common, at_once=1, named={"alarm", "task", "decide", "chase"}
            ),
            "worklist with names": lambda: case_names.name_items(
                **common, items=worklists.worklist(**common).items
            ),
            "orders": lambda: list_orders(**common),
            "likely breaches": lambda: list_breaches(**common),
            "orders of case": lambda: orders_on_case(**here),
            "likely breaches of case": lambda: breaches_on_case(**here),
            "sealed areas of case": lambda: areas_on_case(**here),
            **orders_as_files(desk, acting),
            "plans": lambda: list_plans(**common),
            "plans by owner": lambda: list_plans(**common, listed_by=ListedBy.OWNER, count=1),
            **plans_asked(desk, acting),
            "own actions": lambda: own_actions(**common),
            "conferences": lambda: _conferences(common["context"]),
            "summary": lambda: summary.summary(**common),
            "outcomes": lambda: newest_release(**common),
            "exact figures of the work": lambda: process_figures(**common),
            "exact costs": lambda: cost_figures(**common),
            "health": lambda: agency_health.health(**common),
            "diagnostics": lambda: agency_health.diagnostics(**common),
            "rejected": lambda: referral_imports.rejected_rows(**common),
            "users": lambda: users.list_users(**common),
            "urgent looks": lambda: emergency_access.to_review(**common),
            "who may know": lambda: restrictions.who_may_know(**here),
            "who has looked": lambda: access_log.read_access_log(**here),
            "review queue": lambda: same_person.review_queue(**common),
            "blind queue": lambda: same_person.review_queue(**common, blind=True),
            **rights_asked(desk, acting, shown),
            **links_asked(desk, acting, shown),
            **maps_asked(desk, acting, shown),
        }.items()
    }


def orders_as_files(desk: Desk, acting: Acting) -> dict[str, Callable[[], object]]:
    """The dates of orders as each of the three files."""
    context = desk.context(acting)

    def as_file(form: OrderFileForm) -> list[object]:
        made = export_orders(context, form=form, ahead_days=366)
        if form != "xlsx":
            return [made.file_name, made.content.decode()]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_index(0)
        return [made.file_name, sheet.to_python()]

    forms: tuple[OrderFileForm, ...] = ("csv", "xlsx", "ics")
    return {f"orders as {form}": partial(as_file, form) for form in forms}


def plans_asked(desk: Desk, acting: Acting) -> dict[str, Callable[[], object]]:
    """The Plans page by week, state and wishes, page by page, and as the two files."""
    context = desk.context(acting)

    def as_file(form: TableForm) -> list[object]:
        made = export_plans(context, wanted=EVERY_PLAN, listed_by=ListedBy.CASE, form=form)
        if form == "csv":
            return [made.file_name, made.content.decode()]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_index(0)
        return [made.file_name, sheet.to_python()]

    return {
        "plans, overdue": lambda: list_plans(context, wanted=PlanFilter(due=DueIn.OVERDUE)),
        "plans, ended": lambda: list_plans(context, wanted=PlanFilter(state=PlanState.ENDED)),
        "plans, no wishes": lambda: list_plans(context, wanted=PlanFilter(wishes=Wishes.NOT_RECORDED)),
        "plans, second page": lambda: list_plans(context, first=1, count=1),
        "plans as CSV": lambda: as_file("csv"),
        "plans as XLSX": lambda: as_file("xlsx"),
    }


def _conferences(context: AgencyContext) -> list[object]:
    """Each conference that this person has a part in: its agenda, its minutes, and the room's screen."""
    found: list[object] = []
    for there in meetings.list_conferences(context):
        here: dict[str, Any] = {"context": context, "conference": there.reference}
        followed = [follow_conference(**here, place=place) for place in (None, 1, 2)]
        found += [meetings.view_conference(**here), read_minutes(**here), *followed]
        if context.acting.role is not Role.PRACTITIONER:
            found.append(view_room(**here))
    return found


def rights_asked(desk: Desk, acting: Acting, shown: str) -> dict[str, Callable[[], object]]:
    """Who shared, kept, corrected, told, opened and looked: on a case that is open, and over all."""
    common: dict[str, Any] = {"context": desk.context(acting)}
    here: dict[str, Any] = {**common, "reference": shown}
    return {
        "ledger": lambda: release_rules.ledger(**here),
        "shared in figures": lambda: sharing_figures(**common),
        "kept": lambda: retention.list_kept(**common),
        "kept here": lambda: retention.list_kept(**here),
        "certificates": lambda: retention.certificates(**here),
        "corrections": lambda: corrections.changes_on(**here),
        "roles": lambda: primary_roles.roles_on_case(**here),
        "victim requests": lambda: victim_requests.requests_on(**here),
        "victim told": lambda: informing_victims.told_on_case(**here),
        "why opened": lambda: access_reasons.reasons_given(**here),
        "vault": lambda: vault_on_case(**here),
        "protected notes": lambda: despair_on_case(**here),
        "alarms about places": lambda: guesses.alarms_of_places(**common),
        "texts that tell": lambda: typed_texts.texts_to_see_to(**common),
        "requests": lambda: subject_access_decisions.list_requests(**common),
        "to clear": lambda: subject_access_decisions.to_clear(**common),
    }


def maps_asked(desk: Desk, acting: Acting, shown: str) -> dict[str, Callable[[], object]]:
    """Maps drawn and taken out through the browser's own route, standing queries and their alerts."""
    common: dict[str, Any] = {"context": desk.context(acting), "snapshots": desk.runtime.link_snapshots}
    asked = MapAsked(start=shown, hops=4)

    def taken_out() -> bytes:
        taken = link_export.ask_export(**common, asked=asked, form="graphml", why=WHY)
        return link_export.made_export(**common, reference=taken.ref).content

    def watched() -> list[str]:
        question = AroundQuestion(reference=_somebody_near(desk, shown), hops=4)
        query = saved_searches.save_query(**common, question=question, why=WHY)
        with desk.runtime.uow.unrecorded() as work:
            return sorted(work.links.queries.known_matches(query.reference))

    def alerts() -> str:
        found = link_alerts.my_alerts(**common)
        return re.sub(r"Q-[0-9A-Z]{7}", "Q", found.model_dump_json())  # each world drew its own

    def shared() -> list[str]:
        found = sharing.shared_with_me(**common)
        return [re.sub(r"Q-[0-9A-Z]{7}", "Q", each.model_dump_json()) for each in found]

    def associates() -> list[object]:
        question = associates_requests.associates_question({})
        sent = associates_requests.request_associates(
            common["context"], question=question, purpose=Task.REVIEW, why=WHY
        )
        second = desk.coordinator if acting.role is Role.CHAIR else desk.chair
        associates_requests.answer_associates(desk.context(second), reference=sent.reference, agrees=True)
        found = ask_associates(**common, reference=sent.reference)
        return [found.model_dump(mode="json", exclude={"snapshot_at"}), found.notes]

    def requests_to_answer() -> str:
        found = associates_requests.associates_requests(common["context"])
        return re.sub(r"AQ-[0-9A-Z]{7}", "AQ", found.model_dump_json())

    return {
        "associates": associates,
        "requests about associates": requests_to_answer,
        "requests about records": lambda: record_requests.record_requests(common["context"]),
        "request about a record": lambda: record_requests.request_record(
            common["context"], reference=shown, agency="harbour", purpose=Task.REVIEW
        ),
        "shared searches": shared,
        "map": lambda: link_maps.draw_map(**common, asked=asked),
        "recent maps": lambda: link_maps.recent_maps(common["context"]),
        "map as a file": taken_out,
        "what a standing query knows": watched,
        "alerts": alerts,
    }


def every_question(desk: Desk, acting: Acting) -> list[str]:
    """What this person is told of everybody in the case that is hidden, and what then waits."""
    him, her = a_person(pnc="2001/0000123Y"), a_person("Amira", "Kent", pnc="2003/0000456Q")
    questions: list[dict[str, Any]] = [
        {"perpetrator": him.model_dump(mode="json", exclude={"sex"})},
        {"victim": her.model_dump(mode="json", exclude={"sex"})},
        {"address": SAFE_HOUSE},
        {"phone": SAFE_PHONE},
        {"person": {"forename": him.forename, "surname": him.surname}},
        {"person": {"forename": her.forename, "surname": her.surname}},
    ]
    common: dict[str, Any] = {"context": desk.context(acting)}
    texts = [
        _answer_of(
            partial(person_search.seen_before, **common, asked=SeenBeforeAsked.model_validate(question))
        )
        for question in questions
    ]
    texts += [
        _answer_of(partial(_asked_of_links, desk, acting, text)) for text in _typed_into_links(him, her)
    ]
    return [*texts, re.sub(r"S-[0-9A-Z]{7}", "S", _answer_of(lambda: person_search.searches_sent(**common)))]


def _typed_into_links(him: PersonDescribed, her: PersonDescribed) -> tuple[str, ...]:
    """Texts for the one box about links: those who are in the case that is hidden, and a way between them."""
    one, other = (f"{each.forename} {each.surname}" for each in (him, her))
    return (
        one,
        other,
        SAFE_PHONE,
        "07700 900123",
        "LX19 ABC",
        f"path from {one} to {one}",
        f"path from {one} to {other}",
    )


def _asked_of_links(desk: Desk, acting: Acting, text: str) -> dict[str, object]:
    answer = ask_links(desk.context(acting), text=text, snapshots=desk.runtime.link_snapshots)
    return answer.model_dump(mode="json", exclude={"path": {"drawn": {"snapshot_at"}}})


def links_asked(desk: Desk, acting: Acting, shown: str) -> dict[str, Callable[[], object]]:
    """Every question about links, from a case that is open to this person."""
    whole: dict[str, Any] = {"context": desk.context(acting), "snapshots": desk.runtime.link_snapshots}
    around: dict[str, Any] = {**whole, "reference": shown}
    near = _somebody_near(desk, shown)
    return {
        "links, two hops": lambda: link_views.view_around(**around),
        "links, many hops": lambda: link_views.view_around(**around, hops=6),
        "links, a hub of one": lambda: link_views.view_around(**around, hops=4, hub_cap=1),
        "links, few drawn": lambda: link_views.view_around(**around, hops=6, most=4),
        "links, one kind": lambda: link_views.view_around(**around, hops=4, kinds=["uses"]),
        "links, long ago": lambda: link_views.view_around(**around, hops=4, at=date(2026, 2, 21)),
        "links in figures": lambda: _without_age(link_register.summary(**whole)),
        "links, components": lambda: _drawn(link_graphs.components(**whole)),
        "links, trends": lambda: _without_age(link_register.trends(**whole).as_values()),
        "links, patterns": lambda: link_register.patterns(**whole).model_dump(
            mode="json", exclude={"snapshot_at"}
        ),
        "links, patterns of the week": lambda: patterns_of_week(**whole),
        "links, a path": lambda: _without_age(link_graphs.path(**whole, a=shown, b=near).as_values()),
        "links, a path drawn": lambda: path_maps.draw_path(
            **whole, asked=PathAsked(start=shown, end=near)
        ).model_dump(mode="json", exclude={"drawn": {"snapshot_at"}}),
        "links, items by role": lambda: _items(**whole, find="people", role="perpetrator"),
        "links, items by date": lambda: _items(**whole, find="incidents", since="2020-01-01"),
        "links, items near one": lambda: _items(**whole, find="referrals", to=near),
        "links, no such items": lambda: _items(**whole, find="referrals", to="P-222222B"),
        "links, no such path": lambda: link_graphs.path(**whole, a=shown, b="P-222222B"),
        **{f"links as {form.value}": partial(_exported, desk, acting, form) for form in GraphFormat},
        "links as a graph": lambda: nx.node_link_data(
            link_graphs.neighbourhood(**whole, person=shown, hops=6), edges="edges"
        ),
    }


def _items(context: Context, snapshots: LinkSnapshots, **given: str) -> dict[str, object]:
    found = link_items.ask_items(context, question=link_items.items_question(given), snapshots=snapshots)
    return _without_age(found.model_dump(mode="json"))


def _without_age(answer: Mapping[str, object]) -> dict[str, object]:
    """When the arrays were made tells of the machine, not of a case; how many changed since is compared."""
    return {name: each for name, each in answer.items() if name != "snapshot_at"}


def _drawn(found: link_graphs.Components) -> list[object]:
    return [_without_age(found.figures), [nx.node_link_data(graph, edges="edges") for graph in found.graphs]]


def _somebody_near(desk: Desk, shown: str) -> str:
    """The alleged perpetrator of the case that is open: a path leads there."""
    with desk.runtime.uow.unrecorded() as work:
        return work.people.on_cases([shown])[0].reference


def _exported(desk: Desk, acting: Acting, form: GraphFormat) -> list[tuple[str, int, str]]:
    """Every file that is written, by name, size and content."""
    with TemporaryDirectory() as place:
        files = link_export.export(
            desk.context(acting),
            snapshots=desk.runtime.link_snapshots,
            form=form,
            out=Path(place, "out"),
            why=WHY,
        )
        read = [(Path(file).name, Path(file).read_bytes()) for file in files]
    return [(name, len(written), written.decode()) for name, written in read]


NOT_CONSIDERED = SlipEntry(answer=SlipAnswer.NO, why="Not yet.")


def every_act_on(desk: Desk, acting: Acting, reference: str, action: str) -> dict[str, Callable[[], object]]:
    """Every use case that names a case or an action, tried on this one by this person."""
    here: dict[str, Any] = {"context": desk.context(acting), "reference": reference}
    answer = {**here, "agency": acting.agency or "harbour"}
    finding = {
        "measure": "reported further stalking",
        "found": "none found",
        "looked_until": "2026-03-01",
        "looked_in": ["harbour"],
        "says": "Nothing was found.",
    }
    acted: dict[str, Any] = {"context": desk.context(acting), "action": action}
    return {
        "show": lambda: case_views.view_case(**here),
        "screen": lambda: screening.screen(**here, screening=a_screening()),
        "step up": lambda: stepping_up.step_up(**here, reason="A knife was found."),
        "list advice": lambda: advice.list_advice(**here),
        "send advice": lambda: advice.record_sent(**here, how=SentHow.EMAIL, to="officer in the case"),
        "slip of advice": lambda: advice.record_slip(**here, slip=SlipGiven(spo=NOT_CONSIDERED)),
        "close advice": lambda: advice.close_advice(**here, reason=WHY),
        "name people": lambda: screening.name_people(**here, people=["ana"]),
        "acknowledge": lambda: screening.acknowledge_alarm(**here),
        "child safeguarding": lambda: questions.record_child_safeguarding(
            **here, referred=True, why="Informed."
        ),
        "works for": lambda: questions.record_works_for(**here, answers=dict.fromkeys(PARTIES, YesNo.NO)),
        "refuse alarm": lambda: own_topics.refuse_topics(**here, alarm="AL-7K3M9QV", why=WHY),
        "disclose alarm": lambda: own_topics.disclose_topics(**here, alarm="AL-7K3M9QV", why=WHY),
        "response topics": lambda: record_response_topics(**answer, topics={AlarmTopic.WEAPON: YesNo.YES}),
        "safeguard": lambda: screening.record_safeguarding(**here, done="Locks changed."),
        "end": lambda: screening.end_involvement(**here, act=Act.CLOSE, why="Over."),
        "leave episode": lambda: episodes.take_back_joining(**here, why="Another."),
        "incident": lambda: referral_incidents.record_incident(**here, incident=an_incident()),
        "acts to share": lambda: acts_sharing.view_acts_to_share(**here),
        "share acts": lambda: acts_sharing.share_acts(**here, why=WHY),
        "withdraw acts": lambda: acts_sharing.withdraw_acts(**here, why=WHY),
        "withdraw finding": lambda: withdraw_complaint_finding(**here, incident="I-7K3M9QV", why=WHY),
        "order": lambda: create_order(**here, given=AN_ORDER),
        "orders of case": lambda: orders_on_case(**here),
        "likely breaches of case": lambda: breaches_on_case(**here),
        "details of incident": lambda: referral_incidents.record_details(
            **here, incident="I-7K3M9QV", given=DetailsGiven.model_validate({"details": {"time": "21:40"}})
        ),
        "draft": lambda: open_draft(here["context"], form=DraftForm.INCIDENT, case=reference),
        "prepared": lambda: agency_answers.prepared_answer(**answer),
        "answer": lambda: agency_answers.answer_by_hand(
            **answer, answer=NilReturn(looked_in=("cards",), says="Nothing is held.")
        ),
        "release": lambda: agency_answers.release(**answer),
        "withdraw": lambda: withdrawal.withdraw(**answer, item="finding-1"),
        "chase": lambda: reminders.chase(**here, agency="harbour", how=ChasedHow.EMAIL),
        "conference": lambda: decisions.open_conference(**here),
        "decide": lambda: decisions.decide(**here, decision=a_decision()),
        "plan": lambda: plan_versions.make_plan(**here, plan=a_plan(agency="harbour"), agencies=TOY_CODES),
        "record voice": lambda: plan_approval.record_need(
            **here, need=NeedRecorded(need=Need.SAFETY_CHECK, plan_version=1, result=SafetyResult.SAFE)
        ),
        "sign why not": lambda: plan_approval.sign_why_not(
            **here, need=NeedSignedNot(need=Need.SAFETY_CHECK, plan_version=1, why=WhyNot.OTHER, says=WHY)
        ),
        "approve": lambda: plan_approval.approve_plan(**here, approval=ApprovalGiven(version=1)),
        "check plan": lambda: check_plan(**here, actions=a_plan(agency="harbour").actions),
        "close review": lambda: plan_reviews.close_review(**here, decided=WHY, next_on=desk.clock.today()),
        "custody": lambda: plan_reviews.record_custody_change(
            **here, change=CustodyChange.TAKEN, on=desk.clock.today()
        ),
        "police decision": lambda: plan_reviews.record_police_decision(
            **here,
            decision=PoliceDecisionGiven(
                incident=new_reference("incident"),
                action=PoliceAction.ARREST,
                decided_by="A. B.",
                decided_on=desk.clock.today(),
            ),
        ),
        "name lead": lambda: name_lead(**here, user="ana"),
        "outcome": lambda: follow_up.record_outcome(**here, outcome=OutcomeGiven.model_validate(finding)),
        "act": lambda: plan_actions.act(**acted, status=ActionStatus.DONE),
        "undo report": lambda: plan_actions.undo_report(**acted),
        "restrict": lambda: restrictions.restrict(**here, why=WHY),
        "lift": lambda: restrictions.lift(**here, why=WHY),
        "who may know": lambda: restrictions.who_may_know(**here),
        "say own": lambda: conflicts.say_own(**here, is_connected=True),
        "say of": lambda: conflicts.say_of(**here, user="ana", is_connected=True, why=WHY),
        "question": lambda: conflicts.question(
            **{**here, "context": replace(here["context"], settings=_asks(desk))}
        ),
        "break glass": lambda: emergency_access.break_glass(**here, why=WHY),
        "who has looked": lambda: access_log.read_access_log(**here),
        "links": lambda: link_views.view_around(**here, snapshots=desk.runtime.link_snapshots),
        **rights_on(desk, acting, reference),
    }


def rights_on(desk: Desk, acting: Acting, reference: str) -> dict[str, Callable[[], object]]:
    """Every use case of rights, rules, keeping, openings and maps, tried on this one by this person."""
    snapshots = desk.runtime.link_snapshots
    common: dict[str, Any] = {"context": desk.context(acting)}
    here: dict[str, Any] = {**common, "reference": reference}
    agency = acting.agency or "harbour"
    owned: dict[str, Any] = {**here, "owner": acting.agency or "desk", "why": WHY}
    rule = RuleGiven(
        item="*", audience=AudienceKind.OWNER, grounds=Grounds(purpose="case work"), why="Told in confidence."
    )
    request = dict.fromkeys(("what", "why", "necessary", "handled"), "So.")
    return {
        "rule": lambda: release_rules.set_rule(**here, agency=agency, rule=rule),
        "ledger": lambda: release_rules.ledger(**here),
        "kept": lambda: retention.list_kept(**here),
        "review": lambda: retention.review(**owned, erase=False),
        "hold": lambda: retention.hold(**owned),
        "correct": lambda: corrections.ask_change(**here, owner="lantern", item="finding-1", what=WHY),
        "assess roles": lambda: primary_roles.assess_roles(**here, is_primary=True, why=WHY),
        "investigator": lambda: primary_roles.name_investigator(**here, user="ana", why=WHY),
        "about victim": lambda: victim_requests.ask_about_victim(
            **here, request=RequestGiven.model_validate({"agency": "harbour", **request})
        ),
        "pack": lambda: informing_victims.prepare_pack(**here, pack=PackPrepared(words=(WHY,))),
        "take pack": lambda: informing_victims.take_pack(**here),
        "vault": lambda: vault_on_case(**here),
        "protected notes": lambda: despair_on_case(**here),
        "protected note": lambda: record_despair(**here, what=WHY),
        "safe contact": lambda: access_requests.name_safe_contact(**here, user="ana"),
        "why opened": lambda: access_reasons.say_why_opened(**here, why=WHY),
        "map": lambda: link_maps.draw_map(**common, snapshots=snapshots, asked=MapAsked(start=reference)),
        "map as a file": lambda: link_export.ask_export(
            **common, snapshots=snapshots, asked=MapAsked(start=reference), form="graphml", why=WHY
        ),
        "watch": lambda: saved_searches.save_query(
            **common, snapshots=snapshots, question=AroundQuestion(reference=reference), why=WHY
        ),
    }


def _asks(desk: Desk) -> Any:
    return desk.runtime.settings.model_copy(update={"ask_about_connections": True})


def _answer_of(ask: Callable[[], object]) -> str:
    try:
        return json.dumps(_plain(ask()), sort_keys=True, default=str)
    except StacError as error:
        return f"{type(error).__name__}: {error}"


def _referrals_in_a_new_batch(desk: Desk) -> int:
    batch, _ = reassessment.open_batch(desk.context(desk.chair), reason="A new extract.")
    return batch.referrals


def _plain(answer: object) -> object:
    if isinstance(answer, (tuple, list)):
        return [_plain(each) for each in answer]
    return answer.model_dump(mode="json") if hasattr(answer, "model_dump") else answer


@pytest.mark.parametrize("role", VIEWERS)
def test_every_list_count_and_page_is_the_same_to_the_byte(worlds: TwoWorlds, role: str) -> None:
    acting = worlds.viewers[role]
    without = everything_listed(worlds.without, acting, worlds.shown)
    having = everything_listed(worlds.having, acting, worlds.shown)
    assert having == without
    has_shares = role in ("co-ordinator", "practitioner", "analyst")
    assert has_shares is ("new neighbours within" in having["alerts"])
    for secret in (worlds.hidden, worlds.unscreened, worlds.hidden_action):
        assert not any(secret in text for text in having.values())


@pytest.mark.parametrize("role", VIEWERS)
def test_the_plans_page_does_the_same_work(worlds: TwoWorlds, role: str) -> None:
    """The same statements in the same order: the time tells nothing."""
    acting, given = worlds.viewers[role], []
    for desk in (worlds.without, worlds.having):
        desk.runtime.uow.derive_all()  # once in a process, by the first who reads
        context = desk.context(acting)
        pages: list[Callable[[], object]] = [partial(list_plans, context), partial(own_actions, context)]
        with statements_of(desk) as statements:
            for ask in (*plans_asked(desk, acting).values(), *pages):
                _answer_of(ask)
        given.append(statements)
    assert given[0] == given[1]


@pytest.mark.parametrize("role", VIEWERS)
def test_the_worklist_does_the_same_work(worlds: TwoWorlds, role: str) -> None:
    given = [statements_of_worklist(desk, worlds.viewers[role]) for desk in (worlds.without, worlds.having)]
    assert given[0] == given[1]


OF_VIEWER = (
    ("review to work out", "review", (OF_DESK,), ("review", "review brought forward")),
    ("plan to work out", "plan", (of_role(Role.COORDINATOR), of_role(Role.CHAIR), of_agency("voice")), ()),
    ("breach to work out", "breaches", (OF_DESK, of_agency("harbour")), ()),
    ("order of several cases", None, (PEOPLE_OF_CASE,), ("order",)),
    ("gap to work out", "orders", (PEOPLE_OF_CASE,), ("no order applies",)),
)


def test_each_kind_whose_rows_rest_on_what_a_reader_may_not_know_is_tried_here() -> None:
    """Their rows are worked out for their reader; any other is cut as the reader's cases and facts are."""
    of_viewer = {kind.name for kind in KINDS if kind.name.endswith(("to work out", "of several cases"))}
    assert of_viewer == {kind for kind, *_ in OF_VIEWER}


@pytest.mark.parametrize(("kind", "about", "whom", "instead_of"), OF_VIEWER)
@pytest.mark.parametrize("role", ["co-ordinator", "practitioner", "chair", "advocate"])
def test_a_worklist_does_the_same_work_where_a_row_is_worked_out_for_its_reader(
    own_worlds: TwoWorlds,
    role: str,
    kind: str,
    about: str | None,
    whom: tuple[str, ...],
    instead_of: tuple[str, ...],
) -> None:
    """By what the reader does not see a row is of the one kind or of the other, or there is one or none."""
    desk = own_worlds.without
    advocate = Acting(user="voice-worker", role=Role.PRACTITIONER, agency="voice")
    acting = {**own_worlds.viewers, "chair": desk.chair, "advocate": advocate}[role]
    certain = worklists.worklist(desk.context(acting)).items
    before = statements_of_worklist(desk, acting)
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        session = work.due._session
        number = session.execute(
            select(col(InvolvementRow.id)).where(col(InvolvementRow.ref) == own_worlds.shown)
        ).scalar_one()
        session.execute(delete(DueRow).where(col(DueRow.kind).in_(instead_of)))
        (order,) = work.orders.of([own_worlds.shown])
        session.add_all(
            DueRow(
                kind=kind,
                about=about or order.reference,
                involvement_id=number,
                whom=each,
                since=desk.clock.now(),
                sorts_at=desk.clock.now(),
                version="",
            )
            for each in whom
        )
    assert statements_of_worklist(desk, acting) == before
    assert worklists.worklist(desk.context(acting)).items == certain


def statements_of_worklist(desk: Desk, acting: Acting) -> list[str]:
    """Every statement of the list and of its page, in order."""
    desk.runtime.uow.derive_all()  # once in a process, by the first who reads
    context = desk.context(acting)
    with statements_of(desk) as given:
        worklists.worklist_page(context)
        worklists.worklist(context)
    return without_lengths(given)


@pytest.mark.parametrize("role", VIEWERS)
def test_a_case_page_does_the_same_work(own_worlds: TwoWorlds, role: str) -> None:
    """The same statements and words, also where a decision joins the person with what is hidden."""
    _decide_that_they_are_one(own_worlds)
    acting, given = own_worlds.viewers[role], []
    for desk in (own_worlds.without, own_worlds.having):
        context = desk.context(acting)
        with statements_of(desk) as statements:
            answer = _answer_of(partial(case_views.view_case, context, reference=own_worlds.shown))
        given.append((answer, statements))
    assert given[0] == given[1]
    shown = own_worlds.having.context(own_worlds.having.chair)
    assert case_views.view_case(shown, reference=own_worlds.shown).person.cases > 1


def _decide_that_they_are_one(worlds: TwoWorlds) -> None:
    """The chair decides on every pair of the alleged perpetrators that may be one."""
    desk = worlds.having
    context = desk.context(desk.chair)
    cases = (worlds.shown, worlds.hidden, worlds.unscreened)
    people = [case_views.view_case(context, reference=case).perpetrator.reference for case in cases]
    for other in people[1:]:
        same_person.judge_same(context, one=people[0], other=other, verdict=SameVerdict.SAME, why=WHY)
    again = worlds.without.context(worlds.without.chair)
    for _ in cases:  # who has viewed a case is counted
        case_views.view_case(again, reference=worlds.shown)


@pytest.mark.parametrize("role", VIEWERS)
def test_every_refusal_is_that_of_a_reference_that_does_not_exist(worlds: TwoWorlds, role: str) -> None:
    desk, acting = worlds.having, worlds.viewers[role]
    nowhere, no_action = new_reference("involvement"), new_reference("action")
    unknown = every_act_on(worlds.without, acting, nowhere, no_action)
    for hidden in (worlds.hidden, worlds.unscreened):
        for name, act in every_act_on(desk, acting, hidden, worlds.hidden_action).items():
            text = _answer_of(act).replace(hidden, "R").replace(worlds.hidden_action, "A")
            assert text == _answer_of(unknown[name]).replace(nowhere, "R").replace(no_action, "A"), name
            assert "Error" in text or text == "null", f"{name} did something"


@pytest.mark.parametrize("role", VIEWERS)
def test_a_refusal_takes_the_same_work_as_that_of_a_reference_that_does_not_exist(
    worlds: TwoWorlds, role: str
) -> None:
    desk, acting = worlds.having, worlds.viewers[role]
    differs = []
    for hidden in (worlds.hidden, worlds.unscreened):
        # Both anew: a context reads the agencies once, so one that was used before would ask less.
        acts = every_act_on(desk, acting, hidden, worlds.hidden_action)
        unknown = every_act_on(desk, acting, new_reference("involvement"), new_reference("action"))
        before = every_act_on(desk, acting, new_reference("involvement"), new_reference("action"))
        del acts["break glass"]  # an attempt at a case that is hidden is noted on the case, on purpose
        for name, act in acts.items():
            _answer_of(before[name])  # what a process remembers of a person is read once, for either
            with statements_of(desk) as of_hidden:
                _answer_of(act)
            with statements_of(desk) as of_unknown:
                _answer_of(unknown[name])
            if of_hidden != of_unknown:
                differs.append((name, len(of_hidden), len(of_unknown)))
    assert differs == []


@pytest.mark.parametrize("role", VIEWERS)
def test_whether_somebody_was_seen_before_is_answered_the_same(own_worlds: TwoWorlds, role: str) -> None:
    acting = own_worlds.viewers[role]
    having, without = (every_question(desk, acting) for desk in (own_worlds.having, own_worlds.without))
    assert having == without
    assert not any(own_worlds.hidden in text or own_worlds.unscreened in text for text in having)
    assert own_worlds.hidden in "".join(every_question(own_worlds.having, own_worlds.having.chair))


@pytest.mark.parametrize("role", VIEWERS)
def test_a_search_by_the_reference_of_a_hidden_case_is_one_by_a_reference_that_does_not_exist(
    own_worlds: TwoWorlds, role: str
) -> None:
    desk, acting = own_worlds.having, own_worlds.viewers[role]
    hidden = own_worlds.hidden
    if role == "co-ordinator":
        assert hidden not in _answer_of(lambda: person_search.searches_sent(desk.context(acting)))
    answers = []
    for reference in (hidden, new_reference("involvement")):
        asked = SeenBeforeAsked(reference=reference)
        with statements_of(desk) as given:
            answer = _answer_of(partial(person_search.seen_before, desk.context(acting), asked=asked))
        answers.append((re.sub(r'"left_today": *\d+', "", answer), given))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("role", VIEWERS)
def test_a_path_to_a_hidden_case_is_refused_as_one_to_a_reference_that_does_not_exist(
    worlds: TwoWorlds, role: str
) -> None:
    desk, acting = worlds.having, worlds.viewers[role]
    for hidden in (worlds.hidden, worlds.unscreened):
        answers = []
        for reference in (hidden, new_reference("involvement")):
            text = f"path from {worlds.shown} to {reference}"
            with statements_of(desk) as given:
                answer = _answer_of(partial(_asked_of_links, desk, acting, text))
            answers.append((answer.replace(reference, "R"), given))
        assert answers[0] == answers[1]
        assert "Error" in answers[0][0]


def test_those_who_may_know_see_the_difference(worlds: TwoWorlds) -> None:
    worker = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
    for acting in (worlds.having.chair, worlds.having.coordinator, worker):
        without = everything_listed(worlds.without, acting, worlds.shown)
        having = everything_listed(worlds.having, acting, worlds.shown)
        for name in ("list", "page", "show", "worklist", "worklist page"):
            assert having[name] != without[name], f"{acting.user}: {name}"
        for name in ("summary", "outcomes", "health", "diagnostics"):
            assert having[name] == without[name], f"{acting.user}: {name} would tell the others"


def test_of_the_same_note_the_advocate_alone_is_told(worlds: TwoWorlds) -> None:
    """It is on the case that all of them have: without this the comparison above would prove nothing."""
    listed = {
        worker: everything_listed(
            worlds.having,
            Acting(user=f"{worker}-worker", role=Role.PRACTITIONER, agency=worker),
            worlds.shown,
        )
        for worker in ("voice", "harbour", "lantern")
    }
    having = {worker: RISK in texts["worklist"] for worker, texts in listed.items()}
    assert having == {"voice": True, "harbour": False, "lantern": False}


def test_the_figures_do_count_what_is_not_restricted(own_worlds: TwoWorlds) -> None:
    desk = own_worlds.having
    before = summary.summary(desk.context(own_worlds.viewers["manager"]))
    restrictions.lift(desk.context(desk.chair), reference=own_worlds.hidden, why="He has left.")
    after = summary.summary(desk.context(own_worlds.viewers["manager"]))
    assert after.decisions == before.decisions + 1
    assert sum(after.referrals.values()) == sum(before.referrals.values()) + 1
    assert (after.actions, after.outcomes) == (before.actions + 1, before.outcomes + 1)
    assert (
        own_worlds.hidden
        in everything_listed(desk, own_worlds.viewers["co-ordinator"], own_worlds.shown)["list"]
    )
    restrictions.restrict(
        desk.context(desk.chair).with_agencies(()), reference=own_worlds.hidden, why="He is back."
    )
    assert (
        own_worlds.hidden
        not in everything_listed(desk, own_worlds.viewers["co-ordinator"], own_worlds.shown)["list"]
    )


def test_looking_up_arrivals_asking_all_again_and_resuming_count_the_same(own_worlds: TwoWorlds) -> None:
    counted = []
    for desk in (own_worlds.without, own_worlds.having):
        runtime = desk.runtime
        looked_up = arrival.look_up_arrivals(desk.context(flow_acting("arrival", "cora")))
        batch = _answer_of(partial(_referrals_in_a_new_batch, desk))
        installed = runtime.agencies.codes
        given: dict[str, Any] = {
            "context": desk.context(own_worlds.viewers["administrator"]),
            "installed": installed,
            "agency": "lantern",
            "why": "Mending.",
        }
        suspension.suspend(**given)
        resumed = suspension.resume(**given, always_suspended=())
        counted.append((looked_up, batch, resumed.cases_to_ask))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("role", ["co-ordinator", "practitioner"])
def test_a_topic_in_a_response_that_is_not_released_makes_no_difference(
    own_worlds: TwoWorlds, role: str
) -> None:
    owner = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern")
    both, acting, case = (own_worlds.without, own_worlds.having), own_worlds.viewers[role], own_worlds.shown
    for desk in both:
        with in_one_entry(desk.runtime) as entry:
            entry.answers.add(
                case,
                "lantern",
                a_contribution("A knife was seen."),
                stage=Stage.PREPARED,
                author="plugin lantern",
                plugin_version="1",
                at=desk.clock.now(),
            )
    topics = {AlarmTopic.WEAPON: YesNo.YES, AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: YesNo.YES}
    record_response_topics(own_worlds.having.context(owner), reference=case, agency="lantern", topics=topics)
    case_views.view_case(own_worlds.without.context(owner).with_agencies(()), reference=case)
    without, having = (everything_listed(desk, acting, case) for desk in both)
    assert having == without
    own = [
        sum(
            item.is_alarm and "extremely frightened" in item.why
            for item in worklists.worklist(desk.context(owner)).items
        )
        for desk in both
    ]
    assert own == [0, 1], "its own people have it"
