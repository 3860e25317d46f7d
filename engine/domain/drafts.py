"""Drafts: text that a person is typing and has not recorded. Knows no key, no table and no page."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen, Instant

STORED_FOR = timedelta(days=7)
"""A draft that was not touched for so long is deleted."""
WRITABLE_AFTER_SIGN_IN = timedelta(minutes=30)
"""For so long after a sign-in expired its user's drafts are still stored, and none is read."""
LONGEST = 12_000
"""Characters of one field. A browser that leaves a page sends at most 64 KiB, with everything around it."""
MOST_FIELDS = 100
SHORT_FIELDS = "_short"
"""The code under which a page stores all its short fields; no browser sends it."""

ABOUT_NO_CASE = ""
"""The case of a draft that is about none: about a list of prices, an agency, a map of one's own."""

FieldCode = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,80}$")]
"""A code of ours for a field of a form, and not a text that a person typed."""


class DraftForm(StrEnum):
    """A form that stores drafts. The value is stored."""

    SCREENING = "screening"
    SAFEGUARDING = "safeguarding"
    ALARM = "act on an alarm"
    STEP_UP = "step up"
    CHILD_SAFEGUARDING = "child safeguarding"
    INCIDENT = "incident"
    ANSWER = "answer"
    DECISION = "decision"
    AMENDMENT = "amendment"
    DISSENT = "dissent"
    VICTIM_WORDS = "victim's words"
    REMARK = "remark"
    NOTE = "note of the minute taker"
    PLAN = "plan"
    URGENT_ACTION = "urgent action"
    APPROVAL = "approval"
    ACTION = "action"
    OUTCOME = "outcome"
    ENDING = "ending"
    VICTIM_PACK = "victim pack"
    CORRECTION = "correction of minutes"
    ORDER = "order"
    BREACH = "answer to a likely breach"
    SHARED_ACTS = "share acts of other cases"
    RESPONSIBLE = "who is responsible"
    COMPLAINT_FINDING = "finding on a complaint"
    POLICE_DECISION = "police decision"
    REVIEW = "review"
    NOTICE = "event for the victim"
    ATTEMPT = "attempt to inform the victim"
    CUSTODY = "change of custody"
    EPISODE = "remove from episode"
    WORKS_FOR = "employers of the parties"
    INCIDENT_DETAILS = "details of an incident"
    ORDER_CASE = "another case of an order"
    SUSPENSION = "suspend or resume an agency"
    PRICE = "price of an hour"
    ALERT = "alert of a saved search"
    LINK_SEARCH = "save a search of links"
    LINK_MAP = "save a map of links"
    LINK_EXPORT = "export of links"
    LINK_NOTES = "notes on a map of links"
    ORDER_STEP = "step of an order"
    VICTIM_OUTCOME = "victim's outcomes"
    VICTIM_DESCRIPTION = "victim's own description"
    VICTIM_REQUEST = "roles and victim information requests"
    RIGHT_TO_KNOW = "Right to Know decision"
    RETENTION = "retention"
    SHARING_RULE = "sharing rule"
    CHANGE_ASKED = "correction asked of an owner"
    RECORD_REQUEST = "request about a record"
    PROTECTED_NOTE = "protected note"
    PROTECTED_TEXT = "action on a text with protected details"
    PLACES_NAMED = "why many places were named"


class DraftKey(Frozen):
    """The author, form and case of a draft. It opens for no other user, and in no other role or agency.

    ``agency`` is blank for a person of no agency, ``case`` for a form that is about no case.
    """

    user: str
    role: str
    agency: str
    form: DraftForm
    case: str

    @classmethod
    def of(cls, acting: Acting, form: DraftForm, case: str) -> DraftKey:
        """Return the key for the person who acts."""
        return cls(user=acting.user, role=acting.role.value, agency=acting.agency or "", form=form, case=case)


class DraftText(Frozen):
    """The text of one field as it was typed, with every space, and when it was saved."""

    model_config = ConfigDict(str_strip_whitespace=False)

    text: Annotated[str, Field(max_length=LONGEST)]
    saved_at: Instant


class DraftPass(Frozen):
    """The permission of a page to save the draft of one form. The page has it signed.

    ``generation`` changes when a draft is recorded or discarded: what was sent before that comes too late.
    """

    key: DraftKey
    generation: int
    ends_at: Instant
