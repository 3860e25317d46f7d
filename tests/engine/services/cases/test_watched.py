"""Each table with a fact about a case is read by a kind of what waits, or says here why it need not be."""

from __future__ import annotations

from engine.services.cases.due_kinds import KINDS
from engine.store.cases_written import leads_to_cases
from engine.store.schema import METADATA  # every table
from engine.store.versions_written import covered_tables, is_covered

_IN_CONFERENCE = "read in the conference: what is owed after it is the decision's or the plan's"
_RIGHTS = "its line is computed for its reader ('request_items', 'access_items', 'change_items')"
_RESPONSES = "its lines are computed for their reader ('own_answer_lines')"
_PLAN = "its lines are computed for their reader (the case page)"
_VAULT = "about protected details: it is never a row, and is computed for the few who may know"
_ACCESS = "who may know of a case: what is shown to whom is worked out at every read"
_WHO = "who people are: matches that wait are rows of their own, 'identity_proposal', and lines read them"

NOT_WATCHED: dict[str, str] = {
    "acts_shared": "a panel reads it on the case, and it asks nobody",
    "agenda": _IN_CONFERENCE,
    "agenda_item": _IN_CONFERENCE,
    "area_check": _VAULT,
    "arrival_look_up": "what an agency found on arrival leaves it nowhere, as a row neither",
    "asked_for_actions": "the answer to it is a proposal of the agency, which the plan's page lists",
    "attendance": _IN_CONFERENCE,
    "batch_answer": "a re-assessment is beside the response that the panel saw, and asks nobody",
    "batch_member": "a re-assessment is beside the response that the panel saw, and asks nobody",
    "case_member": "who is on a case: a row is for its people, whoever they are when it is read",
    "change_answer": _RIGHTS,
    "change_request": _RIGHTS,
    "chase": _RESPONSES,
    "conference_record": _IN_CONFERENCE,
    "conference_step": _IN_CONFERENCE,
    "connection": _ACCESS,
    "decision_in_conference": _IN_CONFERENCE,
    "decision_quorum": _IN_CONFERENCE,
    "dissent": _IN_CONFERENCE,
    "dissent_entry": _IN_CONFERENCE,
    "erased_row": "an erasure empties rows of other tables, which are read",
    "glass_broken": _ACCESS,
    "glass_review": _ACCESS,
    "identity_judgement": _WHO,
    "complaint_finding": "it is said on the case, and asks nobody",
    "investigation_lead": _VAULT,
    "investigator": _RIGHTS,
    "item_plan": _IN_CONFERENCE,
    "item_shown": _IN_CONFERENCE,
    "item_timer": _IN_CONFERENCE,
    "judgement": "a part of a decision",
    "minutes_copy": _IN_CONFERENCE,
    "minutes_copy_item": _IN_CONFERENCE,
    "minutes_correction": _IN_CONFERENCE,
    "minutes_correction_answer": _IN_CONFERENCE,
    "minutes_step": _IN_CONFERENCE,
    "opening": _VAULT,
    "opening_ask": _VAULT,
    "opening_told": _VAULT,
    "opening_word": _VAULT,
    "outcome": "it is on the case and in the figures; its alarm topics are a door of their own",
    "person_identifier": _WHO,
    "person_record": _WHO,
    "person_thing": _WHO,
    "place_check": _VAULT,
    "record_request": "what waits of it depends on the links that its reader may see ('record_items')",
    "record_request_answer": "what waits of it depends on the links that its reader may see ('unread_items')",
    "restricted_reason": _ACCESS,
    "role_assessment": _ACCESS,
    "role_claim": _WHO,
    "places_typed": _VAULT,
    "room_screen": _IN_CONFERENCE,
    "safe_contact_officer": _VAULT,
    "text_seen_to": _VAULT,
    "text_that_tells": _VAULT,
    "victim_request": _RIGHTS,
    "victim_request_word": _RIGHTS,
    "victim_told": _RIGHTS,
    "victim_words_withdrawn": "the victim's words are read in the conference",
}
"""Tables that no kind reads, and what watches them instead, or why nothing has to."""


def of_cases() -> set[str]:
    """Every table with a fact about a case: its rows lead to one."""
    return {table.name for table in covered_tables() if leads_to_cases(table.name)}


def watched() -> set[str]:
    return {table for kind in KINDS for table in kind.reads}


def test_every_table_with_a_fact_about_a_case_is_watched_or_says_why_not() -> None:
    assert of_cases() - watched() - NOT_WATCHED.keys() == set(), "which kind of what waits reads it?"


def test_a_reason_is_given_only_for_what_is_there_and_not_watched() -> None:
    assert NOT_WATCHED.keys() - of_cases() == set()
    assert NOT_WATCHED.keys() & watched() == set(), "it is read now: the reason is none any more"


def test_no_kind_reads_what_the_unit_of_work_does_not_follow() -> None:
    """A table without digests is not among what a transaction wrote: its changes would be missed."""
    assert all(is_covered(table) for table in watched())
    assert watched() <= METADATA.tables.keys()
