"""What is recorded of advice after its screening: that it was sent, its slip, its closing."""

from __future__ import annotations

from engine.store.migrations.columns import day, history, instant, key, number, text, unique

revision = "0301"
down_revision = "0300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. Advice from before has no row in them: it is shown as not sent."""
    history(
        "advice_sent",
        key("involvement_id", "involvement.id", index=True),
        number("screening_version"),
        text("how"),
        text("sent_to"),
        day("sent_on"),
        text("by"),
        instant("at"),
        erasable=("sent_to",),
    )
    history(
        "advice_slip",
        key("involvement_id", "involvement.id", index=True),
        number("screening_version"),
        text("question"),
        text("answer"),
        day("done_on", nullable=True),
        text("done_by", nullable=True),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        erasable=("done_by", "why"),
    )
    history(
        "advice_closed",
        key("involvement_id", "involvement.id"),
        number("screening_version"),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        unique("involvement_id", "screening_version"),
        erasable=("why",),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")
