"""Figures over all plans are counted from rows: on each date they are those of every plan read one by one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import StacError
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.figures import PlanFigures
from engine.domain.plans.lists import EVERY_PLAN, Owner, PlanFilter, choose, sunday_of
from engine.domain.plans.reviews import ReviewTrigger
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.access.restrictions import lift, restrict
from engine.services.cases.views import view_case
from engine.services.context import Context
from engine.services.plans import reviews_due
from engine.services.plans.actions import act
from engine.services.plans.changes import causes_since
from engine.services.plans.counted import NOT_ENDED
from engine.services.plans.lists import list_plans, plans_seen_by
from engine.services.plans.own_actions import own_actions
from engine.services.plans.reviews import close_review, record_custody_change
from engine.services.plans.reviews_due import due_reviews
from engine.services.plans.versions import make_plan
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import end_involvement
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import TOY_CODES, Desk, a_plan, an_incident, with_toys
from tests.differential import VIEWERS, two_worlds
from tests.due_rows import differences
from tests.engine.services.plans.test_brought_forward import in_delivery
from tests.plan_figures import figures_over

DAYS = 20
KINDS = (IncidentKind.CONTACTING, IncidentKind.BREACH, IncidentKind.GIFT)


def something_happens(desk: Desk, random: Random, case: str) -> None:
    """One act on a case that a figure may count, or none where it is refused."""
    today, chair = desk.clock.today(), desk.context(desk.chair)
    match random.randrange(15):
        case 0:
            record_custody_change(chair, reference=case, change=CustodyChange.TAKEN, on=today)
        case 1:
            later = today + timedelta(days=random.randrange(1, 25))
            record_custody_change(chair, reference=case, change=CustodyChange.RELEASE_PLANNED, on=later)
        case 2:
            next_on = today + timedelta(days=random.randrange(5, 25))
            close_review(chair, reference=case, decided="So.", next_on=next_on)
        case 3 | 4 | 5:
            kind = random.choice(KINDS)
            incident = record_incident(chair, reference=case, incident=an_incident(str(today), kind=kind))
            until = None if random.randrange(2) else today + timedelta(days=random.randrange(5))
            rule = RuleGiven(
                item=incident,
                audience=random.choice((AudienceKind.OWNER, AudienceKind.PANEL)),
                grounds=Grounds(basis="agreed", purpose="case work", necessity="So."),
                until=until,
                why="So.",
            )
            set_incident_rule(chair, reference=case, rule=rule)
        case 6 | 7:
            with desk.runtime.uow.unrecorded() as work:
                actions = [each.reference for each in work.plans.of([case])[case].live]
            act(chair, action=random.choice(actions), status=random.choice(list(ActionStatus)))
        case 8:
            due = str(today + timedelta(days=random.randrange(20)))
            plan = a_plan(agency=random.choice(sorted(TOY_CODES)), due=due)
            make_plan(chair, reference=case, plan=plan, agencies=TOY_CODES)
        case 9:
            restrict(chair, reference=case, why="A party works for an agency.")
        case 10:
            lift(chair, reference=case, why="Nobody does.")
        case 11:
            end_involvement(chair, reference=case, act=Act.CLOSE, why="Over.")


def one_by_one(context: Context) -> tuple[PlanFigures, list[str]]:
    """The figures of every plan and its reviews, each read and worked out, and the order of a list."""
    today = context.clock.today()
    with context.reading("list plans") as work:
        lines = work.plan_lines.of_cases(plans_seen_by(work, context.acting), states=NOT_ENDED)
        if context.acting.role is not Role.MANAGER:
            cases = [line.case for line in lines]
            due = due_reviews(work, context.acting, cases, on=today, settings=context.settings.reviews)
            lines = tuple(
                line._replace(review_causes=due[line.case].causes) if line.case in due else line
                for line in lines
            )
    order = [each.plan.case for each in choose(lines, EVERY_PLAN, today=today)]
    return figures_over(lines, today=today, now=context.clock.now()), order


def own_one_by_one(context: Context) -> tuple[int, int, int, int]:
    """Own actions, their cases, those overdue and those due this week, from every plan as it is read."""
    today, acting = context.clock.today(), context.acting
    with context.reading("list plans") as work:
        lines = work.plan_lines.of_cases(plans_seen_by(work, acting), states=NOT_ENDED)
        name = work.users.get(acting.user).display_name
    owner = Owner(user=acting.user, agency=str(acting.agency), display_name=name)
    chosen = choose(lines, PlanFilter(owner=owner, to_do=True), today=today)
    due = [action.due for each in chosen for action in each.actions]
    this_week = sum(today <= day <= sunday_of(today) for day in due)
    return len(due), len(chosen), sum(day < today for day in due), this_week


@pytest.mark.parametrize("seed", range(2))
def test_on_each_date_the_figures_are_those_of_every_plan_read_one_by_one(desk: Desk, seed: int) -> None:
    random, workers = Random(seed), with_toys(desk)
    elsewhere = desk.add("of-an-agency-not-installed", Role.PRACTITIONER, "elsewhere")
    analyst = desk.add("analyst", Role.ANALYST)
    named = {**workers, "elsewhere": elsewhere, "analyst": analyst}
    cases = [in_delivery(desk, named, str(number), 15 + 10 * number) for number in range(3)]
    viewers = (
        desk.chair,
        desk.coordinator,
        workers["voice"],
        workers["harbour"],
        elsewhere,
        analyst,
        desk.add("manager", Role.MANAGER),
    )
    seen = set[ReviewTrigger]()
    for _ in range(DAYS):
        desk.clock.forward(timedelta(days=1))
        with suppress(StacError):
            something_happens(desk, random, random.choice(cases))
        for acting in viewers:
            context = desk.context(acting)
            listed = list_plans(context, count=None)
            figures, order = one_by_one(context)
            assert listed.figures == figures, acting
            assert [each.case for each in listed.plans] == order
            assert [each.case for each in list_plans(context, first=1, count=1).plans] == order[1:2]
            seen.update(figures.brought_forward_by)
            if acting.role is Role.PRACTITIONER:
                own = own_actions(context)
                counted = own.total, own.cases, own.overdue, own.due_this_week
                assert counted == own_one_by_one(context)
    assert differences(desk) == {}
    assert len(seen) > 1


def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """One entry for each review whose reasons are worked out while a list is read."""
    noted: list[date] = []
    works_out = causes_since

    def note(*given: Any, today: date, **more: Any) -> object:
        noted.append(today)
        return works_out(*given, today=today, **more)

    monkeypatch.setattr(reviews_due, "causes_since", note)
    return noted


@pytest.mark.parametrize("role", VIEWERS)
def test_what_a_viewer_does_not_see_has_no_review_worked_out(
    tmp_path: Any, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as the page lists, whatever is hidden: the time shows nothing of it."""
    noted, given = worked_out(monkeypatch), []
    with two_worlds(tmp_path) as worlds:
        for desk in (worlds.without, worlds.having):
            for count in (0, 1, None):
                noted.clear()
                with suppress(StacError):
                    list_plans(desk.context(worlds.viewers[role]), count=count)
                given.append(len(noted))
        assert given[:3] == given[3:]
        assert given[0] == 0


def test_another_case_of_the_episode_is_worked_out_for_who_sees_it_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = with_toys(desk)
    outsider = desk.add("outsider", Role.COORDINATOR)
    case = in_delivery(desk, workers, "1", 20)
    episode = view_case(desk.context(desk.chair), reference=case).episode
    other = in_delivery(desk, workers, "2", 20, works_for=YesNo.YES, same_episode_as=episode)
    noted = worked_out(monkeypatch)

    def page_of(acting: Acting) -> tuple[PlanFigures, int]:
        noted.clear()
        context = desk.context(acting)
        figures = list_plans(context, count=0).figures
        number = len(noted)
        assert figures == one_by_one(context)[0]
        return figures, number

    desk.clock.forward(timedelta(minutes=1))
    before = page_of(outsider)
    assert (before[0].plans, before[1]) == (1, 0)
    record_custody_change(
        desk.context(desk.chair), reference=other, change=CustodyChange.RELEASED, on=desk.clock.today()
    )
    assert page_of(outsider) == before
    for acting in (desk.chair, workers["harbour"]):
        seen, number = page_of(acting)
        assert (seen.plans, number) == (2, 2)
        assert seen.brought_forward_by[ReviewTrigger.RELEASED] == 2
