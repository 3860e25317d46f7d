"""Import of a referral file: sent from here, and its result, row by row, without any row's content."""

from __future__ import annotations

from dashboard import downloads, markup, record, session, uploads, words
from dashboard.errors import show_errors
from dashboard.pages import Place, address
from engine.services.referrals.imports import ImportReport, RejectedReport

_SHOWN = 200


def page() -> None:
    """Send a file; below it, what became of the last one."""
    note = "Good rows of a file are kept, whole; each other row is told with its reason."
    markup.draw(markup.page_title("Take in referrals", note=note))
    asks_to_confirm = False
    with show_errors():
        came = uploads.last_of(session.sign_in())
        asks_to_confirm = came is not None and came.asks_to_confirm
        draw_last(came)
    draw_sending(asks_to_confirm=asks_to_confirm)


def draw_sending(*, asks_to_confirm: bool = False) -> None:
    """Draw the form, and empty files of the right shape. The last one may have to be confirmed."""
    most = record.runtime().settings.largest_upload_mib
    markup.draw(markup.heading("Send a file", at="send", note="The same file again changes nothing."))
    source = markup.optional(
        "Who refers",
        "source",
        about="Only for a file without a column that says so: a short code, for instance harbour-police.",
    )
    looked = markup.tick(
        "I looked at the workbook: no cell shows an error, and every date is a day",
        "workbook",
        uploads.LOOKED,
    )
    markup.draw(
        markup.send(
            f"Referral file: CSV, XLSX or JSON, at most {most} MB",
            "Take it in",
            uploads.ASK,
            accepts=".csv,.xlsx,.json,.xls,.xlsb,.ods",
            then=address(Place.TAKE_IN),
            more=markup.join([source, looked]) if asks_to_confirm else source,
        )
    )
    markup.draw(markup.heading("An empty file to begin with", at="empty", level=3))
    forms = [
        markup.fetch(kind.upper(), downloads.ASK, kind=downloads.TEMPLATE, reference=kind, look="quiet")
        for kind in ("csv", "xlsx", "json")
    ]
    markup.draw(markup.element("div", *forms, class_="who"))


def draw_last(came: uploads.UploadResult | None) -> None:
    """Draw what became of the last file of this sign-in."""
    if came is None:
        return
    if came.report is None:
        markup.draw(markup.notice("error", came.error, heading="Nothing was taken in"))
        return
    draw_report(came.report)


def draw_report(report: ImportReport) -> None:
    """Draw alarms first; then counts, the rows that were not imported, and the referrals."""
    alarming = [row for row in report.rejected if row.alarms]
    if report.alarms or alarming:
        lines = [
            *(markup.join([markup.go(ref, Place.CASE, ref), ": take it up now"]) for ref in report.alarms),
            *(f"Row {row.row}, not taken in: {_topics(row)}. See to it now." for row in alarming),
        ]
        markup.draw(markup.notice("error", markup.bullets(lines), heading="Alarm"))
    counts = (
        f"{report.accepted} accepted, {report.corrected} corrected, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rejected"
    )
    tone: markup.Tone = "warning" if report.rejected else "success"
    markup.draw(markup.notice(tone, counts, heading="The last file that you sent"))
    if report.notes:
        markup.draw(markup.bullets(report.notes))
    if report.rejected:
        _draw_rejected(report.rejected)
    if report.referrals:
        _draw_referrals(report.referrals)


def _draw_rejected(rejected: tuple[RejectedReport, ...]) -> None:
    note = "They wait on your worklist until you have seen to them. No page shows what stood in them."
    markup.draw(markup.heading("Rows that were not taken in", at="rejected", note=note))
    rows = [
        (
            f"Row {row.row}",
            row.column or "the whole row",
            markup.join([row.reason, *(markup.element("div", other) for other in row.also)]),
            _topics(row),
        )
        for row in rejected[:_SHOWN]
    ]
    caption = words.counted(len(rejected), "row")
    more = f", the first {_SHOWN} of them here" if len(rejected) > _SHOWN else ""
    markup.draw(markup.table(("Row", "Column", "Why", "Alarm"), rows, caption=f"{caption}{more}"))


def _draw_referrals(references: tuple[str, ...]) -> None:
    shown = [markup.go(reference, Place.CASE, reference) for reference in references[:_SHOWN]]
    said = words.counted(len(references), "referral")
    more = f", the first {_SHOWN} of them here" if len(references) > _SHOWN else ""
    markup.draw(markup.details(f"{said}{more}", markup.bullets(shown)))


def _topics(row: RejectedReport) -> str:
    if row.alarms is None:
        return "could not be read"
    return ", ".join(topic.value for topic in row.alarms) or "none"
