"""Tables that refuse every change, and a check that the database still has the triggers that refuse it.

A migration makes the triggers; a test compares this list with what the migrations made. The owner of the
database can take a trigger away, make one that refuses nothing, or switch one off: each is found by what it
does.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from engine.store.migrations.append_only import (
    postgresql_refusal,
    postgresql_unless_erased,
    sqlite_triggers,
)

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "acts_shared": ("content", "why"),
    "complaint_finding": ("source",),
    "access_request": ("asked_by", "persons", "involvements"),
    "access_step": ("content",),
    "action_version": (
        "what",
        "owner",
        "status_note",
        "owner_user",
        "evidence",
        "differs_from_notice",
    ),
    "agency_suspension": (),
    "agenda": (),
    "agenda_item": (),
    "alarm_question": ("why",),
    "alarm_step": ("why",),
    "answer": ("content",),
    "answer_confirmed": (),
    "area_check": (),
    "arrival_look_up": (),
    "asked_for_actions": (),
    "associates_ask": ("why",),
    "associates_run": (),
    "associates_word": (),
    "outcome_return": (),
    "outcome_return_step": (),
    "attendance": (),
    "audit_anchor": (),
    "verification": (),
    "audit_case": (),
    "audit_entry": (),
    "batch": (),
    "batch_answer": ("content",),
    "batch_member": (),
    "change_answer": ("why",),
    "change_request": ("what",),
    "chase": (),
    "conference": (),
    "conference_record": (),
    "conference_step": (),
    "connection": ("why",),
    "court_order": (),
    "court_order_case": (),
    "court_order_relation": (),
    "court_order_step": ("content",),
    "custody_change": (),
    "decision": ("content",),
    "decision_in_conference": (),
    "decision_quorum": (),
    "dissent": ("who", "reasons"),
    "dissent_entry": ("reasons",),
    "episode_judgement": ("why",),
    "erased_row": (),
    "erasure": ("why",),
    "finding_mark": ("subject", "reason"),
    "glass_broken": ("why",),
    "glass_review": ("why",),
    "identity_judgement": ("why",),
    "incident_detail": ("content",),
    "incident_report": ("what", "crime_reference", "grade"),
    "incident_review": ("why",),
    "incident_rule": ("grounds", "why"),
    "investigation_lead": (),
    "investigator": ("why",),
    "item_plan": ("guests", "chair_note", "deferred_because", "meanwhile"),
    "item_rule": ("grounds", "why"),
    "item_shown": (),
    "item_timer": (),
    "judgement": (),
    "ledger": ("grounds", "why"),
    "likely_breach": (),
    "likely_breach_result": ("content",),
    "likely_breach_review": ("content",),
    "link_alert": (),
    "link_alert_word": ("why",),
    "link_export": (),
    "link_map_export": ("why", "notes"),
    "link_query": ("why",),
    "link_query_ended": (),
    "link_share": (),
    "minutes_copy": (),
    "minutes_copy_item": ("content",),
    "minutes_correction": ("says",),
    "minutes_correction_answer": ("why",),
    "minutes_step": (),
    "move": ("why",),
    "opening": ("why",),
    "opening_ask": ("why",),
    "opening_told": (),
    "opening_word": (),
    "outcome": ("says",),
    "outcome_release": (),
    "person_record": (
        "described",
        "surname_folded",
        "forename_folded",
        "born",
        "born_earliest",
        "born_latest",
    ),
    "place_check": (),
    "plan": ("reason", "departs_from_wishes"),
    "plan_approval": ("accepted",),
    "plan_need": ("says", "informs_person", "because"),
    "plan_review": ("decided",),
    "police_decision": ("decided_by", "why"),
    "price_list": (),
    "record_request": ("why",),
    "record_request_answer": (),
    "referral_version": ("content",),
    "remark": ("text", "source"),
    "remark_step": (),
    "restricted_reason": ("purpose", "why"),
    "restriction": ("why",),
    "retention_word": ("why",),
    "role_assessment": ("why",),
    "role_claim": (),
    "room_screen": (),
    "safe_contact_officer": (),
    "screening": ("content",),
    "places_typed": (),
    "text_seen_to": (),
    "text_that_tells": (),
    "topics_asked": ("answers",),
    "vault_step": (),
    "victim_description": ("content",),
    "victim_outcome": ("content",),
    "victim_words": ("content",),
    "victim_words_confirmed": (),
    "victim_words_withdrawn": (),
    "victim_notice": (),
    "victim_notice_attempt": ("content",),
    "victim_request": ("content",),
    "victim_request_word": ("content",),
    "victim_told": ("content",),
}
"""By table, the columns whose content an erasure may remove, while the row is in ``erasing``."""

CHANGEABLE: dict[str, tuple[str, ...]] = {
    "conference_record": ("version",),
    "incident_report": ("release_class_id",),
}
"""Columns that may change although the rest of their row may not."""

_POSTGRES = text(
    "SELECT c.relname, t.tgname, t.tgenabled::text, t.tgtype, p.prosrc, ARRAY(SELECT a.attname::text FROM "
    "pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr::int2[])) "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
)
_COLUMNS = text(
    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND pg_table_is_visible(c.oid)"
)
_SQLITE_COLUMNS = text("SELECT name FROM pragma_table_info(:table)")
_STATEMENT, _ROW = 58, 19  # before update, delete or truncate; before update, of each row


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Return the triggers that are not there, or do not refuse what they must, by name, sorted."""
    find = _missing_in_sqlite if connection.dialect.name == "sqlite" else _missing_in_postgresql
    return tuple(sorted(find(connection)))


def _missing_in_sqlite(connection: Connection) -> Iterator[str]:
    there = {
        str(name): " ".join(str(sql).split())
        for name, sql in connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
    }
    for table, content in APPEND_ONLY.items():
        columns = [str(name) for (name,) in connection.execute(_SQLITE_COLUMNS, {"table": table}).all()]
        made = sqlite_triggers(table, columns, content, CHANGEABLE.get(table, ()))
        yield from (name for name, sql in made.items() if there.get(name) != sql)


def _missing_in_postgresql(connection: Connection) -> Iterator[str]:
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS).all():
        columns.setdefault(str(table), set()).add(str(column))
    there = {
        (str(table), str(name)): (int(kind), " ".join(str(source).split()), set(named))
        for table, name, enabled, kind, source, named in connection.execute(_POSTGRES).all()
        if enabled in ("O", "A")
    }
    for table, content in APPEND_ONLY.items():
        every = columns.get(table, set())
        kind, source, named = there.get((table, f"{table}_append_only"), (0, "", set()))
        envelope = every - set(content) - set(CHANGEABLE.get(table, ()))
        if (kind, source) != (_STATEMENT, postgresql_refusal(table)) or (named or every) != envelope:
            yield f"{table}_append_only"
        if content:
            one_row = (_ROW, postgresql_unless_erased(table), set(content))
            if there.get((table, f"{table}_only_erased")) != one_row:
                yield f"{table}_only_erased"
