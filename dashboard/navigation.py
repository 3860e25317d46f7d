"""Pages by role. A page that is not given cannot be reached; the services refuse anyway."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from dashboard import callbacks, downloads, markup, offered_files, session, sign_in, words
from dashboard.errors import show_errors
from dashboard.pages import Place, address, go
from dashboard.views import agencies
from dashboard.views.accounts import task
from dashboard.views.cases import listing as case_listing
from dashboard.views.cases import page as case_page
from dashboard.views.cases import worklist
from dashboard.views.conference import conferences, room
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import explore as link_explore
from dashboard.views.links import networks as link_networks
from dashboard.views.orders import breaches
from dashboard.views.orders import page as orders_page
from dashboard.views.outcomes import parts as outcome_parts
from dashboard.views.people import same_person
from dashboard.views.people import search as person_search
from dashboard.views.plans import page as plans
from dashboard.views.referrals import imports as referral_imports
from dashboard.views.referrals import screening
from dashboard.views.rights import subject_access
from dashboard.views.system import audit
from engine.domain.accounts.acting import Role, User

_DRAWS: dict[Place, Callable[[], None]] = {
    Place.WORKLIST: worklist.page,
    Place.SCREENING: screening.page,
    Place.IMPORT: referral_imports.page,
    Place.PLANS: plans.page,
    Place.CONFERENCES: conferences.page,
    Place.ROOM: room.page_of_account,
    Place.ORDERS: orders_page.page,
    Place.CASES: case_listing.page,
    Place.CASE: case_page.page,
    Place.SEARCH: person_search.page,
    Place.DUPLICATES: same_person.page,
    Place.LINKS: link_explore.page,
    Place.NETWORKS: link_networks.page,
    Place.OUTCOMES: outcome_parts.page,
    Place.AGENCIES: agencies.page,
    Place.SUBJECT_ACCESS: subject_access.page,
    Place.AUDIT_LOG: audit.page,
}
_COORDINATOR_AND_CHAIR = (
    Place.WORKLIST,
    Place.SCREENING,
    Place.PLANS,
    Place.CONFERENCES,
    Place.ORDERS,
    Place.CASES,
    Place.CASE,
    Place.SEARCH,
    Place.DUPLICATES,
    Place.LINKS,
    Place.NETWORKS,
    Place.OUTCOMES,
    Place.AGENCIES,
    Place.SUBJECT_ACCESS,
)
PLACES_OF: dict[Role, tuple[Place, ...]] = {
    Role.COORDINATOR: (*_COORDINATOR_AND_CHAIR[:2], Place.IMPORT, *_COORDINATOR_AND_CHAIR[2:]),
    Role.CHAIR: _COORDINATOR_AND_CHAIR,
    Role.PRACTITIONER: (
        Place.WORKLIST,
        Place.PLANS,
        Place.CONFERENCES,
        Place.ORDERS,
        Place.CASES,
        Place.CASE,
        Place.SEARCH,
        Place.LINKS,
        Place.OUTCOMES,
        Place.AGENCIES,
        Place.SUBJECT_ACCESS,
    ),
    Role.ANALYST: (
        Place.LINKS,
        Place.NETWORKS,
        Place.WORKLIST,
        Place.PLANS,
        Place.CASES,
        Place.CASE,
        Place.SEARCH,
        Place.DUPLICATES,
        Place.OUTCOMES,
        Place.AGENCIES,
    ),
    Role.MANAGER: (Place.PLANS, Place.OUTCOMES, Place.AGENCIES),
    Role.AUDITOR: (Place.AUDIT_LOG, Place.AGENCIES),
    Role.DATA_PROTECTION: (Place.WORKLIST, Place.SUBJECT_ACCESS, Place.AGENCIES),
    Role.ADMINISTRATOR: (Place.AGENCIES, Place.AUDIT_LOG),
    Role.ROOM_SCREEN: (Place.ROOM,),
    Role.SYSTEM: (Place.AGENCIES,),
}

UNDER_MORE: dict[Role, tuple[Place, ...]] = {
    Role.COORDINATOR: (
        Place.DUPLICATES,
        Place.OUTCOMES,
        Place.NETWORKS,
        Place.AGENCIES,
        Place.SUBJECT_ACCESS,
    ),
    Role.CHAIR: (Place.DUPLICATES, Place.NETWORKS, Place.AGENCIES, Place.SUBJECT_ACCESS),
    Role.PRACTITIONER: (Place.AGENCIES, Place.SUBJECT_ACCESS),
}
"""Pages that a role does not use daily: the others have to fit beside the user's name."""
BEGINS_AT = {Role.PRACTITIONER: Place.PLANS, Role.MANAGER: Place.OUTCOMES}
"""The page a role arrives at after signing in, if not its first: their own actions, or the outcomes."""

