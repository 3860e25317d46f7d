"""The policy of openings of protected values: outside the one table, since it is about two people at once."""

from __future__ import annotations


def opens_alone(*, speaks_for_victim: bool, is_safe_contact_officer: bool, is_named: bool) -> bool:
    """Return whether a person opens a protected value without agreement: named on the case and either."""
    return is_named and (speaks_for_victim or is_safe_contact_officer)


def may_agree_to(
    asked_by: tuple[str, str | None], agreeing: tuple[str, str | None], *, is_named: bool
) -> bool:
    """Return whether a person is the second person of another agency: (user, agency) of each.

    Coordinators and chair have no agency and so are never the second person; when they ask, they need one
    too.
    """
    (asker, asker_agency), (second, second_agency) = asked_by, agreeing
    return is_named and asker != second and second_agency is not None and second_agency != asker_agency
