"""Names and addresses of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlencode

import streamlit as st


class Place(Enum):
    """A page: its address and its name in the navigation."""

    WORKLIST = ("worklist", "Worklist")
    SCREENING = ("screening", "Screening")
    IMPORT = ("import", "Import")
    PLANS = ("plans", "Plans")
    CONFERENCES = ("conferences", "Conferences")
    ROOM = ("room", "Room's screen")
    ORDERS = ("orders", "Orders")
    CASES = ("cases", "Cases")
    CASE = ("case", "Case")
    SEARCH = ("search", "Search")
    DUPLICATES = ("duplicates", "Possible duplicates")
    LINKS = ("links", "Links")
    NETWORKS = ("networks", "Networks")
    OUTCOMES = ("outcomes", "Outcomes")
    AGENCIES = ("agencies", "Agencies")
    SUBJECT_ACCESS = ("subject-access-requests", "Subject access requests")
    AUDIT_LOG = ("audit-log", "Audit log")

    @property
    def address(self) -> str:
        """Address as in the browser."""
        return self.value[0]

    @property
    def title(self) -> str:
        """As the navigation names it."""
        return self.value[1]


def address(place: Place, reference: str | None = None, codes: Mapping[str, str] | None = None) -> str:
    """Return a link's target, for HTML. ``codes`` are closed codes of a filter, not a text."""
    query = urlencode({**({"ref": reference} if reference else {}), **(codes or {})})
    return f"./{place.address}{'?' if query else ''}{query}"


def go(place: Place, reference: str | None = None) -> None:
    """Change the page now."""
    page = st.Page(_nothing, title=place.title, url_path=place.address)
    st.switch_page(page, query_params={"ref": reference} if reference else None)


def _nothing() -> None:
    """Do nothing: the page that navigation registered under the address is run instead."""
