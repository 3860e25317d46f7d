"""The option for alarm topics, the same for each command that asks them. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.input_files import checked, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.domain.absence import YesNo
    from engine.domain.referrals.intake import AlarmTopic

TOPIC = typer.Option(
    "--topic",
    metavar="TOPIC[=ANSWER]",
    help="An alarm topic, such as 'weapon'; yes unless it ends in =no or '=not known'. Repeat it for more.",
)


def topics_given(typed: Iterable[str]) -> dict[AlarmTopic, YesNo]:
    """Return the answers that a person typed, each topic once; a topic without an answer is yes."""
    from engine.domain.absence import YesNo
    from engine.domain.referrals.intake import AlarmTopic

    found: dict[AlarmTopic, YesNo] = {}
    for each in typed:
        name, _, answer = each.partition("=")
        topic = one_of(AlarmTopic, name, "--topic")
        given = one_of(YesNo, answer, "--topic") if answer else YesNo.YES
        if found.setdefault(topic, given) is not given:
            raise typer.BadParameter(f"'{topic.value}' is given twice", param_hint="--topic")
    return found


def topics_of(document: object, typed: Iterable[str]) -> dict[AlarmTopic, YesNo]:
    """Remove the answers from a FILE, where they are 'topics', and return them with those that were typed."""
    from engine.domain.alarms import TopicsGiven

    written = document.pop("topics", {}) if isinstance(document, dict) else {}
    in_file = checked(TopicsGiven, {"topics": written}).topics
    return {**in_file, **topics_given(typed)}
