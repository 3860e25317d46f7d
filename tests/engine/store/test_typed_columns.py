"""What people type about a case is compared with what is protected, when it is stored and again later."""

from __future__ import annotations

from sqlmodel import Session

from engine.store.every_table import every_table
from engine.store.fates import Words, typed_in
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.rights.texts_stored import tables_with_texts
from engine.store.tables.base import table_of
from engine.store.typed_columns import texts_in
from tests.builders import Desk, a_referral
from tests.fates import columns_with

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
    "case_responsible.officer_contact",
    "case_responsible.officer_force",
    "case_responsible.officer_name",
    "case_responsible.officer_rank",
    "case_responsible.officer_unit",
    "case_responsible.why",
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
"""The planted values of the attacks go through each of these use cases; a new one needs the same."""


def test_a_column_whose_use_case_compares_it_is_one_whose_use_case_was_attacked() -> None:
    assert columns_with(Words.BY_USE_CASE) == BY_THEIR_USE_CASE


def test_every_table_of_typed_texts_is_compared_again_when_a_value_is_protected(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with Session(desk.runtime.uow._engine) as session:
        number = involvement_id(session, reference)
        compared = [table_of(table) for table, _ in tables_with_texts(session, reference, number)]
    assert {table.name for table in compared} == {
        str(table.__tablename__) for table in every_table() if typed_in(table)
    }
    for table in compared:
        has_its_time = {"at", "received_at"} & {column.name for column in table.columns}
        assert has_its_time or table.name == "dissent", "which row is it a part of?"


def test_every_text_of_a_document_is_looked_at() -> None:
    stored = {"a": "one", "b": [{"c": "two", "d": 3}, ["three"]], "e": None}
    assert list(texts_in(stored)) == ["one", "two", "three"]
