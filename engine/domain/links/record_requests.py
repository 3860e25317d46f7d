"""Requests to an agency about a record that it lets others on a case know of, and its reply. No storage."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from engine.domain.access.need_to_know import Why
from engine.domain.accounts.tasks import Task
from engine.domain.base import Code, Frozen, Instant


class RecordReply(StrEnum):
    """An agency's reply, from a closed list: it is the same whatever is held."""

    WILL_CONTACT = "will-contact"
    NOTHING_TO_SHARE = "nothing-to-share"

    @property
    def sentence(self) -> str:
        """The reply as a person reads it."""
        return _SENTENCES[self]


_SENTENCES = {
    RecordReply.WILL_CONTACT: "The agency will contact you.",
    RecordReply.NOTHING_TO_SHARE: "The agency has nothing that it can share. This is not a nil return.",
}


class RecordAnswered(Frozen):
    """The reply of a practitioner of the agency."""

    reply: RecordReply
    by: str
    at: Instant


class RecordRequest(Frozen):
    """One person's request to an agency about a case."""

    reference: str
    case: str
    agency: Code
    purpose: Task
    why: Why | None = Field(default=None, description="None: no reason was given, or it is one's own")
    user: str
    user_agency: str | None
    at: Instant
    answered: RecordAnswered | None = None

    @property
    def status(self) -> str:
        """The state in one sentence, the same whatever is held."""
        return "Awaiting a reply." if self.answered is None else self.answered.reply.sentence


class RecordRequests(Frozen):
    """One's own recent requests, and those to one's own agency that wait; oldest first."""

    mine: tuple[RecordRequest, ...]
    to_answer: tuple[RecordRequest, ...]
    agency_names: dict[str, str] = Field(default_factory=dict, description="By code")

    def name_of(self, agency: str) -> str:
        """Return the name of an agency; its code where it is not installed any more."""
        return self.agency_names.get(agency, agency)
