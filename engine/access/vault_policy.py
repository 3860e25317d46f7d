"""The policy of openings of protected values: outside the one table, since it is about two people at once."""

from __future__ import annotations

from dataclasses import replace

from engine.access.policy import WHO_MAY, May, Relation, is_open
from engine.domain.accounts.acting import Acting


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


def stands_in_for_life(acting: Acting, relation: Relation, *, is_duty_responder: bool) -> bool:
    """Return whether the duty responder may open this case for an immediate threat to life.

    Being on duty counts as being named, for one opening. It opens no restricted case and nothing to a person
    connected to a party.
    """
    if not is_duty_responder or acting.role not in WHO_MAY[May.OPEN_FOR_LIFE]:
        return False
    return is_open(acting, replace(relation, looks_urgently=True))


def reads_despair(
    *, is_advocate: bool, has_advocate: bool, recorded_it: bool, is_duty_responder: bool
) -> bool:
    """Return whether a person reads a note of the victim's own despair on a case that is open to them.

    The victim's advocate on the case does. Where there is none, who recorded it and the duty responder.
    """
    return is_advocate or (not has_advocate and (recorded_it or is_duty_responder))


def acknowledges_alone(*, recorded_it: bool, others_have_it: bool) -> bool:
    """Return whether one of them may acknowledge it: another than who recorded it, where there is one."""
    return not (recorded_it and others_have_it)
