"""The checks that every transaction runs on typed texts; loaded only when a person has typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from engine.domain.accounts.acting import Acting
from engine.store.unit_of_work import Work


def when_typed(work: Work, acting: Acting, at: datetime, typed: Mapping[int | None, Sequence[str]]) -> None:
    """Check the reasons that a use case stored."""
    from engine.services.vault.typed_texts import check_reasons

    check_reasons(work, acting, at, typed)


def when_protected(work: Work, values: Mapping[str, Collection[str]], at: datetime) -> None:
    """Compare the texts of these cases with the values that a use case stored."""
    from engine.services.vault.typed_texts import compare_again

    compare_again(work, values, at)


def as_kept(work: Work, acting: Acting) -> Acting:
    """Return the actor as the audit log stores it; only at the command line is a purpose typed."""
    if acting.account is None:
        return acting
    from engine.services.vault.typed_texts import purpose_kept

    return purpose_kept(work, acting)
