"""Sealing an agency's extract as whole, by a named person. Reads no record of the agency's."""

from __future__ import annotations

from datetime import date

from engine.access.policy import require_hand_over
from engine.domain.agencies.files import ExtractSealed
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.services.agencies.suspension import one_line_reason
from engine.services.context import AgencyContext


def seal_extract(
    context: AgencyContext,
    *,
    agency: str,
    as_of: date | None = None,
    accept_fewer: bool = False,
    reason: str | None = None,
) -> ExtractSealed:
    """Seal what is in the agency's folder; from now on the agency answers from it.

    Raises
    ------
    InvalidInputError
        The agency has no extract, it cannot be read or sealed, tables shrank without ``accept_fewer``, or
        there are fewer rows than before, or fewer that a person can be found by, without a reason.
    NotFoundError
        No such agency is installed.
    NotPermittedError
        The person who acts may not import this agency's files.
    RecordsUnreadableError
        The files cannot be read.
    ExtractNotWholeError
        The files changed while they were read.
    """
    if agency not in context.agencies.codes:
        raise NotFoundError(
            "agency", agency, instead=f"installed are {', '.join(context.agencies.codes) or 'none'}"
        )
    require_hand_over(context.acting, agency)
    if not context.agencies.manifest(agency).extract:
        raise InvalidInputError(
            "agency", f"{agency} has no extract to seal: its manifest says 'extract = false'"
        )
    why = one_line_reason(reason) if reason is not None else None
    sealed = context.agencies.seal(agency, as_of=as_of, accept_fewer=accept_fewer, reason=why)
    with context.writing("seal extract") as work:
        work.notes(
            agency=agency,
            as_of=sealed.as_of.isoformat(),
            files=len(sealed.files),
            rows=sum(file.rows or 0 for file in sealed.files),
            matchable=sum(table.now.matchable for table in sealed.tables),
            fewer_accepted=accept_fewer,
            with_reason=sealed.reason is not None,
        )
    return sealed
