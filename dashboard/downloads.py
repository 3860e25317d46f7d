"""Files that a page offers: asked for by a form, fetched by a link that is good once, for a minute.

A link is only for its sign-in. Each kind is made when it is fetched, by a service that checks again whether
this person may have it. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import made_files, markup, record, sending
from dashboard.arrivals import form_of
from dashboard.plan_codes import known_codes, picked_of
from dashboard.rejected_requests import note, place_of
from dashboard.sign_in import signed_in_here_or_noted, standing_or_noted
from engine.domain.accounts.acting import Acting
from engine.domain.accounts.sign_ins import SignInStanding
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError, RecordError, StacError
from engine.domain.outcomes.releases import Group
from engine.domain.plans.lists import TableForm
from engine.services.accounts import one_time_tokens
from engine.services.agencies import health as agency_health
from engine.services.links import export as link_export
from engine.services.links import network_tables
from engine.services.orders import export as order_export
from engine.services.orders.export import OrderFileForm
from engine.services.outcomes.imports import OUTCOME_TEMPLATE
from engine.services.outcomes.returns import ReturnForm, outcome_return
from engine.services.plans import export as plan_export
from engine.services.referrals import files as referral_files
from engine.services.rights import informing_victims
from engine.services.system import audit
from engine.services.system.rejected_requests import Refused

ASK = "/files"
COMMAND_CODE = "/command-code"
DIAGNOSTICS = "diagnostics"
LINK_MAP = "link-map"
NETWORK_MAP = "network-map"
NETWORK_RANKINGS = {"csv": "network-rankings-csv", "xlsx": "network-rankings-xlsx"}
VICTIM_PACK = "victim-pack"
TEMPLATE = "template"
OUTCOMES_TO_FILL_IN = "outcomes"
AUDIT = "audit"
PLANS_CSV, PLANS_XLSX = "plans-csv", "plans-xlsx"
ORDERS_CSV, ORDERS_XLSX, ORDERS_CALENDAR = "orders-csv", "orders-xlsx", "orders-calendar"
OUTCOMES_CSV, OUTCOMES_XLSX, OUTCOMES_REPORT = "outcomes-csv", "outcomes-xlsx", "outcomes-report"


class Made(NamedTuple):
    """A file as it goes out."""

    name: str
    media_type: str
    content: bytes


Maker = Callable[[Acting, str | None], Made]


def _diagnostics(acting: Acting, _: str | None) -> Made:
    """Make the diagnostics of the installation, in counts, times and versions."""
    runtime = record.runtime()
    diagnostics = agency_health.diagnostics(runtime.context(acting))
    content = diagnostics.model_dump_json(indent=1).encode()
    return Made("stac-diagnostics.json", "application/json", content)


def _link_map(acting: Acting, reference: str | None) -> Made:
    """Return a map of links that this person asked to export, with a reason, a moment ago."""
    runtime = record.runtime()
    made = link_export.made_export(
        runtime.context(acting), reference=reference or "", snapshots=runtime.link_snapshots
    )
    return Made(made.file_name, made.media_type, made.content)


def _network_map(acting: Acting, token: str | None) -> Made:
    """Return a map of a network that this person just had made."""
    made = made_files.take(acting.user, token or "")
    return Made(made.file_name, made.media_type, made.content)


def _rankings(form: TableForm) -> Maker:
    """Return a maker of the rankings of a network of this person's own."""

    def make(acting: Acting, reference: str | None) -> Made:
        context = record.runtime().context(acting)
        made = network_tables.rankings(context, network=reference or "", form=form)
        return Made(made.file_name, made.media_type, made.content)

    return make


def _victim_pack(acting: Acting, reference: str | None) -> Made:
    """Make the pack for a victim, which the victim's advocate takes along."""
    runtime = record.runtime()
    pack = informing_victims.take_pack(runtime.context(acting), reference=reference or "")
    return Made(pack.file_name, "text/plain; charset=utf-8", pack.text.encode())


_TEMPLATES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def _template(_: Acting, kind: str | None) -> Made:
    """Return an empty file of the right shape, of referrals or outcomes; it holds nothing of the record."""
    if kind == OUTCOMES_TO_FILL_IN:
        return Made("outcomes.csv", _TEMPLATES["csv"], OUTCOME_TEMPLATE.encode())
    if kind not in _TEMPLATES:
        raise InvalidInputError("template", f"choose one of {', '.join(_TEMPLATES)}")
    return Made(f"referrals.{kind}", _TEMPLATES[kind], referral_files.referral_template(kind))


def _audit(acting: Acting, _: str | None) -> Made:
    """Make the whole audit log, which can be verified with a bare Python."""
    runtime = record.runtime()
    content = audit.copy(runtime.context(acting), home=runtime.settings.home)
    return Made("stac-audit.jsonl", "application/x-ndjson", content)


def _plans(form: TableForm) -> Maker:
    """Return a maker of the list of plans; ``codes`` are the filters of the page, as in its address."""

    def make(acting: Acting, codes: str | None) -> Made:
        runtime = record.runtime()
        agencies = frozenset(agency.code for agency in runtime.agencies_known)
        picked = picked_of(acting, known_codes(acting, dict(parse_qsl(codes or "")), agencies=agencies))
        made = plan_export.export_plans(
            runtime.context(acting), wanted=picked.wanted(acting), listed_by=picked.listed_by, form=form
        )
        return Made(made.file_name, made.media_type, made.content)

    return make


