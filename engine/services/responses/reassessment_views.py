"""A re-assessment beside the answer that the panel saw, as one viewer sees it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from engine.access.redaction import Masker
from engine.domain.cases.involvement import Returns, StoredAnswer
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused
from engine.domain.responses.reassessment import Compared, Reassessed, ReassessedView
from engine.domain.responses.reported import ReportedOrder, names_of
from engine.domain.sharing import Outcome, StoredRule
from engine.orders.reported import reported_order_in_words
from engine.services.sharing.response_visibility import Viewer, answer_outcome, item_outcome


def reassessed_views(
    reassessed: Sequence[Reassessed],
    returns: Sequence[Returns],
    *,
    viewer: Viewer,
    masker: Masker,
    rules: Mapping[str, Mapping[str, StoredRule]],
) -> tuple[ReassessedView, ...]:
    """Return one for each agency whose newest re-assessment came after its newest answer and may be seen."""
    by_agency = {each.request.agency: each for each in returns}
    views = []
    for each in reassessed:
        stored_returns, of_agency = by_agency.get(each.agency), rules.get(each.agency, {})
        if each.by_hand and not viewer.acting.speaks_for(each.agency):
            continue
        if answer_outcome(of_agency, viewer) is not Outcome.SHOW:
            continue
        if stored_returns is None or any((a.confirmed_at or a.at) > each.at for a in stored_returns.answers):
            continue
        hidden = frozenset(
            key for key in of_agency if item_outcome(key, of_agency, viewer) is not Outcome.SHOW
        )
        views.append(_view(each, _of_version(stored_returns, each.version), masker, hidden))
    return tuple(views)


def _of_version(returns: Returns, version: int | None) -> StoredAnswer | None:
    return next((answer for answer in returns.answers if answer.version == version), None)


def _view(
    reassessed: Reassessed, before: StoredAnswer | None, masker: Masker, hidden: frozenset[str]
) -> ReassessedView:
    earlier = before.answer if before else None
    withdrawn = frozenset(earlier.withdrawn) if isinstance(earlier, Contribution) else frozenset()
    now, then = (
        _sentences(reassessed.answer, masker, withdrawn | hidden),
        _sentences(earlier, masker.of_writer(before.typed_by if before else None), hidden),
    )
    differs = reassessed.compared in (Compared.DIFFERENT, Compared.FIRST)
    return ReassessedView(
        agency=reassessed.agency,
        batch=reassessed.batch,
        at=reassessed.at,
        compared=reassessed.compared,
        version=reassessed.version,
        says=_comparison_sentence(reassessed),
        new=tuple(sentence for sentence in now if sentence not in then) if differs else (),
        gone=tuple(sentence for sentence in then if sentence not in now) if differs else (),
    )


def _sentences(
    answer: Contribution | NilReturn | Refused | Failed | None,
    masker: Masker,
    left_out: frozenset[str],
) -> tuple[str, ...]:
    """Return the sentences of its facts, without what was withdrawn or is not this viewer's."""
    match answer:
        case Contribution():
            orders = [
                order.left_by(left_out)
                for order in answer.orders or ()
                if left_out.isdisjoint(names_of(order.name))
            ]
            return masker.masked_all(
                [
                    *(each.says for each in answer.findings if each.may_share and each.key not in left_out),
                    *(reported_order_in_words(order) for order in orders),
                    *(
                        each.sentence
                        for each in answer.reported
                        if not isinstance(each, ReportedOrder) and each.name not in left_out
                    ),
                ],
                by=None,
            )
        case NilReturn() | Refused():
            return (masker.masked(answer.says, by=None),)
        case Failed() | None:
            return ()
        case _:
            assert_never(answer)


def _comparison_sentence(reassessed: Reassessed) -> str:
    match reassessed.compared:
        case Compared.SAME:
            return f"Asked again: the same as version {reassessed.version}."
        case Compared.DIFFERENT:
            version = reassessed.version
            return (
                f"Asked again: it differs from version {version}, which is shown until the agency is asked "
                "about this case only."
            )
        case Compared.FIRST:
            return "Asked again: a first answer; it is shown after the agency is asked about this case only."
        case Compared.FAILED:
            return "Asked again, and the request failed; this is not a nil return."
        case Compared.TO_BE_ASKED_ALONE:
            return "Asked again: the agency must be asked about this case only."
        case _:
            assert_never(reassessed.compared)
