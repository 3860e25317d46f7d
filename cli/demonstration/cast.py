"""People of the demonstration: invented ones for the coordinator and chair and each agency. Knows no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.accounts.acting import Acting, Role, User, flow_acting
from engine.runtime import Runtime
from engine.services.accounts.users import add_first_user, add_user, find_user, users_for_sign_in
from engine.services.system.invented_city import professional_of

FIRST = "demo"
PRACTITIONERS = 2
_DESK = {
    "chair": Role.CHAIR,
    "analyst": Role.ANALYST,
    "manager": Role.MANAGER,
}


@dataclass(frozen=True)
class Cast:
    """All who act. ``practitioners`` are the user names of each agency."""

    coordinator: Acting
    chair: Acting
    practitioners: Mapping[str, tuple[Acting, ...]]

    def practitioner(self, agency: str, number: int) -> Acting:
        """Return one of that agency's practitioners."""
        of_agency = self.practitioners[agency]
        return of_agency[number % len(of_agency)]


def watchman() -> Acting:
    """Return the actor that watches alarms when no person does."""
    return flow_acting("standing watch", "installation")


def assembled(runtime: Runtime, *, seed: int) -> Cast:
    """Make the people who are not there yet, with invented names."""
    add_first_user(uow=runtime.uow, clock=runtime.clock, name=FIRST)
    there = {user.name for user in users_for_sign_in(uow=runtime.uow)}
    coordinator = find_user(uow=runtime.uow, name=FIRST).acting()
    wanted = [
        User(name=name, display_name=professional_of(seed, name).name, role=role)
        for name, role in _DESK.items()
    ]
    for agency in runtime.agencies_known:
        wanted += [
            User(
                name=user_name(agency.code, number),
                display_name=professional_of(seed, agency.code, number).name,
                role=Role.PRACTITIONER,
                agency=agency.code,
            )
            for number in range(PRACTITIONERS)
        ]
    for user in wanted:
        if user.name not in there:
            add_user(runtime.context(coordinator), user=user)
    of_agencies: dict[str, tuple[Acting, ...]] = {}
    for user in wanted:
        if user.agency:
            of_agencies[user.agency] = (*of_agencies.get(user.agency, ()), user.acting())
    return Cast(
        coordinator=coordinator,
        chair=next(user for user in wanted if user.role is Role.CHAIR).acting(),
        practitioners=of_agencies,
    )


def user_name(agency: str, number: int) -> str:
    """Return the user name of an agency's practitioner, for instance the first one: CODE-1."""
    return f"{agency[:36]}-{number + 1}"