def _orders(form: OrderFileForm) -> Maker:
    """Return a maker of the dates of orders; ``codes`` are the period and the type of order."""

    def make(acting: Acting, codes: str | None) -> Made:
        chosen = dict(parse_qsl(codes or ""))
        days = chosen.get("days", "28")
        made = order_export.export_orders(
            record.runtime().context(acting),
            form=form,
            ahead_days=int(days) if days.isdecimal() else 0,
            kind=chosen.get("type"),
        )
        return Made(made.file_name, made.media_type, made.content)

    return make


def _outcomes(form: ReturnForm) -> Maker:
    """Return a maker of the newest release; ``codes`` name one table of one group, without them all."""

    def make(acting: Acting, codes: str | None) -> Made:
        runtime = record.runtime()
        chosen = dict(parse_qsl(codes or ""))
        made = outcome_return(
            runtime.context(acting),
            form=form,
            table=chosen.get("table"),
            group=Group(**{name: chosen.get(name) for name in Group.model_fields}) if codes else None,
        )
        return Made(made.file_name, made.media_type, made.content)

    return make


MAKERS: Mapping[str, Maker] = {
    DIAGNOSTICS: _diagnostics,
    LINK_MAP: _link_map,
    NETWORK_MAP: _network_map,
    NETWORK_RANKINGS["csv"]: _rankings("csv"),
    NETWORK_RANKINGS["xlsx"]: _rankings("xlsx"),
    VICTIM_PACK: _victim_pack,
    TEMPLATE: _template,
    AUDIT: _audit,
    PLANS_CSV: _plans("csv"),
    PLANS_XLSX: _plans("xlsx"),
    ORDERS_CSV: _orders("csv"),
    ORDERS_XLSX: _orders("xlsx"),
    ORDERS_CALENDAR: _orders("ics"),
    OUTCOMES_CSV: _outcomes("csv"),
    OUTCOMES_XLSX: _outcomes("xlsx"),
    OUTCOMES_REPORT: _outcomes("html"),
}
"""Files that can be fetched, by kind. The service behind each decides on ``ref``: a reference, or codes."""
_LONGEST_SUBJECT = 200
_FINAL = (InvalidInputError, NotFoundError, NotPermittedError)
"""Refusals after which the same file is not offered again."""


async def _ask(request: Request) -> Response:
    """Answer a page's form that asks for a file; the answer leads to its link."""
    found = await signed_in_here_or_noted(request, Refused.LINK)
    if found is None:
        return sending.nothing()
    form = await form_of(request)
    kind, subject = form.get("kind", ""), form.get("ref")
    if kind not in MAKERS:
        await run_in_threadpool(
            note, Refused.LINK, place=place_of(request.scope), because="kind", sign_in=found.id
        )
        return sending.nothing()
    runtime = record.runtime()
    token = one_time_tokens.allow_file(
        uow=runtime.uow,
        clock=runtime.clock,
        sign_in=found,
        kind=kind,
        subject=subject and subject[:_LONGEST_SUBJECT],
    )
    return RedirectResponse(f"{ASK}/{token}", status_code=303)


async def _fetch(request: Request) -> Response:
    return await run_in_threadpool(_made, request)


def _made(request: Request) -> Response:
    found = standing_or_noted(request, Refused.LINK)
    if found is None:
        return sending.nothing()
    runtime = record.runtime()
    try:
        kind, subject = one_time_tokens.use_file_link(
            uow=runtime.uow, clock=runtime.clock, sign_in=found, token=request.path_params["token"]
        )
    except RecordError:
        raise  # the link may be good
    except StacError:
        return sending.nothing()
    if kind not in MAKERS:
        note(Refused.LINK, place=place_of(request.scope), because="kind", sign_in=found.id)
        return sending.nothing()
    acting = SignInStanding(sign_in=found).acting() or found.user.acting()
    try:
        with runtime.refusals.noted(acting):
            made = MAKERS[kind](acting, subject)
    except RecordError:
        raise  # the next try may have it
    except StacError as error:
        if isinstance(error, _FINAL):
            made_files.note_answered(acting.user, kind, subject)
        return PlainTextResponse(str(error), status_code=403)
    made_files.note_answered(acting.user, kind, subject)
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{made.name}"',
    }
    return Response(made.content, media_type=made.media_type, headers=headers)


async def _command_code(request: Request) -> Response:
    """Answer with a code by which the same person signs in at the command."""
    found = await signed_in_here_or_noted(request, Refused.LINK)
    if found is None:
        return sending.nothing()
    runtime = record.runtime()
    code = one_time_tokens.allow_command(uow=runtime.uow, clock=runtime.clock, sign_in=found)
    result = markup.join(
        [
            markup.element("h1", "Command-line sign-in code"),
            markup.element("p", markup.element("code", code)),
            markup.element(
                "p",
                (
                    "The code works once, only for you, and expires after 1 "
                    "minute. On the command line, enter:"
                ),
            ),
            markup.element("p", markup.element("code", f"stac login {found.user.name} --code {code}")),
            markup.element("p", markup.link("Back", "/")),
        ]
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>Streamlit</title></head><body>'
        f'<main style="padding:4rem 2rem">{result}</main></body></html>'
    )


ROUTES = (
    Route(ASK, _ask, methods=["POST"]),
    Route(f"{ASK}/{{token}}", _fetch, methods=["GET"]),
    Route(COMMAND_CODE, _command_code, methods=["POST"]),
)
