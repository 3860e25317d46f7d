"""Sealing an agency's extract as whole, by a named person. Reads no record of the agency's."""

from __future__ import annotations

from datetime import date

from engine.access.policy import require_hand_over
from engine.domain.agencies.files import ExtractSealed
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.services.context import AgencyContext


def seal_extract(
    context: AgencyContext, *, agency: str, as_of: date | None = None, accept_fewer: bool = False
) -> ExtractSealed:
    """Seal what is in the agency's folder; from now on the agency answers from it.

    Raises
    ------
    InvalidInputError
        The agency has no extract, it cannot be sealed, or tables shrank without ``accept_fewer``.
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
    sealed = context.agencies.seal(agency, as_of=as_of, accept_fewer=accept_fewer)
    with context.writing("seal extract") as work:
        work.notes(
            agency=agency,
            as_of=sealed.as_of.isoformat(),
            files=len(sealed.files),
            rows=sum(file.rows or 0 for file in sealed.files),
            fewer_accepted=accept_fewer,
        )
    return sealed
