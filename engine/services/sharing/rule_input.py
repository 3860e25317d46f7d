"""A release rule from its checked input: one class of release. Parts of use cases."""

from __future__ import annotations

from engine.clock import Clock
from engine.domain.errors import InvalidInputError
from engine.domain.sharing import DESK, AudienceKind, ReleaseClass, RuleGiven
from engine.domain.typed_days import require_coming
from engine.settings import Settings


def class_given(rule: RuleGiven, owner: str, settings: Settings, clock: Clock) -> ReleaseClass:
    """Return the class that a rule gives an item of this owner.

    Raises
    ------
    InvalidInputError
        The rule lacks its grounds, names no agency or too many, or ends before today.
    """
    if rule.grounds.basis is not None and rule.grounds.basis not in settings.sharing_bases:
        offered = ", ".join(sorted(settings.sharing_bases))
        raise InvalidInputError("basis", f"this lawful basis is not known; choose one of: {offered}")
    if rule.audience is AudienceKind.NAMED and not rule.agencies:
        raise InvalidInputError(
            "agencies", f"name at least one agency, or '{DESK}' for the coordinator and chair"
        )
    if rule.audience is not AudienceKind.NAMED and rule.agencies:
        raise InvalidInputError("agencies", "only name agencies if the audience is 'named agencies'")
    if rule.audience is not AudienceKind.OWNER and rule.grounds.necessity is None:
        raise InvalidInputError(
            "necessity", "say why others need it; without a reason, only the owner sees it"
        )
    if rule.until is not None and rule.until < clock.today():
        raise InvalidInputError(
            "until", "give today's date or a later one; to hide it now, choose 'owner only'"
        )
    require_coming("until", rule.until, on=clock.today())
    return ReleaseClass(
        owner=owner,
        audience=rule.audience,
        agencies=tuple(sorted(rule.agencies)),
        otherwise=rule.otherwise,
        until=rule.until,
    )
