"""Checks of alarms: that each has a person, and that restricted cases have a contact outside the agencies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.system.checks import NOTE, OK, WRONG, Check

if TYPE_CHECKING:
    from engine.runtime import Runtime


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
