"""Files that a page sends: a link is asked for, good once, for a minute, and only the file goes there.

A file comes as it is, without a name or a type of its own, and is read by a service that checks again whether
this person may. What became of it waits here for the page of the same sign-in. Knows no page.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import record
from dashboard.arrivals import form_of
from dashboard.rejected_requests import note, place_of
from dashboard.sign_in import signed_in_here_or_noted
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import (
    InvalidInputError,
    NotPermittedError,
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
_MOST_KEPT = 200


class UploadResult(NamedTuple):
    """Result of a file: what it came to, or why it was not imported.

    ``asks_to_confirm`` means that it would be, if a person had viewed the workbook and confirmed it.
    """

    report: ImportReport | OutcomesImported | None
    error: str | None
    asks_to_confirm: bool = False


_CAME: OrderedDict[tuple[str, int], UploadResult] = OrderedDict()
_LOCK = Lock()


def last_of(sign_in: SignIn) -> UploadResult | None:
    """Return the result of the last file of this sign-in: counts, references, reasons, and no content."""
    with _LOCK:
        return _CAME.get(_whose(sign_in))


def _keep(sign_in: SignIn, came: UploadResult) -> None:
    with _LOCK:
        _CAME[_whose(sign_in)] = came
        _CAME.move_to_end(_whose(sign_in))
        while len(_CAME) > _MOST_KEPT:
            _CAME.popitem(last=False)


def _whose(sign_in: SignIn) -> tuple[str, int]:
    return str(record.runtime().settings.home), sign_in.id


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)


async def _ask(request: Request) -> Response:
    """Answer a page that asks where to send a file to."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return _nothing()
    form = await form_of(request)
    source = form.get("source", "").strip()[:40] or None
    outcomes_of = form.get(OUTCOMES_OF, "").strip()[:40] or None
    return await run_in_threadpool(_allowed, found, source, form.get("workbook") == LOOKED, outcomes_of)


def _allowed(found: SignIn, source: str | None, is_confirmed: bool, outcomes_of: str | None) -> Response:
    runtime = record.runtime()
    try:
        with runtime.refusals.noted(uploads.acting_for(found)):
            token = uploads.allow_upload(
                uow=runtime.uow,
                clock=runtime.clock,
                sign_in=found,
                source=source,
                is_confirmed=is_confirmed,
                outcomes_of=outcomes_of,
            )
    except RecordError:
        raise
    except StacError:
        return _nothing()
    return PlainTextResponse(token, headers={"cache-control": "no-store"})


async def _send(request: Request) -> Response:
    """Take a file by its link."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return _nothing()
    try:
        sent = await run_in_threadpool(_used, found, request.path_params["token"])
    except RecordError:
        raise
    except StacError:
        return _nothing()  # and the log has it
    try:
        report = await _taken_in(request, found, sent)
    except RecordError as error:
        _keep(
            found, UploadResult(None, str(error))
        )  # the page says so, and how much of the file was imported
        raise
    except StacError as error:
        _keep(found, UploadResult(None, str(error), isinstance(error, WorkbookUnconfirmedError)))
        await run_in_threadpool(
            note,
            Refused.UPLOAD,
            place=place_of(request.scope),
            acting=uploads.acting_for(found),
            because="file",
            sign_in=found.id,
        )
        return PlainTextResponse(str(error), status_code=422)
    _keep(found, UploadResult(report, None))
    return Response(status_code=204)


def _used(found: SignIn, token: str) -> uploads.Sent:
    """Return what was said of the file. A link that is not good is logged."""
    runtime = record.runtime()
    try:
        return uploads.use_upload_link(uow=runtime.uow, clock=runtime.clock, sign_in=found, token=token)
    except NotPermittedError as error:
        note(Refused.ACT, acting=uploads.acting_for(found), because=error.act, sign_in=found.id)
        raise


async def _taken_in(request: Request, found: SignIn, sent: uploads.Sent) -> ImportReport | OutcomesImported:
    runtime = record.runtime()
    with uploads.landing(clock=runtime.clock, settings=runtime.settings) as landed:
        landed.expects(request.headers.get("content-length"))
        try:
            with anyio.fail_after(_SECONDS):
                async for part in request.stream():
                    landed.add(part)
        except (TimeoutError, ClientDisconnect):
            raise InvalidInputError("file", "the file did not arrive complete; import it again") from None
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
