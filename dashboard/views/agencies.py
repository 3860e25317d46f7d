"""The agencies that this STAC can ask: version, seat, whom to talk to, and whether one is suspended."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import markup, record, session
from dashboard.faults import told_here
from engine.domain.agencies import AgencyKnown


def page() -> None:
    """The page."""
    with told_here():
        session.acting()
        draw(record.runtime().agencies_known)


def draw(agencies: Sequence[AgencyKnown]) -> None:
    """One row each, and what each is told about a case."""
    markup.draw(
        markup.page_title(
            "Agencies", note="Each answers in its own terms, from its own records, and only for itself."
        )
    )
    if not agencies:
        markup.draw(markup.notice("warning", "No agency is installed, so nobody can be asked."))
        return
    markup.draw(
        markup.table(
            ("Agency", "Code", "Version", "Seat", "Whom to ask", "Stands", "Is told about a case"),
            [_cells(agency) for agency in agencies],
            caption=f"{len(agencies)} installed",
            marked=["late" if agency.suspended else None for agency in agencies],
        )
    )
    if not any(agency.speaks_for_victim and not agency.suspended for agency in agencies):
        markup.draw(
            markup.notice(
                "warning", "No agency has the seat of the victim's voice: nobody speaks for her here."
            )
        )


def _cells(agency: AgencyKnown) -> tuple[markup.Content, ...]:
    seat = "the victim's voice" if agency.speaks_for_victim else agency.seat
    stands = (
        markup.tag("Suspended: it is not asked", "t-late")
        if agency.suspended
        else markup.tag("Can be asked", "t-low")
    )
    return (
        markup.element("b", agency.name),
        agency.code,
        agency.version,
        seat or markup.none_recorded("no seat of its own"),
        agency.contact,
        stands,
        markup.details("Show", markup.bullets(agency.was_shown))
        if agency.was_shown
        else markup.none_recorded("nothing"),
    )
