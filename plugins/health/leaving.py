"""What never leaves the care record, whoever releases; about everything else people decide."""

from __future__ import annotations

from engine.hooks.v1 import AudienceKind, MayShare, Shareable

_STAYS = frozenset({"instrument", "predictor"})


def may_go(item: Shareable) -> MayShare:
    """A filled-in form or a predictor stays with its owner; nothing is said of the rest."""
    if item.kind in _STAYS:
        return MayShare(
            audience=AudienceKind.OWNER, because="Filled-in forms and predictors stay in the care record."
        )
    return MayShare()
