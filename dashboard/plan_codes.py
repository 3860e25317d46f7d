"""The filters of the Plans page as closed codes, for the address and for files. Pure; knows no field.

No name and no text is ever part of a code: an address is stored by browsers and written to logs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.risk import Domain
from engine.domain.plans.lists import DueIn, ListedBy, PlanFilter, Wishes
from engine.domain.plans.versions import PlanState

VIEW, STATE, AGENCY, DUE, DOMAIN, WISHES, OVERDUE, PAGE = (
    "list",
    "state",
    "agency",
    "due",
    "domain",
    "wishes",
    "overdue",
    "page",
)
"""The names of the codes in the address."""
BY_CASE, BY_OWNER, MINE, OWN_AGENCY = "case", "owner", "mine", "agency"
"""The lists. A role's first one has no code: the page begins with it."""
YES = "yes"
ALL = ""
STATES = {
    "draft": PlanState.DRAFT,
    "waiting": PlanState.WAITING,
    "delivery": PlanState.IN_DELIVERY,
    "ended": PlanState.ENDED,
}
DUES = {each.value: each for each in DueIn}
DOMAINS = {domain.value.replace(" ", "-"): domain for domain in Domain}
WISHES_OF = {wishes.value.replace(" ", "-"): wishes for wishes in Wishes}


class Picked(NamedTuple):
    """A viewer's choice by its codes; an empty code chooses all."""

    codes: Mapping[str, str]
    view: str

    @property
    def page(self) -> int:
        """The page of the list, from 1."""
        return int(self.codes[PAGE] or 1)

    @property
    def is_filtered(self) -> bool:
        """True if a choice leaves plans out."""
        return any(self.codes[name] for name in (STATE, AGENCY, DUE, DOMAIN, WISHES, OVERDUE))

    @property
    def by_owner(self) -> bool:
        """True if actions are listed one by one, by their owner."""
        return self.view in {BY_OWNER, OWN_AGENCY}

    @property
    def listed_by(self) -> ListedBy:
        """The order of the list."""
        return ListedBy.OWNER if self.by_owner else ListedBy.CASE

    def wanted(self, acting: Acting) -> PlanFilter:
        """Return the same as a filter of plans."""
        own = acting.agency if self.view == OWN_AGENCY else None
        return PlanFilter(
            state=STATES.get(self.codes[STATE]),
            agency=self.codes[AGENCY] or own,
            due=DUES.get(self.codes[DUE]),
            serves=DOMAINS.get(self.codes[DOMAIN]),
            wishes=WISHES_OF.get(self.codes[WISHES]),
            overdue=bool(self.codes[OVERDUE]),
        )


def views_of(acting: Acting) -> tuple[str, ...]:
    """Return the lists that a role can choose from, the one that the page begins with first."""
    return (MINE, OWN_AGENCY, BY_CASE) if acting.role is Role.PRACTITIONER else (BY_CASE, BY_OWNER)


def known_codes(
    acting: Acting, given: Mapping[str, str | None], *, agencies: Collection[str]
) -> dict[str, str]:
    """Return the codes that the page knows; any other chooses all."""
    allowed: dict[str, Collection[str]] = {
        VIEW: views_of(acting)[1:],
        STATE: STATES,
        AGENCY: agencies,
        DUE: DUES,
        DOMAIN: DOMAINS,
        WISHES: WISHES_OF,
        OVERDUE: (YES,),
    }
    codes = {name: _known(given.get(name), codes) for name, codes in allowed.items()}
    return {**codes, PAGE: page_code(given.get(PAGE))}


def picked_of(acting: Acting, codes: Mapping[str, str]) -> Picked:
    """Return the choice that these codes make."""
    return Picked(codes, codes[VIEW] or views_of(acting)[0])


def page_code(code: str | None) -> str:
    """Return the number of a page after the first, else the empty code."""
    is_number = code is not None and code.isascii() and code.isdigit() and len(code) < 6
    return code if code is not None and is_number and int(code) > 1 else ALL


def _known(code: str | None, allowed: Collection[str]) -> str:
    return code if code is not None and code in allowed else ALL
