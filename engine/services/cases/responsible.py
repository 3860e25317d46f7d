"""Officer in the case, case holder and lead agency: read and changed. None of them gives access."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May, is_open
from engine.access.redaction import Masker
from engine.clock import Clock
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.responsible import Officer, Responsible, ResponsibleChange
from engine.domain.errors import ConflictError, InvalidInputError, Side
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case, relation_to
from engine.services.access.masking import masker_for
from engine.services.context import Context
from engine.services.referrals.holding import add_version, newest
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_NAME_ONE = "give the officer in the case, the case holder or the lead agency"


def view_responsible(context: Context, *, reference: str) -> tuple[Responsible, ...]:
    """Return every version of who is responsible for a case, oldest first; none where none is recorded.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see who is responsible for the case") as work:
        case = open_case(work, context.acting, reference, May.VIEW_CASE, at=context.clock.now())
        masker = masker_for(
            work=work, involvements=work.cases.together(case.reference), reader=context.acting.user
        )
        return seen(work.responsible.of(case.reference), masker)


def change_responsible(context: Context, *, reference: str, change: ResponsibleChange) -> Responsible:
    """Record who is responsible for a case; what is recorded already is not recorded again.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the change names no one, the agency is not installed, the user may not
        hold the case, or what is recorded would be replaced without a reason.
    NotFoundError
        The case is not open to the person who acts, or the named user does not exist.
    ConflictError
        Another person changed it first.
    """
    agencies = context.agencies_known
    if not change.parts:
        raise InvalidInputError("change", _NAME_ONE)
    if change.lead_agency is not None:
        _require_installed(change.lead_agency, agencies)
    with context.writing("record who is responsible for the case") as work:
        case = open_case(work, context.acting, reference, May.NAME_RESPONSIBLE)
        before = newest(work, case.reference)
        after = before.changed_by(change)
        if after == before:
            return before
        _require_newest(before, change, case.reference, context)
        if change.holder is not None and change.holder != before.holder:
            _require_may_hold(work, case, change.holder)
        if (replaced := before.differs_in(change)) and change.reason is None:
            already = f"the {replaced[0].value} is recorded already (version {before.version})"
            raise InvalidInputError("reason", f"{already}; give the reason for the change")
        recorded = add_version(
            work,
            case.reference,
            after,
            reason=change.reason,
            acting=context.acting,
            clock=context.clock,
        )
        work.notes(version=recorded.version, parts=len(change.parts))
        _check_texts(work, case, change, acting=context.acting, clock=context.clock)
    return recorded


def newest_seen(work: Work, reference: str, masker: Masker) -> Responsible:
    """Return what is recorded now as a viewer may read it; part of viewing a case."""
    return next(reversed(seen(work.responsible.of(reference), masker)), Responsible())


def seen(versions: Sequence[Responsible], masker: Masker) -> tuple[Responsible, ...]:
    """Return the versions of a case, oldest first, with what is protected masked; part of larger use cases.

    An officer stays in later versions, of any person: the writer is who described the officer so.
    """
    found, before, writer = list[Responsible](), Responsible(), None
    for each in versions:
        if each.officer != before.officer:
            writer = each.by
        found.append(_masked(each, masker, officer_by=writer))
        before = each
    return tuple(found)


def _masked(recorded: Responsible, masker: Masker, *, officer_by: str | None) -> Responsible:
    officer = recorded.officer
    if officer is not None:
        texts = _texts_of(officer).items()
        officer = officer.model_copy(
            update={name: masker.masked_or_none(value, by=officer_by) for name, value in texts}
        )
    reason = masker.masked_or_none(recorded.reason, by=recorded.by)
    return recorded.model_copy(update={"officer": officer, "reason": reason})


def _check_texts(
    work: Work, case: Involvement, change: ResponsibleChange, *, acting: Acting, clock: Clock
) -> None:
    """Compare what was typed with what is protected. A work contact is the officer's, as its field says."""
    texts = dict(_texts_of(change.officer)) if change.officer else {}
    contact = texts.pop("contact", None)
    check_typed(
        work,
        case,
        TypedWhere.REASON,
        [*texts.values(), change.reason],
        acting=acting,
        clock=clock,
        work_contact=contact,
    )


def _texts_of(officer: Officer) -> dict[str, str | None]:
    return {
        "name": officer.name,
        "rank": officer.rank,
        "force": officer.force,
        "unit": officer.unit,
        "contact": officer.contact,
    }


def _require_newest(before: Responsible, change: ResponsibleChange, reference: str, context: Context) -> None:
    """Refuse a change that was made on another version than the newest."""
    base = change.base_version
    if base is None or base == before.version:
        return
    if base > before.version or before.by is None or before.at is None:
        raise InvalidInputError(
            "base_version", f"version {base} does not exist; the newest is {before.version}"
        )
    raise ConflictError(
        "who is responsible for",
        reference,
        yours=Side(context.acting.user, context.clock.now(), base),
        theirs=Side(before.by, before.at, before.version),
    )


def _require_installed(code: str, agencies: Sequence[AgencyKnown]) -> None:
    """Refuse an agency that is not installed."""
    codes = sorted(agency.code for agency in agencies)
    if code not in codes:
        raise InvalidInputError(
            "lead agency", f"it is not installed; choose one of {', '.join(codes) or 'none'}"
        )


def _require_may_hold(work: Work, case: Involvement, holder: str) -> None:
    """Refuse a user of another role, and one who may not open the case.

    The sentence is the same for a conflict of interest and for a restricted case that does not name them.
    """
    user = work.users.get(holder)
    if user.role not in COORDINATOR_AND_CHAIR:
        raise InvalidInputError("case holder", "a coordinator or chair holds a case; choose one")
    relation = relation_to(work, user.acting(), case.reference, case)
    is_outside = relation.is_restricted and not relation.is_named
    if is_outside or not is_open(user.acting(), relation):
        raise InvalidInputError(
            "case holder", "the case is not open to this user; name them on it first, or choose another"
        )
