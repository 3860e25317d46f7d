"""Remarks about a case in a conference: entered, released, noted. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.conference.meetings import OfConference
from cli.input_files import checked, one_of
from cli.options import Reference
from cli.output import print_json, say, when
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.conference.remarks import RemarkView

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

RemarkRef = Annotated[str, typer.Argument(metavar="O", help="The remark, such as O-7K3M9QV.")]


def remark(
    desk: Desk,
    reference: Reference,
    text: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The remark. Without it, list the remarks.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency that said it; default: your own.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The source of the agency, such as a visit and its date."),
    ] = None,
    nature: Annotated[str | None, typer.Option(help="'fact' or 'opinion'.")] = None,
    grade: Annotated[
        str | None, typer.Option(help="Grade in 3x5x2, such as '2B P'; default: not recorded.")
    ] = None,
    share_with: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="An agency that may read it; default: the panel."),
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    conference: OfConference = None,
) -> None:
    """Enter what was said about a case, under its agency, which then releases it; or list what was said.

    Example: stac conference remark R-7K3M9QV --text "Seen on 3 March." --source "A visit" --nature fact
    """
    from engine.domain.conference.remarks import RemarkGiven
    from engine.domain.responses.answers import Nature
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.remarks import enter_remark, view_remarks

    if text is None and any((agency, source, nature, grade, share_with, topic)):
        raise typer.BadParameter("give --text with the other options")
    if text is not None and (source is None or nature is None):
        raise typer.BadParameter("give --source and --nature with --text")

    chosen = one_of(Nature, nature, "--nature") if nature is not None else None
    topics = topics_given(topic or ())

    meant = find_conference(desk.context, given=conference)
    if text is None:
        listed = view_remarks(desk.context, conference=meant, case=reference)
    else:
        given = checked(
            RemarkGiven,
            {
                "agency": agency or desk.context.acting.agency or "",
                "text": text,
                "source": source,
                "nature": chosen,
                "grade": grade.upper() if grade else None,
                "audience": "named agencies" if share_with else "panel",
                "agencies": share_with or [],
            },
        )
        entered = enter_remark(desk.context, conference=meant, case=reference, given=given, topics=topics)
        listed = (entered,)
    _show(listed, as_json=desk.as_json)


def release_remark(
    desk: Desk,
    reference: RemarkRef,
    discard: Annotated[bool, typer.Option("--discard", help="Discard it instead.")] = False,
) -> None:
    """Release what your agency said in the room, or discard it. Until then no other agency reads it.

    Example: stac conference release-remark O-7K3M9QV
    """
    from engine.domain.conference.remarks import RemarkAct
    from engine.services.conference.remarks import settle_remark

    act = RemarkAct.DISCARDED if discard else RemarkAct.RELEASED
    settled = settle_remark(desk.context, remark=reference, act=act)
    _show((settled,), as_json=desk.as_json)


def note(
    desk: Desk,
    reference: Reference,
    text: Annotated[str, typer.Option(metavar="TEXT", help="Your note.")],
    topic: Annotated[list[str] | None, TOPIC] = None,
    conference: OfConference = None,
) -> None:
    """Add a note to the item of a case (minute taker). Everyone who can view the case reads it.

    Example: stac conference note R-7K3M9QV --text "The panel asked for the report by Friday."
    """
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.remarks import add_note

    topics = topics_given(topic or ())

    meant = find_conference(desk.context, given=conference)
    noted = add_note(desk.context, conference=meant, case=reference, text=text, topics=topics)
    _show((noted,), as_json=desk.as_json)


def remark_line(view: RemarkView) -> str:
    """Return a remark in one line: whose it is, its status, and what was said."""
    of = view.agency or "minutes"
    text = view.text if view.text is not None else f"withheld; ask {of}"
    graded = ", ".join(filter(None, (view.nature.value if view.nature else None, view.grade)))
    source = f" (source: {view.source}; {graded})" if view.source else ""
    return f"{of}, {view.status}: {text}{source}"


def _show(views: tuple[RemarkView, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([view.model_dump(mode="json") for view in views])
        return
    for view in views:
        say(f"{view.reference}  {when(view.at)}  {remark_line(view)}")
    if not views:
        say("Nothing that was said is recorded for you.")
