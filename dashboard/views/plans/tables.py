"""Tables of the Plans page: plans with their actions, actions by owner, agencies' progress, the wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard import markup, words
from dashboard.pages import Place
from engine.domain.plans.actions import DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.figures import PlanFigures
from engine.domain.plans.lists import ListedAction, ListedPlan, Wishes
from engine.domain.plans.versions import PlanState

_SHOWN = 3
"""So many actions of one plan are drawn; the others are behind a link."""
_REASONS = 2
"""So many reasons of one review are drawn; the case page has them all."""
_ACTION_HEADERS = ("Action", "Owner", "Due", "Status", "Risk domain")
WISHES_LOOKS = {
    Wishes.FOLLOWED: "t-followed",
    Wishes.DEPARTED: "t-departed",
    Wishes.NOT_RECORDED: "t-missing",
}


def by_case(
    plans: Sequence[ListedPlan], *, agencies: Mapping[str, str], today: date, sees_names: bool, caption: str
) -> markup.Markup:
    """Return a table whose rows are grouped by plan; a late one is marked at its edge and in words."""
    headers = ("Case", "Victim's wishes", "Review", *_ACTION_HEADERS)
    groups = [_group(plan, agencies, today, sees_names=sees_names) for plan in plans]
    return _table(headers, groups, caption)


def _group(plan: ListedPlan, agencies: Mapping[str, str], today: date, *, sees_names: bool) -> markup.Markup:
    shown = plan.actions[:_SHOWN] if sees_names else plan.actions
    rest = plan.actions[len(shown) :]
    lines = [_action_cells(action, agencies, today) for action in shown]
    last = _last_line(plan, rest, today, sees_names=sees_names)
    if last:
        lines.append([markup.element("td", last, colspan=len(_ACTION_HEADERS), class_="more")])
    height = len(lines)
    whole = [
        markup.element("th", _case(plan, sees_names=sees_names), scope="rowgroup", rowspan=height),
        markup.element("td", _wishes(plan), rowspan=height),
        markup.element("td", _review(plan, today), rowspan=height, class_="review"),
    ]
    rows = [
        markup.element("tr", *(whole if number == 0 else ()), *cells) for number, cells in enumerate(lines)
    ]
    is_late = any(action.overdue for action in plan.actions)
    return markup.element("tbody", *rows, class_="late" if is_late else None)


def by_owner(
    plans: Sequence[ListedPlan], *, agencies: Mapping[str, str], today: date, sees_names: bool, caption: str
) -> markup.Markup:
    """Return a table of actions, grouped by agency."""
    headers = ("Agency", "Owner", "Case", "Action", "Due", "Status", "Risk domain")
    groups: dict[str, list[tuple[ListedPlan, ListedAction]]] = {}
    for plan in plans:
        for action in plan.actions:
            groups.setdefault(action.agency, []).append((plan, action))
    bodies = []
    for agency, owned in groups.items():
        name = agencies.get(agency, agency)
        first = markup.element("th", name, scope="rowgroup", rowspan=len(owned))
        rows = []
        for number, (plan, action) in enumerate(owned):
            what, _, *others = _action_cells(action, agencies, today)
            owner = markup.element("td", action.owner or markup.none_recorded("not shown"))
            case = markup.element("td", _case(plan, sees_names=sees_names, in_short=True))
            cells = [owner, case, what, *others]
            rows.append(
                markup.element(
                    "tr", first if number == 0 else None, *cells, class_="late" if action.overdue else None
                )
            )
        bodies.append(markup.element("tbody", *rows))
    return _table(headers, bodies, caption)


def progress(figures: PlanFigures, *, agencies: Mapping[str, str]) -> markup.Markup:
    """Return counts by agency, from A to Z, with the count of all of them last."""
    rows: list[tuple[markup.Content, ...]] = []
    counted = sorted(figures.agencies, key=lambda each: agencies.get(each.agency, each.agency))
    for each in counted:
        name = agencies.get(each.agency, each.agency)
        to = markup.go(name, Place.PLANS, codes={"agency": each.agency}) if each.agency in agencies else name
        rows.append((to, *_counts(each.open, each.overdue, each.due_this_week, each.done_lately)))
        rows[-1] += _counts(each.not_possible, each.not_done)
    names = ("open", "overdue", "due_this_week", "done_lately", "not_possible", "not_done")
    rows.append(("All agencies", *_counts(*(sum(getattr(e, name) for e in counted) for name in names))))
    return markup.table(
        ("Agency", "Open", "Overdue", "Due this week", "Done in 28 days", "No longer possible", "Not done"),
        rows,
        caption="Actions by agency",
        class_="plain counts",
        marked=[*([None] * len(counted)), "total"],
    )


def _counts(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{number:,}" for number in numbers)


def wishes(figures: PlanFigures) -> markup.Markup:
    """Return how many plans follow the victim's wishes, depart from them, or have none recorded."""
    why = {
        Wishes.FOLLOWED: "Wishes recorded and followed.",
        Wishes.DEPARTED: _reasons(figures.departures, of=figures.wishes[Wishes.DEPARTED]),
        Wishes.NOT_RECORDED: _reasons(figures.not_recorded_because, of=figures.wishes[Wishes.NOT_RECORDED]),
    }
    if figures.departing_without_informer:
        uninformed = words.counted(figures.departing_without_informer, "plan")
        why[Wishes.DEPARTED] += f" {uninformed} without a named person who informs the victim."
    return markup.table(
        ("Plan", "Plans", "Why"),
        [
            (
                markup.tag(words.sentence(each.value), WISHES_LOOKS[each]),
                f"{figures.wishes[each]:,}",
                why[each],
            )
            for each in Wishes
        ],
        caption="Plans by the victim's wishes",
        class_="plain wishes",
    )


