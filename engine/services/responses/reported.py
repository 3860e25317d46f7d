"""Orders, link evidence and dates of checks of one answer, as a viewer reads them, and its silences.

A silence is named: not supported by this plugin, not asked, or searched for and none shown. An item that is
hidden from a viewer reads the same as one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.access.redaction import Masker
from engine.domain.cases.views import ReportedOrderView
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.responses.reported import LinkEvidence, RecordsChecked, ReportedOrder
from engine.orders.reported import condition_in_words, reported_order_in_words

_NO_PLUGIN_FIELD = "Not supported by this plugin"
_TYPED = "Not asked, because a person typed the response"
_NOT_NONE = "This does not mean that there are none."


def reported_contents(answer: Contribution, *, by_plugin: bool, masker: Masker) -> dict[str, object]:
    """Return the fields of the view. ``answer`` is the part that this viewer gets."""
    return {
        "orders": tuple(_order_as_shown(order, masker) for order in answer.orders or ()),
        "link_evidence": tuple(_evidence_as_shown(item, masker) for item in answer.link_evidence or ()),
        "records_checked": checked_as_shown(answer, masker),
        "not_reported": tuple(_silences(answer, by_plugin=by_plugin)),
    }


def item_in_words(item: ReportedOrder | LinkEvidence) -> str:
    """Return an order or a piece of link evidence in one sentence, as a release or a list names it."""
    return reported_order_in_words(item) if isinstance(item, ReportedOrder) else item.sentence


def checked_as_shown(answer: Contribution | NilReturn, masker: Masker) -> tuple[RecordsChecked, ...]:
    """Return the sources that were checked, with their dates."""
    return tuple(
        each.model_copy(update={"source": masker.masked(each.source)})
        for each in answer.records_checked or ()
    )


def _silences(answer: Contribution, *, by_plugin: bool) -> Iterator[str]:
    silent = [
        what
        for what, given in (
            ("orders", answer.orders),
            ("link evidence", answer.link_evidence if answer.matched_on.confirmed else ()),
            ("dates of checks of records", answer.records_checked),
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
    if answer.link_evidence == () and answer.matched_on.confirmed:
        yield "Link evidence: the records were searched, and none is shown to you."


def _order_as_shown(order: ReportedOrder, masker: Masker) -> ReportedOrderView:
    conditions = None
    if order.conditions is not None:
        conditions = tuple(
            each.model_copy(update={"wording": masker.masked_or_none(each.wording)})
            for each in order.conditions
        )
    shown = order.model_copy(
        update={
            "court_name": masker.masked_or_none(order.court_name),
            "source": masker.masked(order.source),
            "conditions": conditions,
        }
    )
    return ReportedOrderView(
        order=shown,
        says=reported_order_in_words(shown),
        conditions=tuple(condition_in_words(each) for each in shown.conditions or ()),
    )


def _evidence_as_shown(item: LinkEvidence, masker: Masker) -> LinkEvidence:
    return item.model_copy(update={"value": masker.masked(item.value), "source": masker.masked(item.source)})
