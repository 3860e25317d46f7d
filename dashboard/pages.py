"""Names and addresses of the pages."""

from __future__ import annotations

from enum import Enum
from urllib.parse import urlencode

import streamlit as st


class Place(Enum):
    """A page: its address and its name in the navigation."""

    WORKLIST = ("worklist", "Worklist")
    SCREENING = ("screening", "Screening")
    TAKE_IN = ("take-in", "Take in")
    CASES = ("cases", "All cases")
    CASE = ("case", "Case")
    SEEN_BEFORE = ("seen-before", "Seen before?")
    SAME_PERSON = ("same-person", "Same person?")
    LINKS = ("links", "Links")
    OUTCOMES = ("outcomes", "Outcomes")
    AGENCIES = ("agencies", "Agencies")
    REQUESTS = ("requests", "Subject access")
    AUDIT = ("audit", "Audit")

    @property
    def address(self) -> str:
        """Address as in the browser."""
        return self.value[0]

    @property
    def title(self) -> str:
        """As the navigation names it."""
        return self.value[1]


def address(place: Place, reference: str | None = None) -> str:
    """Return a link's target, for HTML."""
    query = f"?{urlencode({'ref': reference})}" if reference else ""
    return f"./{place.address}{query}"


def go(place: Place, reference: str | None = None) -> None:
    """Change the page now."""
    page = st.Page(_nothing, title=place.title, url_path=place.address)
    st.switch_page(page, query_params={"ref": reference} if reference else None)


def _nothing() -> None:
    """Do nothing: the page that navigation registered under the address is run instead."""
