"""Files that a page sends: a link is asked for, good once, for a minute, and only the file goes there.

A file comes as it is, without a name or a type of its own, and is read by a service that checks again whether
this person may. What became of it waits here for the page of the same sign-in. Knows no page.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import record, sending
from dashboard.arrivals import form_of
from dashboard.sign_in import signed_in_here_or_noted
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import (
    InvalidInputError,
    RecordError,
    StacError,
    WorkbookUnconfirmedError,
)
from engine.services.outcomes.imports import OutcomesImported, import_outcomes
from engine.services.referrals import uploads
from engine.services.referrals.imports import ImportReport
from engine.services.system.rejected_requests import Refused

ASK = "/uploads"
LOOKED = "looked"
"""Value of a form's field ``workbook`` when a person has viewed one that hides what cells show."""
OUTCOMES_OF = "outcomes_of"
"""Field with the agency that found the outcomes of a file; blank for a file of referrals."""
_SECONDS = 120
_INCOMPLETE = InvalidInputError("file", "the file did not arrive complete; import it again")


class UploadResult(NamedTuple):
    """Result of a file: what it came to, or why it was not imported.

    ``asks_to_confirm`` means that it would be, if a person had viewed the workbook and confirmed it.
    """

    report: ImportReport | OutcomesImported | None
    error: str | None
    asks_to_confirm: bool = False


_CAME: sending.ResultsBySignIn[UploadResult] = sending.ResultsBySignIn()


def last_of(sign_in: SignIn) -> UploadResult | None:
    """Return the result of the last file of this sign-in: counts, references, reasons, and no content."""
    return _CAME.last_of(sign_in)


async def _ask(request: Request) -> Response:
    """Answer a page that asks where to send a file to."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return sending.nothing()
    form = await form_of(request)
    source = form.get("source", "").strip()[:40] or None
    outcomes_of = form.get(OUTCOMES_OF, "").strip()[:40] or None
    return await run_in_threadpool(_allowed, found, source, form.get("workbook") == LOOKED, outcomes_of)


def _allowed(found: SignIn, source: str | None, is_confirmed: bool, outcomes_of: str | None) -> Response:
    runtime = record.runtime()
    return sending.link_answer(
        uploads.acting_for(found),
        lambda: uploads.allow_upload(
            uow=runtime.uow,
            clock=runtime.clock,
            sign_in=found,
            source=source,
            is_confirmed=is_confirmed,
            outcomes_of=outcomes_of,
        ),
    )


async def _send(request: Request) -> Response:
    """Take a file by its link."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return sending.nothing()
    acting = uploads.acting_for(found)
    sent = await sending.used(found, acting, lambda: _used(found, request.path_params["token"]))
    if sent is None:
        return sending.nothing()
    try:
        report = await _taken_in(request, found, sent)
    except RecordError as error:
        # the page says so, and how much of the file was imported
        _CAME.keep(found, UploadResult(None, str(error)))
        raise
    except StacError as error:
        _CAME.keep(found, UploadResult(None, str(error), isinstance(error, WorkbookUnconfirmedError)))
        return await sending.refused(request, error, acting, found)
    _CAME.keep(found, UploadResult(report, None))
    return Response(status_code=204)


def _used(found: SignIn, token: str) -> uploads.Sent:
    """Return what was said of the file."""
    runtime = record.runtime()
    return uploads.use_upload_link(uow=runtime.uow, clock=runtime.clock, sign_in=found, token=token)


async def _taken_in(request: Request, found: SignIn, sent: uploads.Sent) -> ImportReport | OutcomesImported:
    runtime = record.runtime()
    async with sending.arrived(request, seconds=_SECONDS, incomplete=_INCOMPLETE) as landed:
        if sent.outcomes_of is not None:
            landed.whole()
            return await run_in_threadpool(
                import_outcomes,
                runtime.context(uploads.acting_for(found)),
                path=landed.path,
                agency=sent.outcomes_of,
            )
        return await run_in_threadpool(
            uploads.import_upload,
            runtime.context(uploads.acting_for(found)),
            landed=landed,
            sent=sent,
        )


ROUTES = (
    Route(ASK, _ask, methods=["POST"]),
    Route(f"{ASK}/{{token}}", _send, methods=["POST"]),
)
