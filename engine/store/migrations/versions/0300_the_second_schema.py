"""The second schema: what was added to 0.2.0 until the next release."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes
from engine.store.migrations.columns import (
    added,
    day,
    document,
    flag,
    fraction,
    history,
    index,
    instant,
    key,
    number,
    sealed,
    table,
    text,
    unique,
)

revision = "0300"
down_revision = "0200"
branch_labels = None
depends_on = None

_GRANTS = (
    "agency_suspension",
    "app_user",
    "case_member",
    "conference",
    "connection",
    "glass_broken",
    "investigator",
    "local_account",
    "opening",
    "opening_ask",
    "opening_word",
    "provider_subject",
    "safe_contact_officer",
)
"""Tables of the first schema whose rows let somebody in or open something."""
_AT_ONCE = 200


def upgrade() -> None:
    """Add the tables and columns. Sign-ins from before have no check and end: everybody signs in again."""
    for part in (
        _work,
        _cases,
        _alarms,
        _conference,
        _minutes,
        _plans,
        _outcomes,
        _orders,
        _links,
        _vault,
        _added_columns,
        _remade_triggers,
        _dates_of_drawings,
        _checks_of_rows_that_grant,
    ):
        part()


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")


def _work() -> None:
    """Drafts, what waits, regular work, submissions, verifications, and the checks of rows that grant."""
    table(
        "draft",
        text("user_name"),
        text("role"),
        text("agency"),
        text("form"),
        text("involvement_ref", index=True),
        number("generation"),
        sealed("content", nullable=True),
        instant("saved_at", index=True),
        unique("user_name", "role", "agency", "form", "involvement_ref"),
    )
    table("due_kind", text("kind", unique=True), text("digest"))
    table(
        "due",
        text("kind"),
        text("about"),
        key("involvement_id", "involvement.id"),
        text("whom"),
        instant("since"),
        instant("starts", nullable=True),
        instant("ends", nullable=True),
        instant("due_at", nullable=True),
        instant("sorts_at"),
        number("release_class_id", nullable=True),
        text("version"),
        unique("involvement_id", "kind", "about", "whom"),
        index("kind", "whom", "sorts_at", "id"),
    )
    table(
        "regular_work",
        text("name"),
        text("runner"),
        number("every_seconds"),
        instant("done_at"),
        unique("name", "runner"),
    )
    table(
        "row_check",
        text("table", primary_key=True),
        number("row_number", primary_key=True),
        text("keyed_check"),
        sqlite_with_rowid=False,
    )
    table(
        "submission",
        text("by"),
        text("digest", index=True),
        text("key", nullable=True),
        text("answer"),
        instant("at", index=True),
        unique("by", "key"),
    )
    history("verification", number("part"), number("parts"), text("failed"), instant("at"))


def _cases() -> None:
    """Acts shared, complaints, what police decided, custody; and what agencies propose."""
    history(
        "acts_shared",
        key("involvement_id", "involvement.id", index=True),
        flag("is_shared"),
        document("content", nullable=True),
        text("role"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("content", "why"),
    )
    history(
        "complaint_finding",
        key("incident_id", "incident.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("found", nullable=True),
        text("found_by", nullable=True),
        text("found_on", nullable=True),
        text("source"),
        text("by"),
        instant("at"),
        erasable=("source",),
    )
    history(
        "asked_for_actions",
        key("request_id", "request.id", index=True),
        text("outcome"),
        text("ground", nullable=True),
        text("reason", nullable=True),
        text("digest", nullable=True),
        text("plugin_version", nullable=True),
        instant("at"),
    )


def _alarms() -> None:
    """Questions of an alarm, and each step of it after the referral."""
    history(
        "alarm_question",
        key("involvement_id", "involvement.id", index=True),
        text("question"),
        text("answer"),
        text("agency", nullable=True),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    history(
        "topics_asked",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("door"),
        text("about", index=True),
        number("answer_version", nullable=True),
        document("answers"),
        text("owner"),
        instant("due_at", nullable=True),
        text("by"),
        instant("at"),
        erasable=("answers",),
    )
    history(
        "alarm_step",
        key("topics_asked_id", "topics_asked.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("act"),
        text("to_user", nullable=True),
        instant("until", nullable=True),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    history(
        "incident_review",
        key("incident_id", "incident.id", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )


def _conference() -> None:
    """Conferences as records: agenda, screen, attendance, quorum, remarks, and the words of the victim."""
    history(
        "conference_record",
        text("ref", unique=True),
        day("held_on", index=True),
        text("place", nullable=True),
        text("chair"),
        text("deputy", nullable=True),
        text("minute_taker", nullable=True),
        number("statement"),
        number("version"),
        text("by"),
        instant("at"),
        changeable=("version",),
    )
    history(
        "agenda",
        key("conference_id", "conference_record.id"),
        number("version"),
        document("items"),
        text("by"),
        instant("at"),
        unique("conference_id", "version"),
    )
    history(
        "attendance",
        key("conference_id", "conference_record.id", index=True),
        text("act"),
        text("user_name", nullable=True),
        text("name", nullable=True),
        text("agency", nullable=True),
        flag("is_observer"),
        instant("happened_at"),
        text("by"),
        instant("at"),
    )
    history(
        "conference_step",
        key("conference_id", "conference_record.id"),
        text("state"),
        text("by"),
        instant("at"),
        unique("conference_id", "state"),
    )
    history(
        "item_shown",
        key("conference_id", "conference_record.id"),
        number("number"),
        number("item", nullable=True),
        text("by"),
        instant("at"),
        unique("conference_id", "number"),
    )
    history(
        "room_screen",
        key("conference_id", "conference_record.id", index=True),
        text("account", nullable=True, index=True),
        text("shows"),
        text("by"),
        instant("at"),
    )
    history(
        "agenda_item",
        key("conference_id", "conference_record.id"),
        key("involvement_id", "involvement.id", index=True),
        number("number"),
        text("part"),
        text("by"),
        instant("at"),
        unique("conference_id", "involvement_id"),
        unique("conference_id", "number"),
    )
    history(
        "decision_in_conference",
        key("decision_id", "decision.id", unique=True),
        key("item_id", "agenda_item.id", index=True),
        document("missing"),
    )
    history(
        "decision_quorum",
        key("decision_id", "decision.id", unique=True),
        key("conference_id", "conference_record.id", nullable=True, index=True),
        document("missing"),
    )
    history(
        "dissent_entry",
        key("decision_id", "decision.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("agency"),
        text("reasons", nullable=True),
        flag("states_none", nullable=True),
        flag("is_aloud", nullable=True),
        text("by"),
        instant("at"),
        erasable=("reasons",),
    )
    history(
        "item_plan",
        key("item_id", "agenda_item.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        number("minutes"),
        document("guests"),
        text("chair_note", nullable=True),
        text("deferred_because", nullable=True),
        day("deferred_until", nullable=True),
        text("meanwhile", nullable=True),
        text("by"),
        instant("at"),
        erasable=("guests", "chair_note", "deferred_because", "meanwhile"),
    )
    history(
        "item_timer",
        key("item_id", "agenda_item.id", index=True),
        instant("ends_at", nullable=True),
        fraction("seconds_left", nullable=True),
        text("by"),
        instant("at"),
    )
    history(
        "remark",
        text("ref", unique=True),
        key("item_id", "agenda_item.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("agency", nullable=True),
        text("text"),
        text("source", nullable=True),
        text("nature", nullable=True),
        text("grade", nullable=True),
        text("audience", nullable=True),
        document("agencies"),
        text("by"),
        instant("at"),
        erasable=("text", "source"),
    )
    history(
        "victim_words",
        key("involvement_id", "involvement.id"),
        key("item_id", "agenda_item.id", nullable=True, index=True),
        number("number"),
        text("agency", nullable=True),
        document("content"),
        text("by"),
        instant("at"),
        unique("involvement_id", "number"),
        erasable=("content",),
    )
    history("remark_step", key("remark_id", "remark.id", unique=True), text("act"), text("by"), instant("at"))
    history(
        "victim_words_confirmed",
        key("victim_words_id", "victim_words.id", unique=True),
        key("involvement_id", "involvement.id", index=True),
        document("with_whom"),
        text("by"),
        instant("at"),
    )
    history(
        "victim_words_withdrawn",
        key("victim_words_id", "victim_words.id", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("by"),
        instant("at"),
    )


def _minutes() -> None:
    """Minutes as they were sent, and corrections to them."""
    history(
        "minutes_copy",
        key("conference_id", "conference_record.id"),
        text("user_name"),
        document("content"),
        text("digest"),
        text("by"),
        instant("at"),
        unique("conference_id", "user_name"),
    )
    history(
        "minutes_step",
        key("conference_id", "conference_record.id"),
        text("phase"),
        day("until", nullable=True),
        text("by"),
        instant("at"),
        unique("conference_id", "phase"),
    )
    history(
        "minutes_copy_item",
        key("copy_id", "minutes_copy.id"),
        key("involvement_id", "involvement.id", index=True),
        number("number"),
        document("content"),
        unique("copy_id", "number"),
        erasable=("content",),
    )
    history(
        "minutes_correction",
        text("ref", unique=True),
        key("item_id", "agenda_item.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("heading", nullable=True),
        text("says"),
        text("by"),
        instant("at"),
        erasable=("says",),
    )
    history(
        "minutes_correction_answer",
        key("correction_id", "minutes_correction.id", unique=True),
        key("involvement_id", "involvement.id", index=True),
        flag("accepted"),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("why",),
    )


def _plans() -> None:
    """Needs of a plan, its approval and its reviews."""
    history(
        "plan_approval",
        key("involvement_id", "involvement.id"),
        number("plan_version"),
        document("accepted"),
        text("voice_agency", nullable=True),
        number("voice_version", nullable=True),
        text("by"),
        instant("at", index=True),
        unique("involvement_id", "plan_version"),
        erasable=("accepted",),
    )
    history(
        "plan_need",
        key("involvement_id", "involvement.id", index=True),
        text("need"),
        number("plan_version"),
        text("why_not", nullable=True),
        text("says", nullable=True),
        text("agreed_to_sharing", nullable=True),
        document("with_whom"),
        flag("plan_departs", nullable=True),
        text("informs_agency", nullable=True),
        text("informs_person", nullable=True),
        text("result", nullable=True),
        text("because", nullable=True),
        text("by"),
        text("agency", nullable=True),
        instant("at"),
        erasable=("says", "informs_person", "because"),
    )
    history(
        "custody_change",
        key("involvement_id", "involvement.id", index=True),
        text("change"),
        day("happened_on"),
        text("by"),
        instant("at"),
    )
    history(
        "investigation_lead",
        key("involvement_id", "involvement.id", index=True),
        text("user_name"),
        text("by"),
        instant("at"),
    )
    history(
        "place_check",
        key("involvement_id", "involvement.id", index=True),
        number("plan_version"),
        text("by"),
        instant("at"),
    )
    history(
        "plan_review",
        key("involvement_id", "involvement.id"),
        number("number"),
        text("decided"),
        day("next_on", index=True),
        text("by"),
        instant("at"),
        unique("involvement_id", "number"),
        erasable=("decided",),
    )
    history(
        "police_decision",
        key("involvement_id", "involvement.id", index=True),
        text("incident_ref"),
        text("police_action"),
        text("decided_by"),
        day("decided_on"),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("decided_by", "why"),
    )


def _outcomes() -> None:
    """Releases, what agencies return, and how it went for victims."""
    history(
        "outcome_release",
        day("as_of", unique=True),
        text("digest"),
        document("content"),
        document("refusals"),
        document("small"),
        text("by"),
        instant("at"),
    )
    history("price_list", number("version", unique=True), document("content"), text("by"), instant("at"))
    history(
        "victim_description",
        key("involvement_id", "involvement.id"),
        number("version"),
        text("agency"),
        document("content"),
        text("by"),
        instant("at"),
        unique("involvement_id", "version"),
        erasable=("content",),
    )
    history(
        "victim_outcome",
        key("involvement_id", "involvement.id"),
        text("moment"),
        number("version"),
        text("agency"),
        document("content"),
        text("by"),
        instant("at"),
        unique("involvement_id", "moment", "version"),
        erasable=("content",),
    )
    history(
        "outcome_return",
        key("involvement_id", "involvement.id", index=True),
        text("agency"),
        day("since"),
        day("until"),
        text("result"),
        document("found", nullable=True),
        text("ground", nullable=True),
        text("reason", nullable=True),
        text("plugin_version", nullable=True),
        instant("at"),
        erasable=("found",),
    )
    history(
        "outcome_return_step",
        key("return_id", "outcome_return.id", unique=True),
        flag("is_released"),
        text("by", nullable=True),
        instant("at"),
    )


def _orders() -> None:
    """Orders of courts, what a victim was told of them, and likely breaches."""
    op.drop_table("protective_order")  # to which nothing was ever written
    history("court_order", text("ref", unique=True), text("kind"), text("by"), instant("at"))
    history(
        "court_order_relation",
        key("order_id", "court_order.id"),
        key("earlier_id", "court_order.id", index=True),
        text("relation"),
        text("by"),
        instant("at"),
        unique("order_id", "earlier_id"),
    )
    history(
        "court_order_case",
        key("order_id", "court_order.id"),
        key("involvement_id", "involvement.id", index=True),
        text("by"),
        instant("at"),
        unique("order_id", "involvement_id"),
    )
    history(
        "court_order_step",
        key("order_id", "court_order.id"),
        key("involvement_id", "involvement.id", index=True),
        number("number"),
        text("act"),
        day("happened_on"),
        document("content"),
        text("by"),
        instant("at"),
        unique("order_id", "number"),
        erasable=("content",),
    )
    history(
        "victim_notice",
        key("involvement_id", "involvement.id"),
        number("number"),
        text("kind"),
        day("happened_on"),
        text("at_time", nullable=True),
        text("order_ref", nullable=True),
        text("by"),
        instant("at"),
        unique("involvement_id", "number"),
    )
    history(
        "victim_notice_attempt",
        key("notice_id", "victim_notice.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        flag("reached"),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )
    history("area_check", key("involvement_id", "involvement.id", index=True), text("by"), instant("at"))
    history(
        "incident_detail",
        key("incident_id", "incident.id"),
        key("involvement_id", "involvement.id", index=True),
        number("version"),
        document("content"),
        text("by"),
        instant("at"),
        unique("incident_id", "version"),
        erasable=("content",),
    )
    history(
        "likely_breach",
        text("ref", unique=True),
        key("incident_id", "incident.id"),
        key("involvement_id", "involvement.id", index=True),
        key("order_id", "court_order.id", index=True),
        number("condition"),
        instant("at"),
        unique("incident_id", "order_id", "condition"),
    )
    history(
        "likely_breach_result",
        key("breach_id", "likely_breach.id"),
        key("involvement_id", "involvement.id", index=True),
        number("number"),
        text("result"),
        document("content"),
        instant("at"),
        unique("breach_id", "number"),
        erasable=("content",),
    )
    history(
        "likely_breach_review",
        key("breach_id", "likely_breach.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("act"),
        number("result_number"),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )


def _links() -> None:
    """Networks from files, marks, shares, and questions by associates."""
    history(
        "associates_ask",
        text("ref", unique=True),
        text("user_name", index=True),
        text("role"),
        text("agency", nullable=True),
        document("question"),
        text("purpose"),
        text("why"),
        instant("at"),
        instant("lapses_at", index=True),
        erasable=("why",),
    )
    history(
        "finding_mark",
        text("user_name"),
        text("pattern", index=True),
        document("subject"),
        text("reason", nullable=True),
        instant("at"),
        erasable=("subject", "reason"),
    )
    table(
        "imported_network",
        text("ref", unique=True),
        text("user_name", index=True),
        flag("is_ready"),
        day("delete_on", index=True),
        sealed("content"),
        instant("at"),
    )
    history(
        "link_share",
        text("item", index=True),
        text("act"),
        text("owner", index=True),
        text("owner_role"),
        text("owner_agency", nullable=True),
        text("recipient", index=True),
        instant("at"),
    )
    history("associates_run", key("associates_ask_id", "associates_ask.id", unique=True), instant("at"))
    history(
        "associates_word",
        key("associates_ask_id", "associates_ask.id", index=True),
        text("user_name"),
        text("role"),
        text("agency", nullable=True),
        flag("agrees"),
        instant("at"),
    )
    history(
        "record_request",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("agency", index=True),
        text("user_name", index=True),
        text("user_agency", nullable=True),
        text("purpose"),
        text("why", nullable=True),
        instant("at"),
        erasable=("why",),
    )
    history(
        "record_request_answer",
        key("record_request_id", "record_request.id", unique=True),
        text("reply"),
        text("by"),
        instant("at"),
    )


def _vault() -> None:
    """Protected notes, checks for places, and texts as their writers typed them."""
    table(
        "places_asked",
        text("ref", unique=True),
        text("involvement_ref", index=True),
        text("writer"),
        text("asked"),
        day("asked_on"),
        text("found"),
        number("newest"),
        sealed("content", nullable=True),
        text("by", index=True),
        text("owner"),
        instant("at", index=True),
    )
    table(
        "protected_note",
        text("ref", unique=True),
        text("about", index=True),
        text("involvement_ref", index=True),
        text("step"),
        sealed("content"),
        text("agency"),
        text("ground", nullable=True),
        text("by", index=True),
        text("owner"),
        instant("at"),
        unique("about", "step", "agency"),
    )
    table(
        "typed_answer",
        text("involvement_ref"),
        text("agency"),
        number("version"),
        text("by", index=True),
        sealed("content"),
        unique("involvement_ref", "agency", "version"),
    )
    history(
        "places_typed",
        key("involvement_id", "involvement.id", index=True),
        text("typed_where"),
        number("places"),
        text("by"),
        instant("at", index=True),
    )


def _added_columns() -> None:
    """Columns and indexes of tables that the first schema has. A row from before has no value in them."""
    for sign_in in ("one_use", "sign_in"):
        op.execute(sa.table(sign_in).delete())
    added(
        "action_version",
        *(text(name) for name in ("owner_user", "side", "need", "evidence", "library_item")),
        *(text(name) for name in ("proposed_by", "proposal", "differs_from_notice")),
        *(number(name) for name in ("plan_version", "library_version", "restores", "sessions")),
        *(number(name) for name in ("minutes", "sessions_offered")),
        *(flag(name) for name in ("is_urgent", "departs_from_wishes", "is_report")),
        day("done_on"),
    )
    added("alarm", instant("raised_at"))
    added("audit_entry", text("keyed_check"), number("key_number"))
    added("audit_head", number("key_number"))
    added("decision", document("writers"))
    added("incident_report", text("grade"))
    added("link_map_export", document("notes"))
    added("link_map_places", instant("drawn_at"))
    added("one_use", text("keyed_check"))
    added("outbox", text("queue"))
    added(
        "outcome",
        *(text(name) for name in ("ended_on", "agency", "offence", "offence_row", "proved", "replaces")),
        fraction("harm"),
        flag("is_order_breach"),
    )
    added("plan", text("departure_reason"), flag("asks_approval"))
    added("runner", instant("began_at"), document("versions"))
    added("saved_link_map", document("notes"))
    added("sign_in", text("keyed_check"))
    added("text_that_tells", number("number"))
    for of in ("action_version", "plan"):
        op.create_index(f"ix_{of}_at", of, ["at"])
    op.create_index("ix_outcome_replaces", "outcome", ["replaces"], unique=True)
    op.create_index("ix_text_that_tells_number", "text_that_tells", ["number"], unique=True)
    again = sa.text("answer.version > 1 AND answer.prepared_version IS NULL")
    op.create_index("ix_answer_again", "answer", ["request_id"], sqlite_where=again, postgresql_where=again)


def _remade_triggers() -> None:
    """What keeps history as it is, where a table has new columns or an erasure empties others."""
    erasable = {
        "action_version": ("what", "owner", "owner_user", "evidence", "differs_from_notice", "status_note"),
        "arrival_look_up": ("found",),
        "decision": ("content",),
        "item_rule": ("grounds", "narrowed_by_plugin", "why"),
        "link_map_export": ("notes", "why"),
        "outcome": ("says",),
        "plan": ("reason", "departs_from_wishes"),
        "text_seen_to": ("how",),
    }
    for of, columns in erasable.items():
        refuse_changes(op.get_bind(), of, erasable=columns)
    erasable_report = ("what", "crime_reference", "grade")
    refuse_changes(
        op.get_bind(), "incident_report", erasable=erasable_report, changeable=("release_class_id",)
    )


def _dates_of_drawings() -> None:
    """Until now places of a map had one date, of their last change."""
    op.execute("UPDATE link_map_places SET drawn_at = at")


def _checks_of_rows_that_grant() -> None:
    """Give the rows that grant something their check: the keyed digest that the log has of each.

    A row that no entry wrote, or that was changed past the software, has none of its own, and grants nothing.
    """
    newest: dict[tuple[str, str], str | None] = {}
    for versions in _versions(op.get_bind()):
        for of in versions.keys() & set(_GRANTS):
            newest.update({(of, row): digest for row, digest in versions[of].items()})
    rows = [
        {"table": of, "row_number": int(row), "keyed_check": digest}
        for (of, row), digest in sorted(newest.items())
        if digest is not None
    ]
    checks = sa.table("row_check", text("table"), number("row_number"), text("keyed_check"))
    for start in range(0, len(rows), _AT_ONCE):
        op.get_bind().execute(checks.insert(), rows[start : start + _AT_ONCE])


def _versions(connection: sa.Connection) -> Iterator[dict[str, dict[str, str | None]]]:
    """Yield what each entry wrote that wrote such a row, by table and number, oldest first."""
    entry = sa.table("audit_entry", sa.column("sequence"), sa.column("versions"))
    wrote = sa.or_(*(entry.c.versions.contains(f'"{table}":', autoescape=True) for table in _GRANTS))
    last = -1
    while rows := connection.execute(
        sa.select(entry.c.sequence, entry.c.versions)
        .where(entry.c.sequence > last, wrote)
        .order_by(entry.c.sequence)
        .limit(_AT_ONCE)
    ).all():
        for row in rows:
            yield json.loads(row.versions)
        last = rows[-1].sequence
