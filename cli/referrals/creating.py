"""A referral that a person types while the caller speaks. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.input_files import checked, document_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say, when
from cli.session import at_desk, refuse
from cli.templates import print_template
from engine.domain.system.submissions import RecordedBeforeError

if TYPE_CHECKING:
    from engine.domain.referrals.typed import ReferralTyped
    from engine.services.referrals.creating import ReferralCreated

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

DANGER = "In danger now? Call 999. This referral does not inform the police."

REFERRAL = """\
# A referral from a call. Give this file to 'stac referral create FILE'. Leave out what was not asked.
# With a topic "yes", one name is enough: record it at once, and give the rest with --completes REF.
what_happened = "Invented example: forty messages in one night, and then a visit to the gate."
relationship = "former partner"
victim_informed = "yes"    # yes, no, not known, not asked
victim_view = "agrees"     # agrees, objects, not asked
# victim_wants = "..."     # in the victim's own words
# caller = "..."           # who calls, and the organisation
# caller_contact = "..."   # their contact at work

# Each alarm topic: yes, no, not known, not asked.
[topics]
"threat to kill" = "no"
weapon = "no"
strangulation = "not known"
entry = "no"
breach = "no"
"suicidal talk" = "not known"
"victim extremely frightened" = "no"
"contact today" = "no"

[victim]
forename = "Sam"
surname = "Example"        # or, without a name: not_named = true
age = 34                   # or: born = "1990-11"
works_for_us = "no"        # one of our agencies: yes, no, not known, not asked

[alleged]
forename = "Alex"
surname = "Invented"
born = "1986-05-17"
phones = ["07700 900123"]
plates = []
handles = []
works_for_us = "no"

# Asked when a topic is "yes": the 999 call, or why there was none.
# [call_999]
# at = "14:02"
# log_number = "1234"
# why_not = "..."

# It goes to the protected details only; no page shows it again.
# [safe_contact]
# how = "..."
# when = "..."
# through = "..."

[[incidents]]
happened = "2025-03-08"    # a month or a year is enough
kind = "contacting"
what = "Invented example: forty messages in one night."
"""


def create(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    victim: Annotated[
        str | None, typer.Option(metavar="NAME", help="The victim's name; the surname comes last.")
    ] = None,
    alleged: Annotated[
        str | None, typer.Option(metavar="NAME", help="The alleged perpetrator's name, written the same.")
    ] = None,
    not_named: Annotated[
        bool, typer.Option("--not-named", help="The caller gives no name of a party without one here.")
    ] = False,
    what: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The events, as the caller says them.")
    ] = None,
    caller: Annotated[str | None, typer.Option(help="The person who calls, and the organisation.")] = None,
    completes: Annotated[
        str | None, typer.Option(metavar="REF", help="The referral that this is the rest of.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Create a referral from a call. A topic "yes" with one name is an alarm at once.

    Example: stac referral create --topic weapon --topic "threat to kill=no" --victim "Sam Example"
    """
    if template:
        print_template(REFERRAL)
        return
    options = _of_options(topic or [], victim, alleged, not_named, what, caller)
    if (file is None) == (not options):
        raise typer.BadParameter("give either FILE or options such as --topic and --victim")
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.referrals.typed import ReferralTyped
        from engine.services.referrals import creating

        typed = checked(ReferralTyped, options if file is None else document_of(file))
        try:
            created = (
                creating.create(desk.context, typed=typed)
                if completes is None
                else creating.complete(desk.context, reference=completes, typed=typed)
            )
        except RecordedBeforeError as error:
            if error.same_key:
                raise
            refuse(
                f"This is {error.answer}, received {when(error.at)}; nothing was stored twice. "
                "Give --again if it is another call",
                as_json=as_json,
            )
    to_read = _to_read(created)
    if as_json:
        danger = {"danger": DANGER} if created.raised else {}
        print_json({**danger, **created.model_dump(mode="json"), "say_to_caller": to_read})
        return
    for line in _lines(created, typed, to_read):
        say(line)


def _of_options(
    topic: list[str],
    victim: str | None,
    alleged: str | None,
    not_named: bool,
    what: str | None,
    caller: str | None,
) -> dict[str, object]:
    """Return what options give; a part without one is left out."""
    given = {
        "topics": topics_given(topic) if topic else None,
        "victim": _named(victim, not_named),
        "alleged": _named(alleged, not_named),
        "what_happened": what,
        "caller": caller,
    }
    return {part: value for part, value in given.items() if value is not None}


def _named(name: str | None, not_named: bool) -> dict[str, object] | None:
    if name is None:
        return {"not_named": True} if not_named else None
    *before, surname = name.split() or [""]
    return {"forename": " ".join(before) or None, "surname": surname}


def _to_read(created: ReferralCreated) -> str:
    """Return the sentence to read to the caller: no name, and nothing that the record holds."""
    if created.due_at is None:
        return f"Your reference is {created.reference}. A person reads it and decides what follows."
    by = when(created.due_at)
    return f"Your reference is {created.reference}. A person at the centre acts on your call by {by}."


def _lines(created: ReferralCreated, typed: ReferralTyped, to_read: str) -> Iterator[str]:
    if created.raised:
        yield DANGER
        if typed.call_999 is None:
            yield "Record the time and log number of the 999 call, or why there was none."
        topics = ", ".join(topic.value for topic in created.raised)
        yield f"ALARM: {created.reference}: {topics}; to be acknowledged by {when(created.due_at)}"
    yield f"{created.reference} is recorded, received {when(created.received_at)}"
    if created.is_restricted:
        yield "It is restricted: only the chair and the people named on it can view it"
    elif typed.works_for.value == "not asked":
        yield "Ask now: does either party work for one of our agencies?"
    yield f'Say to the caller: "{to_read}"'