def _reasons(reasons: Mapping[DepartureReason, int] | Mapping[WhyNot, int], *, of: int) -> str:
    """Return ``Risk to life 3, bail or order 1, no reason recorded 2.``"""
    said = [f"{reason.value} {number:,}" for reason, number in reasons.items()]
    left = of - sum(reasons.values())
    said += [f"no reason recorded {left:,}"] if left else []
    return f"{words.sentence(', '.join(said))}." if said else ""


def weeks(figures: PlanFigures, *, today: date) -> markup.Markup:
    """Return the next weeks with the numbers of actions and reviews; squares repeat the number."""
    heads = [markup.element("td", "")]
    heads.append(_week_head("Overdue", "overdue", late=figures.overdue > 0))
    for number, week in enumerate(figures.weeks):
        name: markup.Content = words.day(week.starts, year=False)
        if number == 0:
            name = "This week"
        note = f"to {words.day(week.ends, year=False)}" if number == 0 else None
        heads.append(_week_head(name, week.due_in.value, note=note))
    most = max([figures.overdue, *(week.actions for week in figures.weeks)])
    squares = most <= _MOST_SQUARES
    actions = [_week_cell(figures.overdue, squares=squares, late=True)]
    actions += [_week_cell(week.actions, squares=squares) for week in figures.weeks]
    reviews = [_week_cell(figures.reviews_overdue, squares=False, late=True)]
    reviews += [_week_cell(week.reviews, squares=False) for week in figures.weeks]
    table = markup.element(
        "table",
        markup.element("caption", f"Open actions and reviews due from {words.day(today, year=True)}"),
        markup.element("thead", markup.element("tr", *heads)),
        markup.element(
            "tbody",
            markup.element("tr", markup.element("th", "Actions due", scope="row"), *actions),
            markup.element("tr", markup.element("th", "Reviews due", scope="row"), *reviews),
        ),
        class_="weeks",
    )
    return markup.scrolling(table, label="Actions and reviews due in the next 8 weeks")


_MOST_SQUARES = 60


def _week_head(
    name: markup.Content, code: str, *, note: str | None = None, late: bool = False
) -> markup.Markup:
    to = markup.go(name, Place.PLANS, codes={"due": code})
    small = markup.element("small", note) if note else None
    return markup.element("th", to, small, scope="col", class_="late" if late else None)


def _week_cell(number: int, *, squares: bool, late: bool = False) -> markup.Markup:
    drawn = markup.element("i", class_="sq")
    row = markup.element("span", markup.join([drawn] * number), class_="squares", aria_hidden="true")
    return markup.element(
        "td",
        markup.element("b", f"{number:,}"),
        row if squares and number else None,
        class_="late" if late and number else None,
    )


def _table(headers: Sequence[str], bodies: Sequence[markup.Markup], caption: str) -> markup.Markup:
    head = markup.element("tr", *(markup.element("th", header, scope="col") for header in headers))
    table = markup.element(
        "table",
        markup.element("caption", caption),
        markup.element("thead", head),
        *bodies,
        class_="plain plans",
    )
    return markup.scrolling(table, label=caption)


