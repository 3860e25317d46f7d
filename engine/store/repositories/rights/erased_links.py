"""Parts of saved searches, maps and marks that an erasure of a case empties. Empties nothing itself."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.links.arrangements import MapNotes
from engine.store.repositories.links.arrays import LinkArrays
from engine.store.repositories.links.finding_marks import StoredMarks
from engine.store.repositories.rights.parts import Part
from engine.store.tables.cases.incidents import IncidentRow
from engine.store.tables.links.associates import AssociatesAskRow
from engine.store.tables.links.graph import LinkAlertWordRow, LinkQueryRow, LinkRow
from engine.store.tables.links.maps import FindingMarkRow, LinkMapExportRow, LinkMapPlacesRow, SavedLinkMapRow
from engine.store.tables.orders import CourtOrderCaseRow, CourtOrderRow
from engine.store.tables.people.persons import PersonRecordRow


def names_in_case(session: Session, number: int) -> set[str]:
    """Return the references of the people, incidents and orders of a case."""
    names: set[str] = set()
    for table in (PersonRecordRow, IncidentRow):
        here = select(col(table.ref)).where(col(table.involvement_id) == number)
        names |= set(session.execute(here).scalars())
    orders = select(col(CourtOrderCaseRow.order_id)).where(col(CourtOrderCaseRow.involvement_id) == number)
    ordered = select(col(CourtOrderRow.ref)).where(col(CourtOrderRow.id).in_(orders))
    return names | set(session.execute(ordered).scalars())


def things_of_case(session: Session, number: int) -> set[str]:
    """Return the references of what only this case has links to: a thing that others share is theirs too."""
    here = select(col(LinkRow.end_node)).where(col(LinkRow.case_id) == number)
    elsewhere = select(col(LinkRow.end_node)).where(
        col(LinkRow.end_node).in_(here), col(LinkRow.case_id) != number
    )
    only = set(session.execute(here).scalars()) - set(session.execute(elsewhere.distinct()).scalars())
    return set(LinkArrays(session).references(only).values())


def delete_maps(session: Session, names: AbstractSet[str]) -> None:
    """Delete the maps that users saved or moved round one of these, and their notes on one of them."""
    for saved in session.execute(select(SavedLinkMapRow)).scalars().all():
        if saved.asked.get("start") in names:
            session.delete(saved)
        else:
            saved.notes = _notes_of(saved).without(names).model_dump(mode="json")
    for moved in session.execute(select(LinkMapPlacesRow)).scalars().all():
        if moved.middle in names:
            session.delete(moved)


def parts_about(session: Session, names: AbstractSet[str], number: int) -> list[Part]:
    """Return the exports of maps round one of these, and the marks on findings about an item of the case."""
    exports = session.execute(select(LinkMapExportRow)).scalars().all()
    about = [row.id for row in exports if _names_any(row, names)]
    linked = select(col(LinkRow.start_node), col(LinkRow.end_node)).where(col(LinkRow.case_id) == number)
    nodes = {int(node) for ends in session.execute(linked).all() for node in ends}
    items: set[int | str] = {*nodes, *LinkArrays(session).references(nodes).values()}
    return [
        Part(LinkMapExportRow, col(LinkMapExportRow.id).in_(about)),
        Part(FindingMarkRow, col(FindingMarkRow.id).in_(StoredMarks(session).about(items))),
    ]


def word_parts(queries: set[int], alerts: set[int], requests: set[int]) -> list[Part]:
    """Return these saved searches, judgements of alerts, and requests about associates."""
    return [
        Part(LinkQueryRow, col(LinkQueryRow.id).in_(queries)),
        Part(LinkAlertWordRow, col(LinkAlertWordRow.link_alert_id).in_(alerts)),
        Part(AssociatesAskRow, col(AssociatesAskRow.id).in_(requests)),
    ]


def _notes_of(row: SavedLinkMapRow | LinkMapExportRow) -> MapNotes:
    return MapNotes.model_validate(row.notes or {})


def _names_any(row: LinkMapExportRow, names: AbstractSet[str]) -> bool:
    """Return whether an exported map begins at one of these or has a note on one, or a path ends at one."""
    ends = {row.middle, row.asked.get("end")}
    return not ends.isdisjoint(names) or any(note.node in names for note in _notes_of(row).on_items)
