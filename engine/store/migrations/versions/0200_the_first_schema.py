"""The first schema that was released, of 0.2.0: every table, its indexes, and what keeps history as it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0200"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table in a database that is empty."""
    schema = _Schema()
    for part in (
        _work,
        _audit,
        _cases,
        _people,
        _incidents,
        _answers,
        _sharing,
        _decisions,
        _protected,
        _vault,
        _need_to_know,
        _identity,
        _links,
        _link_maps,
        _agencies,
        _reassessment,
        _rectification,
        _retention,
        _subject_access,
        _victim_rights,
        _typed_texts,
        _signing_in,
    ):
        part(schema)
    schema.make(op.get_bind())


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")


class _Schema:
    """Gathers tables, and makes them all."""

    def __init__(self) -> None:
        names = {
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
        self._tables = sa.MetaData(naming_convention=names)
        self._history: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def table(self, name: str, *parts: sa.schema.SchemaItem, **in_sqlite: Any) -> None:
        """A table whose rows may change; each has its own number, unless a column is said to be its key."""
        has_key = any(isinstance(part, sa.Column) and part.primary_key for part in parts)
        own = () if has_key else (column("id", sa.Integer(), primary_key=True),)
        sa.Table(name, self._tables, *own, *parts, **in_sqlite)

    def history(
        self,
        name: str,
        *parts: sa.schema.SchemaItem,
        erasable: tuple[str, ...] = (),
        changeable: tuple[str, ...] = (),
    ) -> None:
        """An append-only table, of which an erasure may empty some columns, and some may change."""
        self.table(name, *parts)
        self._history[name] = (erasable, changeable)

    def make(self, connection: sa.Connection) -> None:
        """Make them, with the heads from which the audit chain and the links go on."""
        self._tables.create_all(connection, checkfirst=False)
        for name, (erasable, changeable) in self._history.items():
            refuse_changes(connection, name, erasable=erasable, changeable=changeable)
        head = sa.text("INSERT INTO audit_head (stream, sequence, hash) VALUES ('main', 0, :hash)")
        connection.execute(head, {"hash": "0" * 64})
        connection.execute(sa.text("INSERT INTO link_head (id, turn) VALUES (1, 0)"))


def column(name: str, kind: Any, *more: sa.ForeignKey, **given: bool) -> sa.Column[Any]:
    """A column that must have a value, unless it is said that it need not."""
    return sa.Column(name, kind, *more, **{"nullable": False, **given})  # type: ignore[arg-type]


def key(name: str, of: str, **given: bool) -> sa.Column[Any]:
    """The number of a row of another table."""
    return column(name, sa.Integer(), sa.ForeignKey(of), **given)


def text(name: str, **given: bool) -> sa.Column[Any]:
    """A text of any length."""
    return column(name, sa.String(), **given)


def number(name: str, **given: bool) -> sa.Column[Any]:
    """A whole number."""
    return column(name, sa.Integer(), **given)


def flag(name: str, **given: bool) -> sa.Column[Any]:
    """Yes or no."""
    return column(name, sa.Boolean(), **given)


def day(name: str, **given: bool) -> sa.Column[Any]:
    """A date."""
    return column(name, sa.Date(), **given)


def instant(name: str, **given: bool) -> sa.Column[Any]:
    """An instant, with time zone where the database has one."""
    return column(name, sa.DateTime(timezone=True), **given)


def document(name: str, **given: bool) -> sa.Column[Any]:
    """A JSON document."""
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return column(name, kind, **given)


def sealed(name: str) -> sa.Column[Any]:
    """What the vault sealed."""
    return column(name, sa.LargeBinary())


def unique(*columns: str) -> sa.UniqueConstraint:
    """Columns that two rows never share."""
    return sa.UniqueConstraint(*columns)


def index(*columns: str) -> sa.Index:
    """An index that is named by its columns."""
    return sa.Index(None, *columns)


def _work(schema: _Schema) -> None:
    """What is to be done and who does it: users, imports, the outbox, and the runner's sign of life."""
    schema.table(
        "app_user",
        text("name", unique=True),
        text("display_name"),
        text("role"),
        text("agency", nullable=True, index=True),
        flag("active"),
        instant("created_at"),
    )
    schema.table(
        "import_file",
        text("digest", index=True),
        number("accepted"),
        number("corrected"),
        number("unchanged"),
        number("rejected"),
        text("by"),
        instant("at"),
    )
    schema.table(
        "outbox",
        text("flow"),
        text("subject"),
        document("acting"),
        instant("created_at"),
        instant("taken_at", nullable=True),
        text("taken_by", nullable=True),
        number("attempts"),
        text("last_error", nullable=True),
        instant("done_at", nullable=True),
        index("done_at", "id"),
    )
    schema.table("runner", text("name", unique=True), instant("seen_at"))


def _audit(schema: _Schema) -> None:
    """The audit chain: one entry for each use case, hash-chained, append-only."""
    schema.table("audit_head", text("stream", primary_key=True), number("sequence"), text("hash"))
    schema.history(
        "audit_entry",
        text("stream", primary_key=True),
        number("sequence", primary_key=True),
        text("previous"),
        text("hash"),
        text("body"),
        text("versions", nullable=True),
        text("user_name"),
        instant("at"),
        unique("stream", "previous"),
        index("user_name", "at"),
    )
    schema.history(
        "audit_anchor", number("sequence"), text("hash"), text("failed", nullable=True), instant("at")
    )
    schema.history(
        "audit_case",
        text("stream", primary_key=True),
        number("sequence", primary_key=True),
        text("involvement_ref", primary_key=True),
        sa.ForeignKeyConstraint(["stream", "sequence"], ["audit_entry.stream", "audit_entry.sequence"]),
        index("involvement_ref", "sequence"),
    )


def _cases(schema: _Schema) -> None:
    """Episodes, involvements and everything that moves an involvement along."""
    schema.table("episode", text("ref", unique=True), instant("created_at"), flag("restricted", index=True))
    schema.table(
        "involvement",
        text("ref", unique=True),
        key("own_episode_id", "episode.id", index=True),
        key("episode_id", "episode.id", index=True),
        text("source"),
        text("source_reference"),
        text("state"),
        text("triage_outcome", nullable=True),
        instant("received_at"),
        number("version"),
        unique("source", "source_reference"),
        index("received_at", "id"),
        index("state", "received_at"),
    )
    schema.history(
        "referral_version",
        key("involvement_id", "involvement.id"),
        number("version"),
        text("digest"),
        document("content"),
        instant("received_at"),
        text("received_by"),
        unique("involvement_id", "version"),
        erasable=("content",),
    )
    schema.history(
        "move",
        key("involvement_id", "involvement.id", index=True),
        text("act"),
        text("before", nullable=True),
        text("after"),
        text("by"),
        text("why"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "episode_judgement",
        key("involvement_id", "involvement.id", index=True),
        key("episode_id", "episode.id"),
        text("verdict"),
        text("by"),
        text("why"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "screening",
        key("involvement_id", "involvement.id"),
        number("version"),
        document("content"),
        text("by"),
        instant("at"),
        unique("involvement_id", "version"),
        erasable=("content",),
    )
    schema.table(
        "case_member",
        key("involvement_id", "involvement.id"),
        text("user_name", index=True),
        text("named_by"),
        instant("at"),
        unique("involvement_id", "user_name"),
    )
    schema.table(
        "alarm",
        key("involvement_id", "involvement.id", unique=True),
        document("answers"),
        flag("is_raised"),
        instant("due_at", nullable=True),
        text("acknowledged_by", nullable=True),
        instant("acknowledged_at", nullable=True),
        instant("escalated_at", nullable=True),
        sa.Index(
            "ix_alarm_open",
            "involvement_id",
            sqlite_where=sa.text("is_raised = 1 AND acknowledged_by IS NULL"),
            postgresql_where=sa.text("is_raised AND acknowledged_by IS NULL"),
        ),
    )
    schema.history(
        "conference",
        key("involvement_id", "involvement.id", index=True),
        text("opened_by"),
        instant("opened_at"),
    )


def _people(schema: _Schema) -> None:
    """Person records as sources described them, what ties them to objects, and claims about roles."""
    schema.history(
        "person_record",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("owner"),
        document("described"),
        text("surname_folded", nullable=True),
        text("forename_folded", nullable=True),
        text("born", nullable=True),
        day("born_earliest", nullable=True),
        day("born_latest", nullable=True),
        instant("created_at"),
        index("surname_folded", "forename_folded", "born"),
        erasable=("described", "surname_folded", "forename_folded", "born", "born_earliest", "born_latest"),
    )
    schema.table(
        "person_identifier",
        key("person_record_id", "person_record.id", index=True),
        text("scheme"),
        text("value"),
        unique("person_record_id", "scheme", "value"),
        index("scheme", "value"),
    )
    schema.table("thing", text("kind"), text("value"), unique("kind", "value"))
    schema.table("place", text("text", unique=True))
    schema.table(
        "person_thing",
        key("person_record_id", "person_record.id", index=True),
        key("thing_id", "thing.id", nullable=True),
        key("place_id", "place.id", nullable=True, index=True),
        text("told_by"),
        instant("at"),
        index("thing_id", "person_record_id"),
    )
    schema.history(
        "role_claim",
        key("person_record_id", "person_record.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("role"),
        text("status"),
        text("asserted_by"),
        text("since", nullable=True),
        instant("at"),
    )


def _incidents(schema: _Schema) -> None:
    """Incidents, the reports by which they are known, and how far each owner's report of one goes."""
    schema.table("release_class", text("owner"), text("rule"), text("audience"), day("until", nullable=True))
    schema.table(
        "incident",
        text("ref", unique=True),
        key("involvement_id", "involvement.id"),
        text("kind"),
        text("channel", nullable=True),
        text("happened", nullable=True),
        day("earliest", nullable=True),
        day("latest", nullable=True),
        index("involvement_id", "earliest"),
    )
    schema.history(
        "incident_report",
        key("incident_id", "incident.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        number("position"),
        number("referral_version", nullable=True),
        text("owner"),
        text("told_by"),
        text("what", nullable=True),
        text("crime_reference", nullable=True, index=True),
        text("digest"),
        key("release_class_id", "release_class.id", nullable=True),
        instant("received_at"),
        erasable=("what", "crime_reference"),
        changeable=("release_class_id",),
    )
    schema.history(
        "incident_rule",
        key("incident_id", "incident.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("owner"),
        key("release_class_id", "release_class.id"),
        document("grounds"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("grounds", "why"),
    )


def _answers(schema: _Schema) -> None:
    """Requests to agencies and their answers, in append-only versions."""
    schema.table(
        "request",
        key("involvement_id", "involvement.id"),
        text("agency", index=True),
        instant("asked_at"),
        instant("due_at"),
        document("was_shown"),
        unique("involvement_id", "agency"),
    )
    schema.history(
        "answer",
        key("request_id", "request.id"),
        number("version"),
        text("stage"),
        text("kind"),
        document("content"),
        text("digest"),
        text("author"),
        text("plugin_version", nullable=True),
        text("released_by", nullable=True),
        number("prepared_version", nullable=True),
        key("release_class_id", "release_class.id", nullable=True),
        instant("at"),
        unique("request_id", "version"),
        erasable=("content",),
    )
    schema.history("answer_confirmed", key("answer_id", "answer.id", index=True), instant("at"))


def _sharing(schema: _Schema) -> None:
    """Release rules of what agencies answered, and the ledger of what was shared and refused. Append-only."""
    schema.history(
        "item_rule",
        key("request_id", "request.id", index=True),
        text("item"),
        key("release_class_id", "release_class.id"),
        document("grounds"),
        text("narrowed_by_plugin", nullable=True),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("grounds", "why"),
    )
    schema.history(
        "ledger",
        key("request_id", "request.id", index=True),
        number("version", nullable=True),
        text("act"),
        document("items"),
        text("whom"),
        document("grounds"),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("grounds", "why"),
    )


def _decisions(schema: _Schema) -> None:
    """Decisions, judgements, dissent, plans, actions, orders, outcomes."""
    schema.history(
        "decision",
        text("ref", unique=True),
        key("involvement_id", "involvement.id"),
        number("version"),
        document("content"),
        document("saw"),
        document("not_seen"),
        day("review_on", nullable=True, index=True),
        text("by"),
        instant("at"),
        unique("involvement_id", "version"),
        erasable=("content",),
    )
    schema.history(
        "judgement",
        key("decision_id", "decision.id"),
        text("domain"),
        text("level"),
        day("valid_until", nullable=True),
        unique("decision_id", "domain"),
    )
    schema.history(
        "dissent",
        key("decision_id", "decision.id", index=True),
        text("agency"),
        text("who"),
        text("reasons"),
        erasable=("who", "reasons"),
    )
    schema.history(
        "plan",
        text("ref"),
        key("involvement_id", "involvement.id"),
        number("version"),
        text("reason"),
        text("departs_from_wishes", nullable=True),
        document("action_refs"),
        text("by"),
        instant("at"),
        unique("involvement_id", "version"),
        erasable=("reason", "departs_from_wishes"),
    )
    schema.table("action", text("ref", unique=True), key("involvement_id", "involvement.id", index=True))
    schema.history(
        "action_version",
        key("action_id", "action.id"),
        number("version"),
        text("what"),
        text("agency"),
        text("owner"),
        day("due"),
        text("serves", nullable=True),
        text("status"),
        text("status_note", nullable=True),
        text("by"),
        instant("at"),
        unique("action_id", "version"),
        index("agency", "status", "due"),
        erasable=("what", "owner", "status_note"),
    )
    schema.table(
        "protective_order",
        key("involvement_id", "involvement.id", index=True),
        text("kind"),
        text("status"),
        document("content"),
        text("by"),
        instant("at"),
    )
    schema.history(
        "outcome",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("measure"),
        text("found"),
        text("against", nullable=True),
        text("happened", nullable=True),
        day("happened_earliest", nullable=True),
        day("happened_latest", nullable=True),
        text("looked_until"),
        day("looked_until_earliest"),
        document("looked_in"),
        text("censored", nullable=True),
        text("says"),
        text("by"),
        instant("at"),
        erasable=("says",),
    )


def _protected(schema: _Schema) -> None:
    """The protected tables: what would find a victim. Joined to nothing; reached by one service alone."""
    schema.table(
        "protected_value",
        text("ref", unique=True),
        text("involvement_ref"),
        text("kind"),
        sealed("content"),
        text("digest"),
        text("told_by"),
        instant("at"),
        index("involvement_ref", "kind"),
        index("kind", "digest"),
    )
    schema.table(
        "protected_original",
        number("import_id"),
        number("row_number"),
        text("involvement_ref", nullable=True, index=True),
        flag("is_rejected"),
        text("column_name", nullable=True),
        text("reason", nullable=True),
        document("alarms", nullable=True),
        text("dealt_with_by", nullable=True),
        sealed("content"),
        instant("purge_after", nullable=True, index=True),
        instant("at"),
        index("import_id", "row_number"),
    )
    schema.table(
        "search_sent",
        text("ref", unique=True),
        text("user_name"),
        text("agency", nullable=True),
        text("task"),
        sealed("content"),
        instant("at"),
        instant("looked_into_at", nullable=True, index=True),
        text("dealt_with_by", nullable=True),
        instant("dealt_with_at", nullable=True),
        instant("purge_after"),
        index("user_name", "at"),
    )


def _vault(schema: _Schema) -> None:
    """The life of the vault's keys, and who opened what: ids and kinds alone, never a value. Append-only."""
    schema.history(
        "vault_step",
        text("step"),
        text("key_name", nullable=True),
        number("row_count", nullable=True),
        instant("at"),
    )
    schema.history(
        "safe_contact_officer",
        key("involvement_id", "involvement.id", index=True),
        text("user_name"),
        text("by"),
        instant("at"),
    )
    schema.history(
        "opening_ask",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("item_ref"),
        text("kind"),
        text("user_name"),
        text("agency", nullable=True),
        text("task"),
        text("why"),
        instant("at"),
        instant("lapses_at", index=True),
        erasable=("why",),
    )
    schema.history(
        "opening_word",
        key("opening_ask_id", "opening_ask.id", index=True),
        text("user_name"),
        text("agency", nullable=True),
        flag("agrees"),
        instant("at"),
    )
    schema.history(
        "opening",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("item_ref"),
        text("kind"),
        text("user_name", index=True),
        text("agency", nullable=True),
        text("basis"),
        key("opening_ask_id", "opening_ask.id", nullable=True, unique=True),
        text("task"),
        text("why", nullable=True),
        instant("at"),
        instant("until"),
        erasable=("why",),
    )
    schema.history(
        "opening_told",
        key("opening_id", "opening.id"),
        text("user_name", index=True),
        instant("at"),
        unique("opening_id", "user_name"),
    )


def _need_to_know(schema: _Schema) -> None:
    """Who may know of a case at all: words on restriction and connection, urgent looks and their reviews."""
    schema.history(
        "restriction",
        key("involvement_id", "involvement.id", index=True),
        text("because"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "connection",
        key("involvement_id", "involvement.id", index=True),
        text("user_name", index=True),
        flag("is_connected"),
        text("said_by"),
        text("by"),
        text("why", nullable=True),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "glass_broken",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("user_name", index=True),
        text("agency", nullable=True),
        text("why"),
        instant("at"),
        instant("until"),
        erasable=("why",),
    )
    schema.history(
        "glass_review",
        key("glass_broken_id", "glass_broken.id", unique=True),
        flag("was_right"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "restricted_reason",
        key("involvement_id", "involvement.id", index=True),
        text("user_name"),
        text("purpose"),
        text("why"),
        instant("at"),
        index("user_name", "involvement_id"),
        erasable=("purpose", "why"),
    )


def _identity(schema: _Schema) -> None:
    """Who may be the same person: normal forms, keys, proposals, and people's words on them."""
    schema.table(
        "identity_form",
        key("person_record_id", "person_record.id", primary_key=True),
        key("party_id", "person_record.id", index=True),
        key("involvement_id", "involvement.id", index=True),
        text("role"),
        number("version"),
        text("forename"),
        text("surname"),
        text("born"),
        text("sex"),
        document("numbers"),
        document("things"),
        column("address", sa.BigInteger(), nullable=True),
        text("postcode"),
        text("compared_version", nullable=True),
        index("compared_version", "person_record_id"),
    )
    schema.table(
        "identity_key",
        column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        key("person_record_id", "person_record.id", primary_key=True, index=True),
        number("involvement_id"),
        sqlite_with_rowid=False,
    )
    schema.table(
        "identity_proposal",
        key("low_id", "person_record.id"),
        key("high_id", "person_record.id", index=True),
        column("weight", sa.Float(), index=True),
        text("version"),
        instant("at"),
        unique("low_id", "high_id"),
    )
    schema.history(
        "identity_judgement",
        key("low_id", "person_record.id"),
        key("high_id", "person_record.id", index=True),
        text("verdict"),
        text("by"),
        flag("by_rule"),
        text("why"),
        instant("at"),
        index("low_id", "high_id"),
        erasable=("why",),
    )


def _links(schema: _Schema) -> None:
    """The link graph: a projection of the record in small numbers, and what analysts ask of it."""
    schema.table(
        "link_object",
        text("ref", unique=True),
        text("kind"),
        text("compared", index=True),
        unique("kind", "compared"),
    )
    schema.table("link_word", text("word", unique=True))
    schema.table(
        "link",
        number("start_node"),
        number("end_node"),
        number("kind"),
        number("role"),
        number("day"),
        number("precision"),
        number("grade"),
        number("source"),
        key("case_id", "involvement.id", index=True),
        number("release_class"),
        text("given", nullable=True),
        sa.Index("ix_link_back", "end_node", "case_id", "release_class", "kind", "day", "start_node"),
        sa.Index("ix_link_onward", "start_node", "case_id", "release_class", "kind", "day", "end_node"),
        sqlite_autoincrement=True,
    )
    schema.table(
        "link_same",
        number("one_node"),
        number("other_node"),
        number("because"),
        key("case_id", "involvement.id", index=True),
        key("other_case_id", "involvement.id", index=True),
        sa.Index("ix_link_same_back", "other_node", "one_node", "case_id", "other_case_id"),
        sa.Index("ix_link_same_onward", "one_node", "other_node", "case_id", "other_case_id"),
        sqlite_autoincrement=True,
    )
    schema.table(
        "link_case",
        key("case_id", "involvement.id", primary_key=True),
        number("turn", index=True),
        instant("at"),
    )
    schema.table("link_head", number("turn"))
    schema.history("link_export", text("form"), text("why"), text("by"), instant("at"))
    schema.history(
        "link_query",
        text("ref", unique=True),
        text("owner", index=True),
        document("question"),
        text("why"),
        instant("at"),
        instant("until"),
        erasable=("why",),
    )
    schema.history(
        "link_query_ended", key("link_query_id", "link_query.id", unique=True), text("by"), instant("at")
    )
    schema.history(
        "link_alert",
        text("ref", unique=True),
        key("link_query_id", "link_query.id"),
        text("match_key"),
        flag("was_there"),
        instant("at"),
        unique("link_query_id", "match_key"),
    )
    schema.history(
        "link_alert_word",
        key("link_alert_id", "link_alert.id", unique=True),
        flag("acted"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )


def _link_maps(schema: _Schema) -> None:
    """Maps of links: where nodes lie for whom, what was saved, what was taken out. References, no values."""
    schema.table(
        "link_map_places",
        text("user_name"),
        text("middle"),
        document("places"),
        instant("at"),
        unique("user_name", "middle"),
    )
    schema.table(
        "saved_link_map",
        text("ref", unique=True),
        text("user_name", index=True),
        text("name"),
        document("asked"),
        instant("at"),
    )
    schema.history(
        "link_map_export",
        text("ref", unique=True),
        text("user_name", index=True),
        text("middle"),
        document("asked"),
        text("form"),
        number("nodes"),
        number("links"),
        text("why"),
        instant("at"),
        erasable=("why",),
    )


def _agencies(schema: _Schema) -> None:
    """What is kept about agencies themselves: suspensions, chases, and what each looked up on arrival."""
    schema.history(
        "agency_suspension",
        text("agency", index=True),
        flag("is_suspended"),
        text("why"),
        text("by"),
        instant("at"),
    )
    schema.history(
        "chase", key("request_id", "request.id", index=True), text("how"), text("by"), instant("at")
    )
    schema.history(
        "arrival_look_up",
        key("involvement_id", "involvement.id", index=True),
        text("agency"),
        text("outcome"),
        document("found"),
        text("plugin_version"),
        instant("at"),
        index("agency", "involvement_id"),
    )


def _reassessment(schema: _Schema) -> None:
    """Re-assessments of many open cases: what was asked of whom and why, and how each answer compares."""
    schema.history(
        "batch",
        text("ref", unique=True),
        text("reason"),
        document("agencies"),
        number("referrals"),
        text("by"),
        instant("at"),
    )
    schema.history(
        "batch_member",
        key("batch_id", "batch.id", primary_key=True),
        number("place", primary_key=True),
        key("involvement_id", "involvement.id"),
    )
    schema.history(
        "batch_answer",
        key("batch_id", "batch.id"),
        key("involvement_id", "involvement.id"),
        text("agency"),
        text("compared"),
        number("version", nullable=True),
        document("content", nullable=True),
        flag("by_hand"),
        instant("at"),
        unique("batch_id", "involvement_id", "agency"),
        index("involvement_id", "id"),
        erasable=("content",),
    )


def _rectification(schema: _Schema) -> None:
    """Requests to correct an item, and owners' answers. Append-only."""
    schema.history(
        "change_request",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("owner", index=True),
        text("item"),
        text("what"),
        text("by"),
        text("agency", nullable=True),
        instant("at"),
        erasable=("what",),
    )
    schema.history(
        "change_answer",
        key("change_request_id", "change_request.id", unique=True),
        flag("is_accepted"),
        text("why"),
        number("version", nullable=True),
        text("by"),
        instant("at"),
        erasable=("why",),
    )


def _retention(schema: _Schema) -> None:
    """Words on keeping and erasing, and certificates of what was erased. Append-only but for ``erasing``."""
    schema.history(
        "retention_word",
        key("involvement_id", "involvement.id", index=True),
        text("owner"),
        text("act"),
        text("why"),
        day("review_on", nullable=True),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "erasure",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("owner"),
        text("ground"),
        text("schedule", nullable=True),
        text("why"),
        text("decided_by"),
        text("by"),
        text("role"),
        number("protected_values"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "erased_row",
        key("erasure_id", "erasure.id", index=True),
        text("table"),
        number("row_number"),
        text("kind"),
        text("digest"),
        instant("dated", nullable=True),
    )
    schema.table("erasing", text("table", primary_key=True), number("row_number", primary_key=True))


def _subject_access(schema: _Schema) -> None:
    """Requests of people for what is held about them, and their steps. Append-only."""
    schema.history(
        "access_request",
        text("ref", unique=True),
        document("asked_by"),
        document("persons"),
        document("involvements"),
        day("received_on"),
        day("due_on"),
        text("by"),
        instant("at"),
        erasable=("asked_by", "persons", "involvements"),
    )
    schema.history(
        "access_step",
        key("access_request_id", "access_request.id", index=True),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )


def _victim_rights(schema: _Schema) -> None:
    """Panel's words on which role is primary, people who work both sides, and victim information requests."""
    schema.history(
        "role_assessment",
        key("involvement_id", "involvement.id", index=True),
        flag("is_primary"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "investigator",
        key("involvement_id", "involvement.id", index=True),
        text("user_name"),
        text("why"),
        text("by"),
        instant("at"),
        erasable=("why",),
    )
    schema.history(
        "victim_request",
        text("ref", unique=True),
        key("involvement_id", "involvement.id", index=True),
        text("agency"),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )
    schema.history(
        "victim_request_word",
        key("victim_request_id", "victim_request.id", index=True),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )
    schema.history(
        "victim_told",
        key("involvement_id", "involvement.id", index=True),
        text("kind"),
        document("content"),
        text("by"),
        instant("at"),
        erasable=("content",),
    )


def _typed_texts(schema: _Schema) -> None:
    """Texts that repeat something protected: who typed one, where and when; never the text. Append-only."""
    schema.history(
        "text_that_tells",
        key("involvement_id", "involvement.id", index=True),
        text("typed_where"),
        text("by", index=True),
        instant("at"),
    )
    schema.history(
        "text_seen_to",
        key("text_that_tells_id", "text_that_tells.id", unique=True),
        text("how"),
        text("by"),
        instant("at"),
    )


def _signing_in(schema: _Schema) -> None:
    """Who can prove who they are, and who is signed in, by digests and hashes alone."""
    schema.table(
        "sign_in",
        text("digest", unique=True),
        text("user_name", index=True),
        text("role"),
        text("agency", nullable=True),
        text("way"),
        text("account", nullable=True),
        text("task", nullable=True),
        instant("began_at"),
        instant("lapses_at"),
        instant("seen_at"),
        instant("ended_at", nullable=True),
        text("ended_because", nullable=True),
    )
    schema.table(
        "local_account",
        text("user_name", unique=True),
        text("password_hash"),
        flag("must_change"),
        instant("changed_at"),
    )
    schema.table(
        "provider_subject",
        text("issuer"),
        text("subject"),
        text("user_name", unique=True),
        instant("at"),
        unique("issuer", "subject"),
    )
    schema.table(
        "sign_in_attempt", text("name_digest"), flag("succeeded"), instant("at"), index("name_digest", "at")
    )
    schema.table(
        "one_use",
        text("digest", unique=True),
        text("kind"),
        text("subject", nullable=True),
        text("user_name"),
        key("sign_in_id", "sign_in.id", index=True),
        instant("lapses_at", index=True),
        instant("used_at", nullable=True),
    )
