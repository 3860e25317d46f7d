"""The policy as a page for a data-protection officer, made from the policy itself. Knows no storage.

``python -m engine.access.policy_table`` prints it; a test holds ``docs/operators/policy.md`` equal to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from engine.access.policy import FOR_ADVOCATES_ALONE, WHO_MAY, May, Relation, is_open
from engine.domain.acting import Acting, Role

ROLES = tuple(Role)
RELATIONS: dict[str, Relation] = {
    "named on it": Relation(is_named=True),
    "not named on it": Relation(is_named=False),
    "named, not screened yet": Relation(is_named=True, is_screened=False),
    "not named, not screened yet": Relation(is_named=False, is_screened=False),
    "looks urgently, not named": Relation(is_named=False, looks_urgently=True),
    "named, restricted": Relation(is_named=True, is_restricted=True),
    "not named, restricted": Relation(is_named=False, is_restricted=True),
    "looks urgently, restricted": Relation(is_named=False, is_restricted=True, looks_urgently=True),
    "named, connected to a party": Relation(is_named=True, is_connected=True),
    "named, restricted, connected": Relation(is_named=True, is_restricted=True, is_connected=True),
}
_HEAD = """\
# Who may see and do what

Made from `engine/access/policy.py` by `python -m engine.access.policy_table`; a test holds the two equal, and tests try
each cell through the services, and many through the commands and the case page. Deny beats allow: a case that is not
open to somebody reads, in every list, count, page, command and error, like one that does not exist. *System* is a flow,
which acts for the purpose of the person who set it off and shows nothing to anybody.

## For whom a case exists
"""
_BETWEEN = """
Managers, auditors, data-protection officers and administrators are given no case at all; an officer sees what a request
of somebody for their own data needs. A case is *restricted* when the referral says that a party works for one of our
agencies, or when the chair or the victim's advocate on it says so. Restricted cases are in no figure, for anybody. An
analyst sees the links of every other screened case without names, and no more of it unless named.
*Connected* is who knows a party: that person said so, or the chair, or the advocate, or the victim
through her advocate.

## Who may do what, where the case exists for them
"""
_FOOT = """
`advocate` is a practitioner of the seat that speaks for the victim, named on the case; no other practitioner may. A
practitioner speaks for their own agency alone, and reports on its actions alone.
"""


def as_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_relations(), _BETWEEN, *_acts(), _FOOT]).rstrip() + "\n"


def _relations() -> Iterator[str]:
    yield from _heading("the person is")
    for says, relation in RELATIONS.items():
        yield _row(says, ["yes" if is_open(Acting(user="x", role=role), relation) else "-" for role in ROLES])


def _acts() -> Iterator[str]:
    yield from _heading("to")
    for act in May:
        yield _row(act.value, [_cell(act, role) for role in ROLES])


def _cell(act: May, role: Role) -> str:
    if role not in WHO_MAY[act]:
        return "-"
    return "advocate" if role is Role.PRACTITIONER and act in FOR_ADVOCATES_ALONE else "yes"


def _heading(first: str) -> Iterator[str]:
    yield _row(first, [role.value for role in ROLES])
    yield "|---" * (len(ROLES) + 1) + "|"


def _row(first: str, cells: list[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"


if __name__ == "__main__":
    sys.stdout.write(as_page())
