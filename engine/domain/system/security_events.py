"""Security events: which acts of the audit log are events for the watch of an installation, and their lines.

A line has the entry's number, and no name of a user, a case or a text: a reader of the log finds it there.
"""

from __future__ import annotations

import json
from enum import StrEnum

from engine.domain.system.audit import AuditEntry


class SecurityEvent(StrEnum):
    """The kind of a security event."""

    FAILED_SIGN_IN = "failed sign-in"
    REFUSAL = "refusal"
    EMERGENCY_ACCESS = "emergency access"
    EXPORT = "export"
    VERIFICATION = "verification"


EVENTS: dict[str, SecurityEvent] = {
    "sign in refused": SecurityEvent.FAILED_SIGN_IN,
    **dict.fromkeys(("count refusals", "refuse", "refuse file link"), SecurityEvent.REFUSAL),
    **dict.fromkeys(
        ("break glass", "open protected value for life", "review urgent look"), SecurityEvent.EMERGENCY_ACCESS
    ),
    **dict.fromkeys(
        (
            "back up record",
            "download diagnostics",
            "export a map of links",
            "export a network",
            "export a network's map",
            "export a network's path",
            "export a network's rankings",
            "export a path of links",
            "export answers about links",
            "export audit",
            "export links",
            "export outcome release",
            "hand files over",
            "move record",
            "take victim pack",
            "write subject access files",
        ),
        SecurityEvent.EXPORT,
    ),
    **dict.fromkeys(
        (
            "accept clock",
            "accept older record",
            "anchor audit",
            "repeat acts of the register",
            "shut rows that were put back",
            "verify record",
        ),
        SecurityEvent.VERIFICATION,
    ),
}
"""The kind of event by the act in the audit entry. An act that is not here is none."""
_SIGN_IN = "sign_in"
_FACTS = ("refused", "failed", "rows", "times")
"""Facts of an entry that a line repeats: kinds of ours and counts."""


def event_of(entry: AuditEntry) -> SecurityEvent | None:
    """Return the kind of event that an entry is; None where it is none.

    A refused sign-in at a command is a failed sign-in. An entry of the verification is one also where all
    is well, so that its absence shows too.
    """
    kind = EVENTS.get(entry.what)
    if kind is SecurityEvent.REFUSAL and entry.facts.get("refused") == _SIGN_IN:
        return SecurityEvent.FAILED_SIGN_IN
    return kind


def event_line(entry: AuditEntry, number: int) -> str | None:
    """Return the line of JSON for an entry with its number in the log; None for other entries."""
    if (kind := event_of(entry)) is None:
        return None
    facts = {name: entry.facts[name] for name in _FACTS if entry.facts.get(name) is not None}
    return json.dumps(
        {
            "time": entry.at.isoformat(timespec="milliseconds"),
            "event": kind.value,
            "act": entry.what,
            "entry": number,
            "role": entry.role,
            "agency": entry.agency,
            "cases": len(entry.cases),
            **facts,
        }
    )
