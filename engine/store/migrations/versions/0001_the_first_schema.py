"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = (
    "answer",
    "answer_confirmed",
    "action_version",
    "audit_case",
    "audit_entry",
    "conference",
    "decision",
    "dissent",
    "episode_judgement",
    "incident_report",
    "judgement",
    "move",
    "outcome",
    "person_record",
    "plan",
    "referral_version",
    "role_claim",
    "screening",
)


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("name", name=op.f("uq_app_user_name")),
    )
    with op.batch_alter_table("app_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_app_user_agency"), ["agency"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stream", "sequence", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("stream", "previous", name=op.f("uq_audit_entry_stream_previous")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_user_name_at"), ["user_name", "at"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("ref", name=op.f("uq_episode_ref")),
    )
    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_file_digest"), ["digest"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "acting",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_done_at_id"), ["done_at", "id"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("text", name=op.f("uq_place_text")),
    )
    op.create_table(
        "protected_original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=True),
        sa.Column("is_rejected", sa.Boolean(), nullable=False),
        sa.Column("column_name", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "alarms",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("dealt_with_by", sa.String(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("purge_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_original")),
    )
    with op.batch_alter_table("protected_original", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protected_original_import_id_row_number"),
            ["import_id", "row_number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_protected_original_involvement_ref"), ["involvement_ref"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_protected_original_purge_after"), ["purge_after"], unique=False)

    op.create_table(
        "protected_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_value")),
        sa.UniqueConstraint("ref", name=op.f("uq_protected_value_ref")),
    )
    with op.batch_alter_table("protected_value", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protected_value_involvement_ref_kind"), ["involvement_ref", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_protected_value_kind_digest"), ["kind", "digest"], unique=False)

    op.create_table(
        "release_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_class")),
    )
    op.create_table(
        "runner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runner")),
        sa.UniqueConstraint("name", name=op.f("uq_runner_name")),
    )
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_thing_kind_value")),
    )
    op.create_table(
        "audit_case",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stream", "sequence"],
            ["audit_entry.stream", "audit_entry.sequence"],
            name=op.f("fk_audit_case_stream_sequence"),
        ),
        sa.PrimaryKeyConstraint("stream", "sequence", "involvement_ref", name=op.f("pk_audit_case")),
    )
    with op.batch_alter_table("audit_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_case_involvement_ref_sequence"),
            ["involvement_ref", "sequence"],
            unique=False,
        )

    op.create_table(
        "involvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("own_episode_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("triage_outcome", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_involvement_episode_id")),
        sa.ForeignKeyConstraint(
            ["own_episode_id"], ["episode.id"], name=op.f("fk_involvement_own_episode_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint("ref", name=op.f("uq_involvement_ref")),
        sa.UniqueConstraint(
            "source", "source_reference", name=op.f("uq_involvement_source_source_reference")
        ),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_involvement_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_involvement_state_received_at"), ["state", "received_at"], unique=False
        )

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_action_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("ref", name=op.f("uq_action_ref")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_involvement_id"), ["involvement_id"], unique=False)

    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("is_raised", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name=op.f("fk_alarm_involvement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("involvement_id", name=op.f("uq_alarm_involvement_id")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_is_raised"), ["is_raised"], unique=False)

    op.create_table(
        "case_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("named_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_case_member_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_member")),
        sa.UniqueConstraint(
            "involvement_id", "user_name", name=op.f("uq_case_member_involvement_id_user_name")
        ),
    )
    with op.batch_alter_table("case_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_member_user_name"), ["user_name"], unique=False)

    op.create_table(
        "conference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_conference_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference")),
    )
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conference_involvement_id"), ["involvement_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "saw",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column(
            "not_seen",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_decision_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("involvement_id", "version", name=op.f("uq_decision_involvement_id_version")),
        sa.UniqueConstraint("ref", name=op.f("uq_decision_ref")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_review_on"), ["review_on"], unique=False)

    op.create_table(
        "episode_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_episode_judgement_episode_id")),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_episode_judgement_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_judgement")),
    )
    with op.batch_alter_table("episode_judgement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_episode_judgement_involvement_id"), ["involvement_id"], unique=False
        )

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("happened", sa.String(), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_incident_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("ref", name=op.f("uq_incident_ref")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incident_involvement_id_earliest"), ["involvement_id", "earliest"], unique=False
        )

    op.create_table(
        "move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name=op.f("fk_move_involvement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_move_involvement_id"), ["involvement_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("against", sa.String(), nullable=True),
        sa.Column("happened", sa.String(), nullable=True),
        sa.Column("happened_earliest", sa.Date(), nullable=True),
        sa.Column("happened_latest", sa.Date(), nullable=True),
        sa.Column("looked_until", sa.String(), nullable=False),
        sa.Column("looked_until_earliest", sa.Date(), nullable=False),
        sa.Column(
            "looked_in",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("censored", sa.String(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_outcome_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("ref", name=op.f("uq_outcome_ref")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_involvement_id"), ["involvement_id"], unique=False)

    op.create_table(
        "person_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column(
            "described",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("surname_folded", sa.String(), nullable=True),
        sa.Column("forename_folded", sa.String(), nullable=True),
        sa.Column("born", sa.String(), nullable=True),
        sa.Column("born_earliest", sa.Date(), nullable=True),
        sa.Column("born_latest", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_person_record_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_record")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_record_ref")),
    )
    with op.batch_alter_table("person_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_record_involvement_id"), ["involvement_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_record_surname_folded_forename_folded_born"),
            ["surname_folded", "forename_folded", "born"],
            unique=False,
        )

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("departs_from_wishes", sa.String(), nullable=True),
        sa.Column(
            "action_refs",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name=op.f("fk_plan_involvement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("involvement_id", "version", name=op.f("uq_plan_involvement_id_version")),
    )
    op.create_table(
        "protective_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_protective_order_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protective_order")),
    )
    with op.batch_alter_table("protective_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protective_order_involvement_id"), ["involvement_id"], unique=False
        )

    op.create_table(
        "referral_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_referral_version_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_version")),
        sa.UniqueConstraint(
            "involvement_id", "version", name=op.f("uq_referral_version_involvement_id_version")
        ),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "was_shown",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_request_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("involvement_id", "agency", name=op.f("uq_request_involvement_id_agency")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_agency"), ["agency"], unique=False)

    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_screening_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("involvement_id", "version", name=op.f("uq_screening_involvement_id_version")),
    )
    op.create_table(
        "action_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("serves", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_note", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_version_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_version")),
        sa.UniqueConstraint("action_id", "version", name=op.f("uq_action_version_action_id_version")),
    )
    with op.batch_alter_table("action_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_version_agency_status_due"), ["agency", "status", "due"], unique=False
        )

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("plugin_version", sa.String(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.Column("prepared_version", sa.Integer(), nullable=True),
        sa.Column("release_class_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_class_id"], ["release_class.id"], name=op.f("fk_answer_release_class_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_answer_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("request_id", "version", name=op.f("uq_answer_request_id_version")),
    )
    op.create_table(
        "dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_dissent_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent")),
    )
    with op.batch_alter_table("dissent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dissent_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "incident_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("referral_version", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=True),
        sa.Column("crime_reference", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("release_class_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_report_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_incident_report_involvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_class_id"], ["release_class.id"], name=op.f("fk_incident_report_release_class_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report")),
    )
    with op.batch_alter_table("incident_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incident_report_crime_reference"), ["crime_reference"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_incident_report_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incident_report_involvement_id"), ["involvement_id"], unique=False
        )

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_judgement_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint("decision_id", "domain", name=op.f("uq_judgement_decision_id_domain")),
    )
    op.create_table(
        "person_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_record_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_record_id"], ["person_record.id"], name=op.f("fk_person_identifier_person_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identifier")),
        sa.UniqueConstraint(
            "person_record_id",
            "scheme",
            "value",
            name=op.f("uq_person_identifier_person_record_id_scheme_value"),
        ),
    )
    with op.batch_alter_table("person_identifier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_identifier_person_record_id"), ["person_record_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_person_identifier_scheme_value"), ["scheme", "value"], unique=False
        )

    op.create_table(
        "person_thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_record_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_record_id"], ["person_record.id"], name=op.f("fk_person_thing_person_record_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_person_thing_place_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_person_thing_thing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_thing")),
    )
    with op.batch_alter_table("person_thing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_thing_person_record_id"), ["person_record_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_person_thing_place_id"), ["place_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_thing_thing_id_person_record_id"),
            ["thing_id", "person_record_id"],
            unique=False,
        )

    op.create_table(
        "role_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_record_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asserted_by", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_role_claim_involvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_record_id"], ["person_record.id"], name=op.f("fk_role_claim_person_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_claim")),
    )
    with op.batch_alter_table("role_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_claim_involvement_id"), ["involvement_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_role_claim_person_record_id"), ["person_record_id"], unique=False
        )

    op.create_table(
        "answer_confirmed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_confirmed_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_confirmed")),
    )
    with op.batch_alter_table("answer_confirmed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_confirmed_answer_id"), ["answer_id"], unique=False)

    for table in APPEND_ONLY:
        _refuse_changes(table)
    op.execute("INSERT INTO audit_head (stream, sequence, hash) VALUES ('main', 0, '" + "0" * 64 + "')")


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_change_of_{table}() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")
