"""Signing in through a provider: reads what its claims say of a person, only by the operator's table.

The claims come from a token that was checked (issuer, audience, signature, nonce) before they come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import ValidationError

from engine.clock import Clock
from engine.domain.accounts.acting import Role, User
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.errors import SignInError
from engine.services.accounts.sign_ins import begin_within
from engine.services.accounts.users import become_another
from engine.settings import ProviderSettings, SignInSettings
from engine.store.unit_of_work import UnitOfWork, Work

_LONGEST_NAME, _LONGEST_SHOWN = 32, 80
_MOST_NAMESAKES = 50


def sign_in_from_provider(
    *, uow: UnitOfWork, clock: Clock, settings: SignInSettings, claims: Mapping[str, object]
) -> str:
    """Sign in the person whom the provider names, with the role and agency of its claims; return the token.

    A person who comes for the first time becomes a user. One who comes with another role or agency has that
    from now: their earlier sign-ins end, and no case is open to them as who they were. An existing user is
    never replaced by a name only. Raises SignInError.
    """
    provider = settings.provider
    if provider is None:
        raise SignInError("no sign-in provider is set up; sign in with a user name and password")
    issuer, subject = _text(claims, "iss"), _text(claims, "sub")
    ends = _ends(claims)
    if ends <= clock.now():
        raise SignInError("the provider's token has expired; sign in again")
    role = _role(provider, claims)
    agency = _agency(provider, claims) if role is Role.PRACTITIONER else None
    with uow.unrecorded() as work:
        known = work.sign_ins.user_of_subject(issuer, subject)
        there = work.users.known(known) if known is not None else None
        if there is not None and not there.active:
            raise SignInError("this user is disabled; ask your administrator")
        name = there.name if there is not None else _free_name(work, _text(claims, provider.name_claim))
    shown = str(claims.get(provider.shown_claim) or name).strip()[:_LONGEST_SHOWN]
    user = User(name=name, display_name=shown or name, role=role, agency=agency)
    with uow.writing(acting=user.acting("signing in"), what="sign in", at=clock.now()) as work:
        _keep(work, clock, user, before=there, issuer=issuer, subject=subject)
        return begin_within(
            work, clock=clock, user=user, way=SignInWay.PROVIDER, lasts=settings.lasts, not_after=ends
        )


def _keep(work: Work, clock: Clock, user: User, *, before: User | None, issuer: str, subject: str) -> None:
    if before is None:
        work.users.add(user, at=clock.now())
        work.sign_ins.add_subject(issuer, subject, user=user.name, at=clock.now())
        work.notes(user_added=user.name, role=user.role.value, agency=user.agency)
    elif before != user:
        work.users.change(user)
        if (before.role, before.agency) != (user.role, user.agency):
            become_another(work, before, user, at=clock.now())


def _role(provider: ProviderSettings, claims: Mapping[str, object]) -> Role:
    said = _several(claims, provider.role_claim)
    found: set[Role] = {provider.roles[each] for each in said if each in provider.roles}
    if len(found) != 1:
        which = "no role" if not found else "more than one role"
        raise SignInError(f"your organisation account maps to {which}; ask your administrator")
    return found.pop()


def _agency(provider: ProviderSettings, claims: Mapping[str, object]) -> str:
    said = _several(claims, provider.agency_claim)
    found = {provider.agencies[each] for each in said if each in provider.agencies}
    if len(found) != 1:
        which = "no agency" if not found else "more than one agency"
        raise SignInError(f"your organisation account maps to {which}; ask your administrator")
    return found.pop()


def _several(claims: Mapping[str, object], name: str) -> list[str]:
    """Return a claim that may be one text or a list of them, as a list; anything else counts as empty."""
    said = claims.get(name)
    each: Iterable[object] = said if isinstance(said, list) else [said]
    return [one for one in each if isinstance(one, str)]


def _text(claims: Mapping[str, object], name: str) -> str:
    said = claims.get(name)
    if not isinstance(said, str) or not said.strip() or len(said) > 500:
        raise SignInError(f"the provider's token lacks '{name}'; ask your administrator")
    return said


def _ends(claims: Mapping[str, object]) -> datetime:
    said = claims.get("exp")
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise SignInError("the provider's token lacks an expiry time; ask your administrator")
    try:
        return datetime.fromtimestamp(said, UTC)
    except (OverflowError, OSError, ValueError):
        raise SignInError("the provider's token lacks an expiry time; ask your administrator") from None


def _free_name(work: Work, said: str) -> str:
    """Return a user name made of the provider's; a number is added where another user has it already."""
    plain = (
        re.sub(r"[^a-z0-9]+", "-", said.split("@", maxsplit=1)[0].lower())
        .strip("-")[:_LONGEST_NAME]
        .rstrip("-")
    )
    for number in range(1, _MOST_NAMESAKES):
        name = plain if number == 1 else f"{plain}-{number}"
        try:
            User(name=name, display_name=name, role=Role.ANALYST)
        except ValidationError:
            break
        if work.users.known(name) is None:
            return name
    raise SignInError("the provider's user name is not valid here; ask your administrator")
