"""What every transaction does with what people typed; loaded only when somebody has typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.domain.accounts.acting import Acting
from engine.store.unit_of_work import Work


def when_typed(work: Work, acting: Acting, at: datetime, typed: Mapping[int | None, Sequence[str]]) -> None:
    """Check the reasons that a use case kept."""
    from engine.services.vault.typed_texts import check_reasons

    check_reasons(work, acting, at, typed)


def as_kept(work: Work, acting: Acting) -> Acting:
    """Who acts as the audit keeps it; only at the command is a purpose typed."""
    if acting.account is None:
        return acting
    from engine.services.vault.typed_texts import purpose_kept

    return purpose_kept(work, acting)
