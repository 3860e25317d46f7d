"""Incidents on a case, with the alarm topics that are asked about them, and their review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.input_files import checked, document_of, one_of, one_of_or_none, partial_date
from cli.options import Reference
from cli.session import Answer, Command, Desk

Incident = Annotated[
    str, typer.Argument(metavar="INCIDENT", help="The reference of the incident, such as I-7K3M9QV.")
]


def create_incident(
    desk: Desk,
    reference: Reference,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="The kind, such as 'threat' or 'following'.")] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date; a month or a year is enough.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="The contact method, such as 'phone' or 'in person'.")
    ] = None,
    what: Annotated[str | None, typer.Option(help="A description in 1 or 2 sentences.")] = None,
    crime_reference: Annotated[str | None, typer.Option(help="The crime reference, if any.")] = None,
    grade: Annotated[
        str | None, typer.Option(help="3x5x2 grade of the report, such as '2B P'; default: not graded.")
    ] = None,
    kept_with_us: Annotated[
        str | None,
        typer.Option("--only-my-agency", metavar="REASON", help="Share it only with my agency, and why."),
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
) -> Answer:
    """Create an incident on a case, from FILE or from options.

    Example: stac incident create R-7K3M9QV --kind threat --topic weapon --topic "threat to kill=no"
    """
    from engine.domain.alarms import IncidentGiven
    from engine.domain.cases.incidents import Channel, IncidentKind
    from engine.services.referrals.incidents import record_incident

    if (file is None) == (kind is None):
        raise typer.BadParameter("give either FILE or --kind")
    if file is not None:
        given = checked(IncidentGiven, document_of(file))
    else:
        assert kind is not None
        given = checked(
            IncidentGiven,
            {
                "kind": one_of(IncidentKind, kind, "--kind").value,
                "happened": partial_date(on, "--on") if on else None,
                "channel": one_of_or_none(Channel, channel, "--channel"),
                "what": what,
                "crime_reference": crime_reference,
                "grade": grade.strip().upper() if grade else None,
                "topics": topics_given(topic or ()),
            },
        )

    added = record_incident(
        desk.context,
        reference=reference,
        incident=given.reported(),
        topics=given.topics,
        kept_with_us=kept_with_us,
    )
    return Answer({"incident": added}, f"incident {added} is recorded")


def topics(
    desk: Desk, reference: Reference, incident: Incident, topic: Annotated[list[str], TOPIC]
) -> Answer:
    """Record the alarm topics that were asked about an incident. A yes is an alarm.

    Example: stac incident topics R-7K3M9QV I-7K3M9QV --topic weapon --topic "threat to kill=not known"
    """
    from engine.services.referrals.incidents import record_topics

    given = topics_given(topic)

    record_topics(desk.context, reference=reference, incident=incident, topics=given)
    return Answer(
        {"reference": reference, "incident": incident},
        f"the alarm topics of incident {incident} are recorded",
    )


def review(
    desk: Desk,
    reference: Reference,
    incident: Incident,
    why: Annotated[str, typer.Option(help="The reason why nothing changes.")],
) -> Answer:
    """Record that you reviewed an incident and why nothing changes. To act on it, step the case up instead.

    Example: stac incident review R-7K3M9QV I-7K3M9QV --why "The same call as in I-7K3M9QV."
    """
    from engine.services.referrals.incidents import review_incident

    review_incident(desk.context, reference=reference, incident=incident, why=why)
    return Answer({"reference": reference, "incident": incident}, f"incident {incident} is reviewed")


COMMANDS: Mapping[str, Command] = {"create": create_incident, "topics": topics, "review": review}
