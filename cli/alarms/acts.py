"""Acts on alarms: acknowledge, hand over, record what was done, end; of an agency's own: refuse, disclose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer

from cli.options import Reference
from cli.session import Answer, Command, Desk

Alarm = Annotated[
    str, typer.Argument(metavar="ALARM", help="The reference of the alarm, such as AL-7K3M9QV.")
]


def acknowledge(desk: Desk, reference: Reference) -> Answer:
    """Acknowledge every open alarm of a case that you did not record yourself.

    Example: stac alarm acknowledge R-7K3M9QV
    """
    from engine.services.referrals.screening import acknowledge_alarm

    acknowledge_alarm(desk.context, reference=reference)
    taken_by = desk.acting.user
    return Answer(
        {"reference": reference, "acknowledged_by": taken_by},
        f"the alarm of {reference} is acknowledged by {taken_by}",
    )


def hand_over(
    desk: Desk,
    reference: Reference,
    alarm: Alarm,
    to: Annotated[str, typer.Option(help="The user who has it from now on; they must be on the case.")],
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="Until when, within 7 days: London time."),
    ],
) -> Answer:
    """Hand an acknowledged alarm to another person on the case, by name, until a time.

    Example: stac alarm hand-over R-7K3M9QV AL-7K3M9QV --to olu --until 2026-03-03T17:00
    """
    from engine.clock import LONDON
    from engine.services.alarms.acts import hand_over as give

    end = until.replace(tzinfo=LONDON)
    give(desk.context, reference=reference, alarm=alarm, to=to, until=end)
    return Answer(
        {"reference": reference, "alarm": alarm, "to": to, "until": end.isoformat()},
        f"{to} has alarm {alarm} until {end:%-d %B %Y, %H:%M}",
    )


def record_done(
    desk: Desk,
    reference: Reference,
    alarm: Alarm,
    what: Annotated[str, typer.Option(help="The act, and the person who did it.")],
) -> Answer:
    """Record what was done about an acknowledged alarm. It stays on top of the case until the panel decides.

    Example: stac alarm done R-7K3M9QV AL-7K3M9QV --what "Officers called at the address at 21:30."
    """
    from engine.services.alarms.acts import record_done as record

    record(desk.context, reference=reference, alarm=alarm, done=what)
    return Answer({"reference": reference, "alarm": alarm}, f"what was done about alarm {alarm} is recorded")


def end(
    desk: Desk,
    reference: Reference,
    alarm: Alarm,
    why: Annotated[str, typer.Option(help="The reason why no conference has to decide on it.")],
) -> Answer:
    """End an alarm that something was done about. To take it to a conference, step the case up instead.

    Example: stac alarm end R-7K3M9QV AL-7K3M9QV --why "The knife was the victim's own, in the kitchen."
    """
    from engine.services.alarms.acts import end_alarm

    end_alarm(desk.context, reference=reference, alarm=alarm, why=why)
    return Answer({"reference": reference, "alarm": alarm}, f"alarm {alarm} is ended")


def refuse(
    desk: Desk,
    reference: Reference,
    alarm: Alarm,
    why: Annotated[str, typer.Option(help="The reason why my agency does not share it.")],
) -> Answer:
    """Refuse to share an alarm that only my agency has, and say why. Only my agency reads the reason.

    Example: stac alarm refuse R-7K3M9QV AL-7K3M9QV --why "The record is about another person."
    """
    from engine.services.alarms.own_topics import refuse_topics

    refuse_topics(desk.context, reference=reference, alarm=alarm, why=why)
    return Answer({"reference": reference, "alarm": alarm}, f"alarm {alarm} is not shared")


def disclose(
    desk: Desk,
    reference: Reference,
    alarm: Alarm,
    why: Annotated[str, typer.Option(help="The immediate danger.")],
) -> Answer:
    """Disclose the topics of an alarm that only my agency has to the panel now, for immediate danger.

    Example: stac alarm disclose R-7K3M9QV AL-7K3M9QV --why "A threat to be at the house within the hour."
    """
    from engine.services.alarms.own_topics import disclose_topics

    disclose_topics(desk.context, reference=reference, alarm=alarm, why=why)
    return Answer(
        {"reference": reference, "alarm": alarm}, f"the topics of alarm {alarm} are disclosed to the panel"
    )


COMMANDS: Mapping[str, Command] = {
    "acknowledge": acknowledge,
    "hand-over": hand_over,
    "done": record_done,
    "end": end,
    "refuse": refuse,
    "disclose": disclose,
}