_MOST_SHOWN = 99
"""Beside the name of a page a greater number is "99+": counting more would delay every page."""


def run(user: User) -> None:
    """Draw the page that was asked for, under the name of the signed-in user."""
    places = PLACES_OF[user.role]
    begins_at = BEGINS_AT.get(user.role, places[0])
    case_is_open = session.has_open_case(not_on=(Place.LINKS.address, Place.NETWORKS.address))
    waiting = _waiting(places)
    home = st.Page(lambda: go(begins_at), title="Home", default=True, visibility="hidden")
    pages = {
        place: st.Page(
            _DRAWS[place],
            title=f"{place.title} ({_up_to_most(waiting[place])})" if waiting.get(place) else place.title,
            url_path=place.address,
            visibility="hidden" if place is Place.CASE and not case_is_open else "visible",
        )
        for place in places
    }
    under_more = UNDER_MORE.get(user.role, ())
    first = [home, *(page for place, page in pages.items() if place not in under_more)]
    chosen = st.navigation(
        {"": first, "More": [pages[place] for place in under_more]} if under_more else first, position="top"
    )
    _draw_who(user)
    said = session.take_message()
    if said:
        markup.draw(markup.notice("success", said))
    offered_files.draw()
    session.note_page(chosen.url_path)
    try:
        chosen.run()
    except Exception:
        callbacks.finish_this_run()  # the next press does not take the place of the error
        session.note_page_is_whole()
        raise
    session.note_page_is_whole()


def _waiting(places: Collection[Place]) -> dict[Place, int]:
    """Return how many alerts and likely breaches wait for this person, as read some minutes ago.

    Of likely breaches one more than are shown is the most.
    """
    found: dict[Place, int] = {}
    with show_errors():
        if Place.LINKS in places and (mine := link_alerts.mine()) is not None:
            found[Place.LINKS] = mine.news
        if Place.ORDERS in places:
            found[Place.ORDERS] = breaches.waiting(most=_MOST_SHOWN + 1)
    return found


def _up_to_most(number: int) -> str:
    return f"{number}" if number <= _MOST_SHOWN else f"{_MOST_SHOWN}+"


def _draw_who(user: User) -> None:
    role = f"{words.label(user.role)}, {user.agency}" if user.agency else words.label(user.role)
    with st.container(key="whoami", gap=None):
        leave = markup.element(
            "form",
            markup.element("button", "Sign out", type="submit", class_="quiet"),
            method="post",
            action=sign_in.SIGN_OUT,
        )
        code = markup.element(
            "form",
            markup.element("button", "Command-line sign-in code", type="submit", class_="quiet"),
            method="post",
            action=downloads.COMMAND_CODE,
        )
        markup.draw(
            markup.element(
                "div",
                _search_link(user.role),
                markup.element(
                    "span",
                    markup.element("b", user.display_name),
                    markup.element("span", f", {role}", class_="role"),
                    class_="whose",
                    title=f"{user.display_name}, {role}",
                ),
                code if session.may_ask_for_code() else "",
                leave,
                class_="who",
            )
        )
        task.draw(user.role)


def _search_link(role: Role) -> markup.Markup:
    """Return what the ``/`` key follows, for those who have a page with the search box; it is not shown."""
    places = [place for place in (Place.SEARCH, Place.LINKS) if place in PLACES_OF[role]]
    if not places:
        return markup.Markup("")
    return markup.element(
        "a", "Search", href=address(places[0]), target="_self", class_="go to-search", hidden=True
    )
