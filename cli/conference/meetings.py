"""Conferences: planned, their agenda built, who attends, run from item to item, closed. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, checked, one_of
from cli.output import print_json, say, when
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.conference.meetings import Conference
    from engine.services.conference.meetings import ConferenceView
    from engine.services.conference.session import OnScreen

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


OfConference = Annotated[
    str | None,
    typer.Option(
        "--conference",
        metavar="C",
        help="The conference, such as U-7K3M9QV; default: the one in session, else today's.",
    ),
]
Place = Annotated[int | None, typer.Option("--item", metavar="N", help="The item at this place.")]
Seen = Annotated[
    int | None, typer.Option(metavar="N", help="The version that you saw; a newer one is refused.")
]


def create(
    desk: Desk,
    held_on: Annotated[str, typer.Option("--date", metavar="D", help="The date, such as 2030-03-02.")],
    place: Annotated[str | None, typer.Option(help="The room, or the link of a call.")] = None,
    chair: Annotated[
        str | None, typer.Option(metavar="USER", help="Default: you, if you are a chair.")
    ] = None,
    deputy: Annotated[
        str | None,
        typer.Option(metavar="USER", help="Presides where the chair has a conflict of interest."),
    ] = None,
    minute_taker: Annotated[
        str | None, typer.Option(metavar="USER", help="The person who takes the minutes.")
    ] = None,
) -> Answer:
    """Plan a conference.

    Example: stac conference create --date 2030-03-02
    """
    from engine.domain.conference.meetings import ConferenceGiven
    from engine.services.conference.meetings import create_conference

    day = a_day(held_on, "--date")
    assert day is not None

    given = checked(
        ConferenceGiven,
        {
            "held_on": day.isoformat(),
            "place": place,
            "chair": chair,
            "deputy": deputy,
            "minute_taker": minute_taker,
        },
    )

    planned = create_conference(desk.context, given=given)
    return _show(planned)


def list_(desk: Desk) -> None:
    """List the conferences that you have a part in, the newest date first.

    Example: stac conference list
    """
    from engine.services.conference.meetings import list_conferences

    listed = list_conferences(desk.context)
    if desk.as_json:
        print_json([each.model_dump(mode="json") for each in listed])
        return
    for each in listed:
        say(_line(each))
    if not listed:
        say("No conference is planned.")


def agenda(
    desk: Desk,
    cases: Annotated[list[str] | None, typer.Argument(metavar="[REF]...", help="Cases to put on it.")] = None,
    ready: Annotated[
        bool,
        typer.Option("--ready", help="Put on it every case that is ready, in order."),
    ] = False,
    order: Annotated[
        str | None,
        typer.Option(metavar="PLACES", help="A new order, such as 2,1,3. A place left out is taken off."),
    ] = None,
    item: Place = None,
    minutes: Annotated[int | None, typer.Option(metavar="N", help="Planned minutes of --item.")] = None,
    guest: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="A guest for --item; may be repeated.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="A note on --item that only chair and deputy read.")
    ] = None,
    defer: Annotated[str | None, typer.Option(metavar="TEXT", help="Defer --item: why.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Until when; with --defer.")] = None,
    meanwhile: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The protection of the victim meanwhile; with --defer.")
    ] = None,
    seen: Seen = None,
    conference: OfConference = None,
) -> None:
    """Show the agenda, put cases on it, or change its order or one item.

    Example: stac conference agenda --ready
    """
    from engine.services.conference import agenda as agendas
    from engine.services.conference.meetings import find_conference, view_conference

    changes: dict[str, object] = {"minutes": minutes, "guests": guest, "chair_note": note, "deferral": defer}
    given = {name: value for name, value in changes.items() if value is not None}
    if sum((bool(cases), ready, order is not None, bool(given))) > 1:
        raise typer.BadParameter("give one of: REF, --ready, --order, changes of --item")
    if bool(given) != (item is not None):
        raise typer.BadParameter("give --item with what changes on it")
    if (defer is None) != (until is None) or (defer is None) != (meanwhile is None):
        raise typer.BadParameter("give --defer, --until and --meanwhile together")
    if defer is not None:
        day = a_day(until, "--until")
        given["deferral"] = {"because": defer, "until": str(day), "meanwhile": meanwhile}
    places = _places(order)

    meant = find_conference(desk.context, given=conference)
    if cases:
        view = agendas.add_cases(desk.context, conference=meant, cases=cases)
    elif ready:
        view = agendas.add_ready_cases(desk.context, conference=meant)
    elif places is not None:
        version = seen if seen is not None else view_conference(desk.context, conference=meant).agenda
        view = agendas.order_agenda(desk.context, conference=meant, places=places, seen=version)
    elif item is not None:
        view = _change_item(desk, meant, item, given, seen)
    else:
        view = view_conference(desk.context, conference=meant)
    _draw(view, as_json=desk.as_json)


def attend(
    desk: Desk,
    person: Annotated[
        str | None, typer.Argument(metavar="[USER]", help="A user. Leave out for an agency or a name.")
    ] = None,
    act: Annotated[
        str,
        typer.Option(help="'arrived', 'left', 'apologies', 'written contribution', 'conditions signed'."),
    ] = "arrived",
    agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency, if no user is named.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="An observer who is not a user.")] = None,
    observer: Annotated[bool, typer.Option("--observer", help="The person observes.")] = False,
    conference: OfConference = None,
) -> None:
    """Record who arrives, leaves, apologises or sent a written contribution. It gives no access to a case.

    Example: stac conference attend police-1
    """
    from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.quorum import record_attendance

    chosen = one_of(AttendanceAct, act, "--act")
    given = checked(
        AttendanceGiven,
        {"act": chosen, "user": person, "name": name, "agency": agency, "is_observer": observer},
    )

    meant = find_conference(desk.context, given=conference)
    stays = record_attendance(desk.context, conference=meant, given=given)
    if desk.as_json:
        print_json([stay.model_dump(mode="json") for stay in stays])
        return
    say(f"{chosen.value}: {person or name or agency}")
    present = [stay.who for stay in stays if stay.left_at is None]
    say(f"in the room: {', '.join(present) or 'no one'}")


def start(desk: Desk, conference: OfConference = None) -> Answer:
    """Start the conference (its chair or deputy).

    Example: stac conference start
    """
    from engine.services.conference.meetings import find_conference, view_conference
    from engine.services.conference.session import start_conference

    meant = find_conference(desk.context, given=conference)
    started = start_conference(desk.context, conference=meant)
    confidentiality = view_conference(desk.context, conference=meant).confidentiality
    if not desk.as_json:
        say(confidentiality)
    return _show(started)


def next_(
    desk: Desk,
    item: Place = None,
    previous: Annotated[bool, typer.Option("--previous", help="Go back one item.")] = False,
    pause: Annotated[bool, typer.Option("--break", help="Show no item.")] = False,
    seen: Seen = None,
    conference: OfConference = None,
) -> None:
    """Show the next item, or another one. Its case opens: agencies see each other's levels.

    Example: stac conference next
    """
    from engine.services.conference import session
    from engine.services.conference.meetings import find_conference

    if sum((item is not None, previous, pause)) > 1:
        raise typer.BadParameter("give one of --item, --previous and --break")

    meant = find_conference(desk.context, given=conference)
    if pause:
        shown = session.take_break(desk.context, conference=meant)
    elif item is not None:
        shown = session.show_item(desk.context, conference=meant, place=item, seen=seen)
    else:
        turn = session.Turn.PREVIOUS if previous else session.Turn.NEXT
        shown = session.turn_to(desk.context, conference=meant, turn=turn, seen=seen)
    _show_screen(shown, as_json=desk.as_json)


def timer(
    desk: Desk,
    act: Annotated[str, typer.Argument(metavar="ACT", help="'start', 'stop' or 'reset'.")],
    conference: OfConference = None,
) -> None:
    """Start, stop or reset the timer of the item on the screen. It starts with its item.

    Example: stac conference timer stop
    """
    from engine.domain.conference.timer import TimerAct
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.session import turn_timer

    chosen = one_of(TimerAct, act, "ACT")

    meant = find_conference(desk.context, given=conference)
    turned = turn_timer(desk.context, conference=meant, act=chosen)
    left = turned.left(desk.runtime.clock.now())
    if desk.as_json:
        print_json(turned.model_dump(mode="json"))
    else:
        state = "running" if turned.is_running else "stopped"
        say(f"the timer is {state}, with {left.total_seconds() / 60:.0f} minutes left")


def close(desk: Desk, conference: OfConference = None) -> Answer:
    """Close the conference (its chair or deputy). Its minutes exist from then on.

    Example: stac conference close
    """
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.session import close_conference

    meant = find_conference(desk.context, given=conference)
    closed = close_conference(desk.context, conference=meant)
    return _show(closed)


def _change_item(
    desk: Desk, conference: str, item: int, given: dict[str, object], seen: int | None
) -> ConferenceView:
    from engine.domain.conference.agenda import ItemPlan
    from engine.services.conference.agenda import plan_item
    from engine.services.conference.meetings import view_conference

    view = view_conference(desk.context, conference=conference)
    there = next((each for each in view.items if each.place == item), None)
    stored: dict[str, object] = {}
    if there is not None:
        stored = there.model_dump(mode="json", include={"minutes", "guests", "chair_note", "deferral"})
    return plan_item(
        desk.context,
        conference=conference,
        place=item,
        seen=view.agenda if seen is None else seen,
        plan=checked(ItemPlan, {**stored, **given}),
    )


def _places(order: str | None) -> list[int] | None:
    if order is None:
        return None
    try:
        return [int(place) for place in order.split(",")]
    except ValueError:
        raise typer.BadParameter("give places such as 2,1,3", param_hint="--order") from None


def _line(there: Conference) -> str:
    place = f", {there.place}" if there.place else ""
    return f"{there.reference}  {there.held_on:%-d %B %Y}{place}, {there.state.value}, chair {there.chair}"


def _show(there: Conference) -> Answer:
    return Answer(there, _line(there))


def _show_screen(shown: OnScreen, *, as_json: bool) -> None:
    if as_json:
        print_json(shown.model_dump(mode="json"))
        return
    say(shown.in_words)
    if shown.opened:
        say(f"{shown.opened} is open: agencies see each other's levels and reasons")


def _draw(view: ConferenceView, *, as_json: bool) -> None:
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    say(_line(view.conference))
    for item in view.items:
        mark = "*" if item.is_on_screen else " "
        say(f"{mark} {item.place:>2}  {item.minutes:>3} min  {item.in_words}")
        if item.names:
            say(f"            {item.names.title}")
    if not view.items:
        say("The agenda is empty.")
    say(f"version {view.agenda} of the agenda")
    if view.ends_at is not None:
        say(f"expected end: {when(view.ends_at)}")
