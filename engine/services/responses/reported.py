"""Orders, link evidence and dates of checks of one answer, as a viewer reads them, and its silences.

A silence is named: not supported by this plugin, not asked, or searched for and none shown. An item that is
hidden from a viewer reads the same as one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.access.redaction import Masker
from engine.domain.cases.views import ReportedOrderView
from engine.domain.people.persons import NAME_OF_SCHEME
from engine.domain.responses.answers import Contribution, NilReturn, Reported
from engine.domain.responses.held_reports import HeldReport, OwnRow
from engine.domain.responses.reported import LinkEvidence, ReportedOrder
from engine.orders.reported import condition_in_words, reported_order_in_words

_NO_PLUGIN_FIELD = "Not supported by this plugin"
_TYPED = "Not asked, because a person typed the response"
_NOT_NONE = "This does not mean that there are none."


def reported_contents(answer: Contribution, *, by_plugin: bool, masker: Masker) -> dict[str, object]:
    """Return the fields of the view. ``answer`` is the part that this viewer gets."""
    return {
        "orders": tuple(_order_as_shown(order, masker) for order in answer.orders or ()),
        "link_evidence": tuple(_evidence_as_shown(item, masker) for item in answer.link_evidence or ()),
        "reports": answer.reports
        if answer.reports is None
        else tuple(_report_as_shown(report, masker) for report in answer.reports),
        "own_row": own_row_in_words(answer.own_row) if answer.own_row else None,
        **searched_contents(answer, masker),
        "not_reported": tuple(_silences(answer, by_plugin=by_plugin)),
    }


def item_in_words(item: Reported) -> str:
    """Return an order, link evidence or a report in one sentence, as a release or a list names it."""
    return reported_order_in_words(item) if isinstance(item, ReportedOrder) else item.sentence


def searched_contents(answer: Contribution | NilReturn, masker: Masker) -> dict[str, object]:
    """Return what every answer after a search says of it: sources with dates, other forces, and gaps."""
    checked = (
        each.model_copy(update={"source": masker.masked(each.source, by=None)})
        for each in answer.records_checked or ()
    )
    return {
        "records_checked": tuple(checked),
        "reports_elsewhere": answer.reports_elsewhere,
        "gaps": masker.masked_all(answer.gaps, by=None),
    }


def _silences(answer: Contribution, *, by_plugin: bool) -> Iterator[str]:
    silent = [
        what
        for what, given in (
            ("orders", answer.orders),
            ("link evidence", answer.link_evidence if answer.matched_on.confirmed else ()),
            ("reports with their outcomes", answer.reports),
            ("dates of checks of records", answer.records_checked),
            ("its own row about the person", answer.own_row),
        )
        if given is None
    ]
    if silent:
        why = _NO_PLUGIN_FIELD if by_plugin else _TYPED
        yield f"{why}: {', '.join(silent)}. {_NOT_NONE}"
    if not answer.matched_on.confirmed:
        yield f"Link evidence: not offered, because the match is not confirmed. {_NOT_NONE}"
    if answer.orders == ():
        yield "Orders: the records were searched, and none is shown to you."
    if answer.reports == ():
        yield "Reports: the records were searched, and none is shown to you."
    if answer.link_evidence == () and answer.matched_on.confirmed:
        yield "Link evidence: the records were searched, and none is shown to you."


def own_row_in_words(row: OwnRow) -> str:
    """Return the row and which numbers of it were compared with the question, without the numbers."""
    given = dict.fromkeys(NAME_OF_SCHEME[each.scheme] for each in row.identifiers)
    stated = [*given, *(["date of birth"] if row.date_of_birth else [])]
    compared = f"its {', '.join(stated)} fit the question" if stated else "no number was stated"
    return f"Own row {row.record}: {compared}."


def _report_as_shown(report: HeldReport, masker: Masker) -> HeldReport:
    outcomes = report.outcomes and tuple(
        each.model_copy(update={"own_code": masker.masked_or_none(each.own_code, by=None)})
        for each in report.outcomes
    )
    return report.model_copy(
        update={
            "crime_reference": masker.masked_or_none(report.crime_reference, by=None),
            "force": masker.masked_or_none(report.force, by=None),
            "outcomes": outcomes,
        }
    )


def _order_as_shown(order: ReportedOrder, masker: Masker) -> ReportedOrderView:
    conditions = None
    if order.conditions is not None:
        conditions = tuple(
            each.model_copy(update={"wording": masker.masked_or_none(each.wording, by=None)})
            for each in order.conditions
        )
    shown = order.model_copy(
        update={
            "court_name": masker.masked_or_none(order.court_name, by=None),
            "source": masker.masked(order.source, by=None),
            "conditions": conditions,
        }
    )
    return ReportedOrderView(
        order=shown,
        says=reported_order_in_words(shown),
        conditions=tuple(condition_in_words(each) for each in shown.conditions or ()),
    )


def _evidence_as_shown(item: LinkEvidence, masker: Masker) -> LinkEvidence:
    return item.model_copy(
        update={"value": masker.masked(item.value, by=None), "source": masker.masked(item.source, by=None)}
    )
