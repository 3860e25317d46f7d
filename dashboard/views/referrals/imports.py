"""Import of a referral file: sent from here, and its result, row by row, without any row's content."""

from __future__ import annotations

from dashboard import downloads, markup, record, session, uploads, words
from dashboard.errors import show_errors
from dashboard.pages import Place, address
from engine.services.outcomes.imports import OutcomesImported
from engine.services.referrals.imports import ImportReport, RejectedReport

_SHOWN = 200


def page() -> None:
    """Send a file; below it, what became of the last one."""
    note = "Valid rows are imported. Rejected rows are listed with the reason."
    markup.draw(markup.page_title("Import referrals", note=note))
    asks_to_confirm = False
    with show_errors():
        came = uploads.last_of(session.sign_in())
        asks_to_confirm = came is not None and came.asks_to_confirm
        draw_last(came)
    draw_sending(asks_to_confirm=asks_to_confirm)
    draw_sending_outcomes()


def draw_sending_outcomes() -> None:
    """Draw the form for a file of outcomes."""
    most = record.runtime().settings.largest_upload_mib
    note = "1 outcome per row. The template has the columns and 2 invented rows."
    markup.draw(markup.heading("Import outcomes of an agency", at="send-outcomes", note=note))
    codes = ", ".join(agency.code for agency in record.runtime().agencies_known)
    agency = markup.optional(
        "Agency that found the outcomes (required)", uploads.OUTCOMES_OF, about=f"One of: {codes}."
    )
    markup.draw(
        markup.send(
            f"File of outcomes: CSV or XLSX, at most {most} MB",
            "Import outcomes",
            uploads.ASK,
            accepts=".csv,.xlsx",
            then=address(Place.IMPORT),
            more=agency,
        )
    )
    markup.draw(
        markup.fetch(
            "Download a template of outcomes (CSV)",
            downloads.ASK,
            kind=downloads.TEMPLATE,
            reference=downloads.OUTCOMES_TO_FILL_IN,
            look="quiet",
        )
    )


def draw_sending(*, asks_to_confirm: bool = False) -> None:
    """Draw the form, and empty files of the right shape. The last one may have to be confirmed."""
    most = record.runtime().settings.largest_upload_mib
    markup.draw(
        markup.heading("Import a file", at="send", note="Importing the same file again changes nothing.")
    )
    source = markup.optional(
        "Referring agency",
        "source",
        about="Only if the file has no column for it: a short code, such as harbour-police.",
    )
    looked = markup.tick(
        ("I have checked the workbook: no cell shows an error, and every date is a full date"),
        "workbook",
        uploads.LOOKED,
    )
    markup.draw(
        markup.send(
            f"Referral file: CSV, XLSX or JSON, at most {most} MB",
            "Import file",
            uploads.ASK,
            accepts=".csv,.xlsx,.json,.xls,.xlsb,.ods",
            then=address(Place.IMPORT),
            more=markup.join([source, looked]) if asks_to_confirm else source,
        )
    )
    markup.draw(markup.heading("Download an empty template", at="empty", level=3))
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
        markup.draw(markup.notice("error", came.error, heading="Nothing was imported"))
        return
    if isinstance(came.report, OutcomesImported):
        draw_outcomes_imported(came.report)
        return
    draw_report(came.report)


def draw_outcomes_imported(report: OutcomesImported) -> None:
    """Draw counts, and the rows that were not recorded."""
    counts = (
        f"{report.accepted:,} outcomes accepted, {report.unchanged:,} unchanged, "
        f"{len(report.refused):,} rejected"
    )
    markup.draw(markup.notice("warning" if report.refused else "success", counts, heading="Your last import"))
    if report.notes:
        markup.draw(markup.bullets(report.notes))
    if report.refused:
        rows = [(f"Row {row.row}", markup.bullets(row.reasons)) for row in report.refused[:_SHOWN]]
        caption = words.counted(len(report.refused), "row")
        more = f", first {_SHOWN} shown" if len(report.refused) > _SHOWN else ""
        markup.draw(markup.table(("Row", "Reason"), rows, caption=f"{caption}{more}"))


def draw_report(report: ImportReport) -> None:
    """Draw alarms first; then counts, the rows that were not imported, and the referrals."""
    alarming = [row for row in report.rejected if row.alarms]
    if report.alarms or alarming:
        lines = [
            *(
                markup.join([markup.go(ref, Place.CASE, ref), ": acknowledge this alarm now"])
                for ref in report.alarms
            ),
            *(f"Row {row.row}, not imported: {_topics(row)}. Review it now." for row in alarming),
        ]
        markup.draw(markup.notice("error", markup.bullets(lines), heading="Alarm"))
    counts = (
        f"{report.accepted:,} accepted, {report.corrected:,} corrected, {report.unchanged:,} unchanged, "
        f"{len(report.rejected):,} rejected"
    )
    tone: markup.Tone = "warning" if report.rejected else "success"
    markup.draw(markup.notice(tone, counts, heading="Your last import"))
    if report.notes:
        markup.draw(markup.bullets(report.notes))
    if report.rejected:
        _draw_rejected(report.rejected)
    if report.referrals:
        _draw_referrals(report.referrals)


def _draw_rejected(rejected: tuple[RejectedReport, ...]) -> None:
    note = "They stay on your worklist until you mark them as resolved. No page shows the content of a row."
    markup.draw(markup.heading("Rejected rows", at="rejected", note=note))
    rows = [
        (
            f"Row {row.row}",
            row.column or "Whole row",
            markup.join([row.reason, *(markup.element("div", other) for other in row.also)]),
            _topics(row),
        )
        for row in rejected[:_SHOWN]
    ]
    caption = words.counted(len(rejected), "row")
    more = f", first {_SHOWN} shown" if len(rejected) > _SHOWN else ""
    markup.draw(markup.table(("Row", "Column", "Reason", "Alarm"), rows, caption=f"{caption}{more}"))


def _draw_referrals(references: tuple[str, ...]) -> None:
    shown = [markup.go(reference, Place.CASE, reference) for reference in references[:_SHOWN]]
    said = words.counted(len(references), "referral")
    more = f", first {_SHOWN} shown" if len(references) > _SHOWN else ""
    markup.draw(markup.details(f"{said}{more}", markup.bullets(shown)))


def _topics(row: RejectedReport) -> str:
    if row.alarms is None:
        return "could not be read"
    return ", ".join(topic.value for topic in row.alarms) or "none raised"
