"""The officer in the case, the case holder and the lead agency, in versions."""

from __future__ import annotations

from engine.store.migrations.columns import history, instant, key, number, text, unique

revision = "0302"
down_revision = "0301"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    history(
        "case_responsible",
        key("involvement_id", "involvement.id"),
        number("version"),
        *(text(f"officer_{part}", nullable=True) for part in ("name", "rank", "force", "unit", "contact")),
        text("holder", nullable=True),
        text("lead_agency", nullable=True),
        text("why", nullable=True),
        text("by"),
        instant("at"),
        unique("involvement_id", "version"),
        erasable=(
            "officer_name",
            "officer_rank",
            "officer_force",
            "officer_unit",
            "officer_contact",
            "why",
        ),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")