def _case(plan: ListedPlan, *, sees_names: bool, in_short: bool = False) -> markup.Markup:
    if not sees_names:
        reference: markup.Content = markup.element("b", plan.case)
        people = None
    else:
        reference = markup.go(plan.case, Place.CASE, plan.case)
        people = markup.element("span", plan.victim or "", class_="who-for")
    lines = [markup.join([reference, people], " ")]
    if sees_names and not in_short:
        lines.append(markup.element("small", f"{plan.perpetrator_status}: {plan.perpetrator}"))
    if not in_short:
        lines.append(markup.element("small", state_in_words(plan)))
    return markup.join(lines, " ")


def state_in_words(plan: ListedPlan) -> str:
    """Return ``In delivery, version 4``; a newer version that is not approved is named too."""
    newest = f"{words.sentence(plan.state.value)}, version {plan.version}"
    if plan.state in (PlanState.DRAFT, PlanState.WAITING) and plan.in_delivery is not None:
        return f"In delivery, version {plan.in_delivery}. {newest}"
    return newest


def _wishes(plan: ListedPlan) -> markup.Markup:
    tag = markup.tag(words.sentence(plan.wishes.value), WISHES_LOOKS[plan.wishes])
    if plan.wishes is not Wishes.DEPARTED:
        return tag
    why = words.sentence(plan.departure.value) if plan.departure else "Reason not recorded"
    return markup.join([tag, markup.element("small", why)], " ")


def _review(plan: ListedPlan, today: date) -> markup.Content:
    """Return the date of the next review; where it was brought forward, from when and why."""
    due = plan.review_due
    if due is None:
        return markup.none_recorded("no date")
    day = "Today" if due == today else words.day(due)
    late = markup.tag(words.days_from(due, today), "t-late") if due < today else None
    why = plan.brought_forward(most=_REASONS)
    return markup.join([day, late, markup.element("small", why) if why else None], " ")


def _action_cells(action: ListedAction, agencies: Mapping[str, str], today: date) -> list[markup.Markup]:
    agency = agencies.get(action.agency, action.agency)
    owner = f"{agency}, {action.owner}" if action.owner else agency
    return [
        markup.element("td", action.what),
        markup.element("td", owner),
        markup.element("td", due(action, today)),
        markup.element("td", markup.status_tag(action.status)),
        markup.element(
            "td",
            words.domain_in_words(action.serves) if action.serves else markup.none_recorded("not recorded"),
        ),
    ]


def due(action: ListedAction, today: date) -> markup.Markup:
    """Return a due date, with how many days it is overdue, and that an urgent action has started."""
    day = {0: "Today", 1: "Tomorrow"}.get((action.due - today).days, words.day(action.due))
    late = markup.tag(words.days_from(action.due, today), "t-late") if action.overdue else None
    urgent = markup.tag("Urgent, started", "t-urgent") if action.is_urgent else None
    return markup.join([day, late, urgent], " ")


def _last_line(
    plan: ListedPlan, rest: Sequence[ListedAction], today: date, *, sees_names: bool
) -> markup.Content:
    more = _more_actions(plan, rest, today)
    undecided = _not_decided(plan)
    if more is None:
        return undecided or (None if plan.actions else markup.none_recorded("No action yet."))
    said = markup.go(more, Place.CASE, plan.case) if sees_names else more
    return markup.join([said, undecided], ". ") if undecided else said


def _more_actions(plan: ListedPlan, rest: Sequence[ListedAction], today: date) -> str | None:
    number = len(rest) + plan.others
    if not number:
        return None
    said = words.counted(number, "more action" if plan.actions else "action")
    coming = next((action.due for action in rest if action.due >= today), None)
    return said + (f", next due {words.day(coming)}" if coming else "")


def _not_decided(plan: ListedPlan) -> markup.Markup | None:
    """Return that police have not decided on an incident: no action covers it."""
    if not plan.not_decided:
        return None
    first, *others = plan.not_decided
    when = first.happened.in_words() if first.happened else "date not recorded"
    said = f"No police decision is recorded on the {first.kinds_in_words}, {when}"
    if others:
        said = f"No police decision is recorded on {len(plan.not_decided):,} incidents"
    return markup.element("b", f"{said}.")
