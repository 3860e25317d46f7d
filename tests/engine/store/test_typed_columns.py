"""Every column of text is checked for what is protected when a person types into it, or nobody does."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import String
from sqlmodel import Session
from sqlmodel.sql.sqltypes import AutoString

import engine.store.tables
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.rights.texts_stored import parts_with_texts
from engine.store.tables.base import METADATA, Document, table_of
from engine.store.typed_columns import REASONS, texts_in
from tests.builders import Desk, a_referral

BY_THEIR_USE_CASE = {
    "erasure.why",
    "access_step.content",  # what makes a reply unsafe; the rest is about no case
    "action_version.differs_from_notice",
    "action_version.evidence",
    "action_version.owner",
    "action_version.status_note",
    "action_version.what",
    "answer.content",
    "victim_words.content",
    "batch_answer.content",  # a plugin's
    "decision.content",
    "dissent.reasons",
    "dissent.who",
    "episode_judgement.why",
    "incident_report.what",
    "link_alert_word.why",
    "link_query.why",
    "move.why",
    "opening.why",
    "opening_ask.why",
    "minutes_copy.content",  # rendered: each text was checked when it was typed
    "minutes_copy_item.content",
    "outcome.says",
    "plan.departs_from_wishes",
    "plan.reason",
    "plan_approval.accepted",
    "plan_need.because",
    "plan_need.informs_person",
    "plan_need.says",
    "screening.content",
    "text_seen_to.how",
}
"""Kept by a use case that checks them itself; the planted values of the attacks go through each."""
OF_NO_CASE = {
    "app_user.display_name",
    "access_request.asked_by",
    "agency_suspension.why",
    "batch.reason",
    "conference_record.place",  # the room or the link of a meeting about several cases
    "link_export.why",  # of the whole graph; nobody reads it but in the file
    "saved_link_map.name",  # for its owner alone
    "saved_link_map.notes",  # the same; what is exported of them is checked as link_map_export.notes
}
OF_OUR_LISTS = {
    "associates_ask.purpose",
    "record_request.purpose",
    "record_request_answer.reply",
    "finding_mark.reason",
    "asked_for_actions.reason",
    "alarm_question.answer",
    "submission.answer",
    "acts_shared.content",  # kinds, dates and counts
    "complaint_finding.found",
    "complaint_finding.found_by",
    "complaint_finding.found_on",
    "incident_detail.content",  # times, choices and the reference of a sealed place
    "likely_breach_result.content",  # sentences of the rules
    "likely_breach_result.result",
    "outcome.ended_on",
    "outcome.offence",
    "outcome.offence_row",
    "outcome.proved",
    "outcome.replaces",
    "outcome_return.reason",
    "plan_need.result",
    "outcome_return.result",
    "price_list.content",  # agencies, dates and pounds
    "victim_description.content",
    "victim_outcome.content",
    "victim_outcome.moment",
    "outcome_release.content",
    "outcome_release.refusals",
    "outcome_release.small",
}
"""Of a closed list, a date, a figure, or a reference that is there; elsewhere such a name is typed."""
AS_A_SOURCE_SAID = {
    "arrival_look_up.found",
    "identity_form.forename",
    "identity_form.numbers",
    "identity_form.surname",
    "identity_form.things",
    "identity_form.postcode",
    "incident_report.crime_reference",
    "link.given",
    "link_object.compared",
    "outcome.looked_in",
    "person_identifier.value",
    "person_record.born",
    "person_record.described",
    "person_record.forename_folded",
    "person_record.surname_folded",
    "place.text",
    "protected_original.reason",
    "protected_original.column_name",
    "protected_original.alarms",
    "referral_version.content",  # what came in; a person checks nothing there
    "thing.value",
}
_WORDS = """
about account acknowledged_by act acting action_refs after against agencies agency agreed_to_sharing answers
asked asserted_by at_time audience author basis because before body born by censored chair change channel
code compared compared_version dealt_with_by decided_by departure_reason deputy digest domain door
ended_because episode failed flow form found grade ground happened hash heading how incident_ref
informs_agency involvement_ref involvements issuer item item_ref items key key_name kind last_error level
keyed_check library_item looked_until match_key measure middle minute_taker missing name name_digest named_by
narrowed_by_plugin nature need not_seen opened_by order_ref outcome owner owner_agency owner_role owner_user
part password_hash pattern persons phase places plugin_version police_action previous proposal proposed_by
purpose_code question queue received_by recipient ref relation released_by role row_count rule runner said_by
saw schedule scheme seat serves sex
shows side since source source_reference stage state status step stream subject table taken_by task
to_user told_by triage_outcome typed_where user_agency user_name verdict version versions voice_agency
was_shown way whom why_not with_whom word writer writers
"""
OUR_OWN_WORDS = frozenset(_WORDS.split())
"""Columns of references, names of users, codes and words of ours, by whatever table."""


def _columns_of_text() -> list[tuple[str, str]]:
    for module in pkgutil.walk_packages(engine.store.tables.__path__, "engine.store.tables."):
        importlib.import_module(module.name)
    return [
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, AutoString | String | Document)
    ]


def test_every_column_of_text_is_checked_or_said_to_be_nobodys_words() -> None:
    checked = {f"{table}.{column}" for table, columns in REASONS.items() for column in columns}
    known = checked | BY_THEIR_USE_CASE | OF_NO_CASE | OF_OUR_LISTS | AS_A_SOURCE_SAID
    there = _columns_of_text()
    unknown = [
        f"{table}.{column}"
        for table, column in there
        if f"{table}.{column}" not in known and column not in OUR_OWN_WORDS
    ]
    assert unknown == [], "say in typed_columns.py that it is checked, or here why it need not be"
    assert known <= {f"{table}.{column}" for table, column in there}


NOT_COMPARED_AGAIN = {
    "batch_answer": "of a plugin",
    "minutes_copy": "each text of the minutes has a row of its own",
    "minutes_copy_item": "each text of the minutes has a row of its own",
}


def test_every_table_of_typed_texts_is_compared_again_when_a_value_is_protected(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with Session(desk.runtime.uow._engine) as session:
        number = involvement_id(session, reference)
        parts = parts_with_texts(session, reference, number)
    compared = {table_of(part.table).name for part in parts}
    typed = {column.partition(".")[0] for column in BY_THEIR_USE_CASE} | REASONS.keys()
    assert typed - compared == NOT_COMPARED_AGAIN.keys() - compared
    for table in (table_of(part.table) for part in parts):
        has_its_time = {"at", "received_at"} & {column.name for column in table.columns}
        assert has_its_time or table.name == "dissent", "which row is it a part of?"


def test_every_text_of_a_document_is_looked_at() -> None:
    stored = {"a": "one", "b": [{"c": "two", "d": 3}, ["three"]], "e": None}
    assert list(texts_in(stored)) == ["one", "two", "three"]
