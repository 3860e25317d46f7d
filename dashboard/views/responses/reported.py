"""Orders, link evidence, reports and checks that an agency gives, and what its answer is silent about."""

from __future__ import annotations

from dashboard import markup, words
from dashboard.views.responses import pointers
from engine.domain.cases.views import AgencyAnswerView, ReportedOrderView
from engine.domain.responses.held_reports import HeldReport
from engine.domain.responses.reported import LinkEvidence, source_in_words


def orders_and_evidence(answer: AgencyAnswerView) -> list[markup.Content]:
    """Return the sections of a card; without anything reported only its silences."""
    parts: list[markup.Content] = []
    if answer.orders:
        parts += [
            markup.element("h4", "Orders in its records"),
            markup.element("p", "A report is not a record: see the orders of the case.", class_="sub"),
            markup.bullets(_order(each) for each in answer.orders),
        ]
    if answer.link_evidence:
        parts += [
            markup.element("h4", "Link evidence"),
            markup.bullets(_evidence(each) for each in answer.link_evidence),
        ]
    if answer.reports:
        parts += [
            markup.element("h4", "Reports in its records"),
            markup.details(
                words.counted(len(answer.reports), "report"),
                markup.bullets(_report(each) for each in answer.reports),
            ),
        ]
    if answer.own_row:
        parts.append(markup.element("p", answer.own_row, class_="sub"))
    if answer.records_checked:
        parts += [
            markup.element("h4", "Records last checked"),
            markup.bullets(each.sentence for each in answer.records_checked),
        ]
    parts += [markup.element("p", sentence, class_="sub") for sentence in answer.not_reported]
    return parts


def _order(each: ReportedOrderView) -> markup.Markup:
    order = each.order
    where = pointers.in_brackets(order.records)
    return markup.join(
        [
            each.says,
            markup.element("small", f"{source_in_words(order.source, order.grade)} {where}"),
            markup.bullets(each.conditions) if each.conditions else None,
        ],
        " ",
    )


def _report(report: HeldReport) -> markup.Markup:
    where = pointers.in_brackets(report.records)
    return markup.join([report.sentence, markup.element("small", where)], " ")


def _evidence(item: LinkEvidence) -> markup.Markup:
    where = pointers.in_brackets(item.records)
    return markup.join(
        [item.sentence, markup.element("small", f"{source_in_words(item.source, item.grade)} {where}")], " "
    )
