"""The lines of a case about the call that its referral came by. Asks nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.domain.people.persons import ClaimedRole

if TYPE_CHECKING:
    from engine.domain.referrals.intake import CallView

_ALLEGED = "alleged perpetrator"


def call_lines(call: CallView) -> Iterator[str]:
    """Write what the caller gave; what was not asked is not recorded."""
    contact = f", {call.caller_contact}" if call.caller_contact else ""
    yield f"Called by: {call.caller or 'not recorded'}{contact}"
    danger = call.call_999
    if danger is None:
        yield "999 call: not recorded"
    elif danger.why_not:
        yield f"999 call: none, because: {danger.why_not}"
    else:
        yield f"999 call: at {danger.at or 'not recorded'}, log number {danger.log_number or 'not recorded'}"
    for role in call.not_named:
        yield f"The caller gave no name of the {'victim' if role is ClaimedRole.VICTIM else _ALLEGED}"
    for who, age in (("victim", call.victim_age), (_ALLEGED, call.perpetrator_age)):
        if age is not None:
            yield f"Age of the {who}, as the caller said: {age}"
    if call.victim_wants:
        yield f"The victim wants: {call.victim_wants}"
