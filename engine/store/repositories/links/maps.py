"""Places of nodes on people's maps, and the maps that they saved. Each user sees only their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.links.exported_maps import MapTakenOut
from engine.domain.links.maps import MapAsked, PathAsked, SavedMap
from engine.store.tables.links.maps import LinkMapExportRow, LinkMapPlacesRow, SavedLinkMapRow

Places = Mapping[str, tuple[float, float]]


class LinkMaps:
    """Store of maps."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def places(self, user: str, middle: str) -> dict[str, tuple[float, float]]:
        """Return the places of nodes round this middle for this user."""
        row = self._places_row(user, middle)
        return {node: (place[0], place[1]) for node, place in row.places.items()} if row else {}

    def drawn_at(self, user: str, middle: str) -> datetime | None:
        """Return when this user last drew a map of this middle on the Links page."""
        row = self._places_row(user, middle)
        return row.drawn_at if row else None

    def store_places(
        self, user: str, middle: str, places: Places, *, at: datetime, is_drawing: bool = False
    ) -> None:
        """Let these be the places; those of nodes that are no longer named are forgotten.

        ``is_drawing``: the user draws a map of this middle on the Links page.
        """
        fields = {node: [round(x, 1), round(y, 1)] for node, (x, y) in places.items()}
        row = self._places_row(user, middle) or LinkMapPlacesRow(
            user_name=user, middle=middle, places=fields, at=at
        )
        row.places, row.at = fields, at
        if is_drawing:
            row.drawn_at = at
        self._session.add(row)

    def middles(self, user: str, *, most: int) -> tuple[str, ...]:
        """Return the middles of the maps that this user drew on the Links page, the last drawn first."""
        rows = self._session.execute(
            select(col(LinkMapPlacesRow.middle))
            .where(col(LinkMapPlacesRow.user_name) == user, col(LinkMapPlacesRow.drawn_at).is_not(None))
            .order_by(col(LinkMapPlacesRow.drawn_at).desc(), col(LinkMapPlacesRow.id).desc())
            .limit(most)
        ).scalars()
        return tuple(map(str, rows))

    def _places_row(self, user: str, middle: str) -> LinkMapPlacesRow | None:
        found: LinkMapPlacesRow | None = self._session.execute(
            select(LinkMapPlacesRow).where(
                col(LinkMapPlacesRow.user_name) == user, col(LinkMapPlacesRow.middle) == middle
            )
        ).scalar_one_or_none()
        return found

    def save(self, user: str, saved: SavedMap) -> None:
        """Store a map under a name."""
        self._session.add(
            SavedLinkMapRow(
                ref=saved.reference,
                user_name=user,
                name=saved.name,
                asked=saved.asked.model_dump(mode="json", exclude={"notes"}),
                notes=saved.asked.notes.model_dump(mode="json"),
                at=saved.at,
            )
        )

    def saved(self, user: str) -> tuple[SavedMap, ...]:
        """Return the user's own maps, by name."""
        rows = self._session.execute(
            select(SavedLinkMapRow)
            .where(col(SavedLinkMapRow.user_name) == user)
            .order_by(col(SavedLinkMapRow.name), col(SavedLinkMapRow.id))
        ).scalars()
        return tuple(SavedMap(reference=row.ref, name=row.name, asked=_asked(row), at=row.at) for row in rows)

    def how_many(self, user: str) -> int:
        """Return the number of maps that the user has saved."""
        count = select(func.count()).where(col(SavedLinkMapRow.user_name) == user)
        return int(self._session.execute(count).scalar_one())

    def forget(self, user: str, reference: str) -> None:
        """Delete a map of the user's own; another user's cannot be reached.

        Raises NotFoundError where this user saved no such map.
        """
        gone = self._session.execute(
            delete(SavedLinkMapRow)
            .where(col(SavedLinkMapRow.user_name) == user, col(SavedLinkMapRow.ref) == reference)
            .returning(col(SavedLinkMapRow.id))
        ).all()
        if not gone:
            raise NotFoundError("saved map", reference)

    def took_out(self, taken: MapTakenOut) -> None:
        """Record that a map or a path was exported, and why."""
        fields = taken.model_dump(exclude={"user", "asked"})
        asked = taken.asked.model_dump(mode="json", exclude={"notes"})
        notes = taken.asked.notes.model_dump(mode="json") if isinstance(taken.asked, MapAsked) else None
        self._session.add(LinkMapExportRow(**fields, user_name=taken.user, asked=asked, notes=notes))

    def taken_out(self) -> tuple[MapTakenOut, ...]:
        """Return every map and path that was exported, newest first."""
        rows = self._session.execute(
            select(LinkMapExportRow).order_by(col(LinkMapExportRow.id).desc())
        ).scalars()
        return tuple(
            MapTakenOut(
                ref=row.ref,
                user=row.user_name,
                middle=row.middle,
                asked=PathAsked.model_validate(row.asked) if "end" in row.asked else _asked(row),
                form=row.form,
                nodes=row.nodes,
                links=row.links,
                why=row.why,
                at=row.at,
            )
            for row in rows
        )


def _asked(row: SavedLinkMapRow | LinkMapExportRow) -> MapAsked:
    return MapAsked.model_validate({**row.asked, "notes": row.notes or {}})
