"""Checks of alarms: that each has a person, and that the contacts of the settings are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check

if TYPE_CHECKING:
    from engine.runtime import Runtime


def checks_of_contacts(runtime: Runtime) -> Iterator[Check]:
    """Yield the checks of alarms, of the duty responder and of the number on cards of orders."""
    yield from alarm_checks(runtime)
    yield from duty_responder_checks(runtime)
    yield from number_checks(runtime)


def alarm_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield whether an alarm has no person, and whether the contact outside is set. Counts only."""
    from engine.services.alarms.readers import alarms_of_no_one

    with runtime.uow.unrecorded() as work:
        count = alarms_of_no_one(work, runtime.clock)
    if count:
        said = "1 open alarm has" if count == 1 else f"{count} open alarms have"
        mend = "enable a chair without a conflict of interest, or the agency's people who were named"
        yield Check("alarms", WRONG, f"{said} no person who can read it", mend)
    if runtime.settings.alarm_desk_outside is None:
        sentence = "no contact outside the agencies is set for alarms of restricted cases"
        mend = "set 'alarm_desk_outside' in settings.toml: its name and phone"
        yield Check("alarms", NOTE, sentence, mend)
    elif not count:
        yield Check("alarms", OK, "each open alarm has a person, and a contact outside the agencies is set")


def number_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield whether the card of current conditions has a number of ours that is answered at any hour."""
    number = runtime.settings.always_answered
    if number is None:
        sentence = "no number that is answered at any hour is set: cards of orders name 999 and 101"
        mend = "set 'always_answered' in settings.toml: its name and phone"
        yield Check("number for police", NOTE, sentence, mend)
        return
    yield Check("number for police", OK, f"cards of orders name {number}")


def duty_responder_checks(runtime: Runtime) -> Iterator[Check]:
    """Yield whether a victim's despair reaches a person where no advocate is on the case. Counts no note.

    How many there are is for the few who may know of them, and not for who runs this command.
    """
    from engine.services.vault.despair_readers import duty_responder_may_act

    user = runtime.settings.duty_responder
    if user is None:
        sentence = (
            "no duty responder is set for a victim who may harm themselves, where no advocate is on the case"
        )
        mend = "set 'duty_responder' in settings.toml: the name of a user"
        yield Check("duty responder", NOTE, sentence, mend)
        return
    with runtime.uow.unrecorded() as work:
        may_act = duty_responder_may_act(work, user)
    if may_act:
        yield Check(
            "duty responder", OK, f"{user} has the alarm of a despair where no advocate is on the case"
        )
    else:
        sentence = f"the duty responder, {user}, cannot act: not an active user, or in another role"
        mend = "set 'duty_responder' in settings.toml to an active practitioner, coordinator or chair"
        yield Check("duty responder", WRONG, sentence, mend)
