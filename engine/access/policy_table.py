"""The policy as a page for a data-protection officer, made from the policy itself. Knows no storage.

``python -m engine.access.policy_table`` prints it; a test holds ``docs/operators/policy.md`` equal to it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from datetime import date

from engine.access.policy import FOR_ADVOCATES_ALONE, WHO_MAY, May, Relation, is_open
from engine.access.release import outcome_of
from engine.domain.accounts.acting import Acting, Role
from engine.domain.sharing import DESK, AudienceKind, ReleaseClass, VisibilityToOthers

ROLES = tuple(Role)
ROLE_NAMES = tuple(role.label for role in ROLES)
RELATIONS: dict[str, Relation] = {
    "named on it": Relation(is_named=True),
    "not named on it": Relation(is_named=False),
    "named, not screened yet": Relation(is_named=True, is_screened=False),
    "not named, not screened yet": Relation(is_named=False, is_screened=False),
    "emergency access, not named": Relation(is_named=False, looks_urgently=True),
    "named, restricted": Relation(is_named=True, is_restricted=True),
    "not named, restricted": Relation(is_named=False, is_restricted=True),
    "emergency access, restricted": Relation(is_named=False, is_restricted=True, looks_urgently=True),
    "named, conflict of interest": Relation(is_named=True, is_connected=True),
    "named, restricted, conflict of interest": Relation(is_named=True, is_restricted=True, is_connected=True),
}
OWNER, NAMED, OTHER = "owner", "named-agency", "other-agency"
"""Example agencies in the table of releases."""
LAST_DAY = date(2026, 9, 30)
RELEASES: dict[str, ReleaseClass] = {
    "panel": ReleaseClass(owner=OWNER, audience=AudienceKind.PANEL),
    "panel, after its end date": ReleaseClass(owner=OWNER, audience=AudienceKind.PANEL, until=LAST_DAY),
    **{
        f"{sentence}, otherwise {otherwise.value}": ReleaseClass(
            owner=OWNER, audience=audience, agencies=agencies, otherwise=otherwise
        )
        for sentence, audience, agencies in (
            ("named agencies", AudienceKind.NAMED, (NAMED,)),
            ("named agencies, coordinator and chair", AudienceKind.NAMED, (NAMED, DESK)),
            ("owner only", AudienceKind.OWNER, ()),
        )
        for otherwise in VisibilityToOthers
    },
}
READERS: dict[str, tuple[Acting, bool]] = {
    "owner's practitioner": (Acting(user="x", role=Role.PRACTITIONER, agency=OWNER), True),
    "named agency's, on the case": (Acting(user="x", role=Role.PRACTITIONER, agency=NAMED), True),
    "chair, coordinator": (Acting(user="x", role=Role.CHAIR), True),
    "another agency's, on the case": (Acting(user="x", role=Role.PRACTITIONER, agency=OTHER), True),
    "analyst on the case": (Acting(user="x", role=Role.ANALYST), True),
    "user with emergency access": (Acting(user="x", role=Role.PRACTITIONER, agency=OTHER), False),
}
"""The readers of an item of a case that is open to them, and whether they work the case."""
_HEAD = """\
# Who may see and do what

Made from `engine/access/policy.py` by `python -m engine.access.policy_table`; a test holds the two equal, and tests try
each cell through the services, and each row that differs from the others through a command and a page. Deny beats allow: a case that a user
cannot view reads, in every list, count, page, command and error, like one that does not exist. *System* is a flow,
which acts for the purpose of the person who started it and shows nothing to any user.

## Who can view a case
"""
_BETWEEN = """
Managers, auditors, data protection officers and administrators can view no case. A manager lists the plans of all cases
that are not restricted: counts, references and titles from the library of actions, without names or free text. A data protection officer sees what a
subject access request needs. A case is *restricted* when the referral says that a party works for one of our
agencies, or when the chair or the victim's advocate on the case says so. Restricted cases are in no figure, for any
user. An analyst sees the links of every other screened case without names, and no more of a case unless named on it.
*Conflict of interest* means that the user knows a party: declared by the user, by the chair, by the advocate, or by the
victim through the advocate.

## Who may do what, on the cases that they can view
"""
_FOOT = """
`advocate` is a practitioner of the agency that represents the victim, named on the case; no other practitioner may. A
practitioner responds only for their own agency, and starts and updates only its actions.

## What a user sees of one item, by its owner's rule

*Withhold*: counted, with whom to ask. *Stub*: "exists, ask this agency". *Hide*: as if it did not exist. A rule of the
agency's own software can only narrow this. The purpose of a task changes none of it: it is logged with every view.
"""


def as_page() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *_relations(), _BETWEEN, *_acts(), _FOOT, *_releases()]).rstrip() + "\n"


def _relations() -> Iterator[str]:
    yield from _heading("the person is", ROLE_NAMES)
    for sentence, relation in RELATIONS.items():
        yield _row(
            sentence, ["yes" if is_open(Acting(user="x", role=role), relation) else "-" for role in ROLES]
        )


def _acts() -> Iterator[str]:
    yield from _heading("to", ROLE_NAMES)
    for act in May:
        yield _row(act.value, [_cell(act, role) for role in ROLES])


def _cell(act: May, role: Role) -> str:
    if role not in WHO_MAY[act]:
        return "-"
    return "advocate" if role is Role.PRACTITIONER and act in FOR_ADVOCATES_ALONE else "yes"


def _releases() -> Iterator[str]:
    yield from _heading("the rule", READERS)
    on = LAST_DAY.replace(month=LAST_DAY.month + 1)
    for sentence, release in RELEASES.items():
        cells = [outcome_of(who, release, on=on, is_member=works_it) for who, works_it in READERS.values()]
        yield _row(sentence, [outcome.value for outcome in cells])


def _heading(first: str, columns: Collection[str]) -> Iterator[str]:
    yield _row(first, list(columns))
    yield "|---" * (len(columns) + 1) + "|"


def _row(first: str, cells: list[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"


if __name__ == "__main__":
    sys.stdout.write(as_page())
