"""Normal forms and keys of person records, made again where this version makes others. Shows nothing."""

from __future__ import annotations

from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.store.unit_of_work import UnitOfWork

_AT_ONCE = 2_000


def fill_forms(*, uow: UnitOfWork, clock: Clock) -> int:
    """Make, for 'init', the forms and keys that older records lack; return of how many. Safe to interrupt."""
    from engine.identity.forms import FORMS_VERSION  # loads what only matching needs

    with uow.unrecorded() as work:
        if not work.older_forms.is_any_lacking(FORMS_VERSION):
            return 0
    acting = flow_acting("bring the record up to date", "operator")
    total, last = 0, 0
    while True:
        with uow.writing(acting=acting, what="make keys of person records", at=clock.now()) as work:
            done, last = work.older_forms.fill(FORMS_VERSION, count=_AT_ONCE, after=last)
            work.notes(records=done)
        total += done
        if done < _AT_ONCE:
            return total
