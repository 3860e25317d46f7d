"""Networks of the viewer's own: sending files, the list, and the workspace of one."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, network_uploads, pages, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place, address
from dashboard.views.links import (
    explore,
    network_address,
    network_faults,
    network_whole,
    network_wizard,
    source,
)
from dashboard.views.links import steps as link_steps
from engine.domain.errors import NotFoundError
from engine.domain.links.networks import StoredNetwork
from engine.services.links.network_maps import EntitiesFound, NetworkOpened, find_in_network, open_network
from engine.services.links.received_files import files_waiting
from engine.services.links.workspaces import check_stored, delete_network, networks_of

_FOUND = "network-found"


def page() -> None:
    """Draw the workspace that the address names, or the list and where to send files."""
    reference = session.query("ref")
    if reference:
        with show_errors():
            _draw_workspace(reference)
        return
    source.enter(None)
    note = (
        "Files of another source, apart from the record and opened only by you. They are not compared with "
        "the record, and are deleted on the date you choose."
    )
    markup.draw(markup.page_title("Networks", note=note))
    with show_errors():
        _draw_fault()
        context = record.runtime().context(session.acting())
        waiting = files_waiting(context)
        network_wizard.draw_end_elsewhere(waiting)
        if waiting is not None:
            network_wizard.draw(waiting)
        else:
            _draw_sending()
        _draw_list(networks_of(context))


def _draw_fault() -> None:
    fault = network_uploads.take_fault(session.sign_in())
    if fault is not None:
        markup.draw(markup.notice("error", fault, heading="Nothing was received"))


def _draw_sending() -> None:
    most = record.runtime().settings.largest_network_mib
    note = "Tables of entities (nodes) and of links (edges). A graph or a workbook may have both."
    markup.draw(markup.heading("Import a network", at="send", note=note))
    markup.draw(
        markup.send(
            f"Up to 28 files: CSV, XLSX, GraphML, GEXF or STIX, together at most {most} MB",
            "Send files",
            network_uploads.ASK,
            accepts=".csv,.txt,.tsv,.xlsx,.xls,.xlsb,.ods,.graphml,.gexf,.xml,.json,.stix,.anb",
            then=address(Place.NETWORKS),
            several=True,
        )
    )


def _draw_list(networks: tuple[StoredNetwork, ...]) -> None:
    markup.draw(markup.heading("Your networks", at="networks"))
    if not networks:
        markup.draw(markup.none_recorded("You have no networks."))
        return
    rows = [
        (
            markup.go(each.terms.name, Place.NETWORKS, each.reference),
            f"{each.entities:,}",
            f"{each.links:,}",
            each.terms.controller,
            words.day_of(each.at),
            words.day(each.terms.delete_on, year=True),
        )
        for each in networks
    ]
    headers = ("Name", "Entities", "Links", "Controller", "Imported", "Deleted on")
    markup.draw(markup.table(headers, rows, caption=words.counted(len(rows), "network")))


def _draw_workspace(reference: str) -> None:
    opened = _opened(reference)
    terms = opened.network.terms
    was_here = source.network() == opened.network.reference and session.is_on_the_page()
    source.enter(opened.network.reference, kinds=opened.kinds)
    title, box = st.columns([3, 7], vertical_alignment="bottom")
    with title:
        markup.draw(markup.page_title(terms.name))
    with box:
        typed = _ask()
    entities = words.counted(opened.network.entities, "entity", "entities")
    about = (
        f"{entities} and {words.counted(opened.network.links, 'link')}. Controller: {terms.controller}. Only "
        f"you can open it. Deleted on {words.day(terms.delete_on, year=True)}. Not compared with the record."
    )
    markup.draw(markup.element("p", about, " ", markup.go("All networks", Place.NETWORKS), class_="sub"))
    network_faults.draw(opened.network.reference)
    _draw_found(opened, typed)
    network_address.follow(opened, was_here=was_here)
    explore.work()
    network_whole.draw(opened)
    _draw_end(opened)


def _opened(reference: str) -> NetworkOpened:
    """Return the network, read once in a session while it is stored: each map reads it again."""
    context = record.runtime().context(session.acting())
    try:
        check_stored(context, reference=reference)
    except NotFoundError:
        _forget(reference)
        raise
    key = f"network-opened-{session.acting().user}-{reference[:40]}"
    opened: NetworkOpened | None = session.stored_value(key, NetworkOpened)
    if opened is None:
        opened = open_network(context, network=reference)
        session.keep(key, opened)
    return opened


def _forget(reference: str) -> None:
    """Drop all that this session has of a network, however its reference was typed in the address."""
    source.enter(None)
    for typed in {reference, reference.strip().upper()} - {""}:
        session.forget_all_of(typed)


def _ask() -> str | None:
    with (
        st.form("network-search", border=False, enter_to_submit=False),
        st.container(key="network-search-box", horizontal=True, vertical_alignment="bottom"),
    ):
        typed = st.text_input(
            "Id or part of a label", key="network-search-text", max_chars=200, autocomplete="off", width=420
        )
        asked = st.form_submit_button("Find", key="network-search-ask", type="primary")
    return typed.strip() if asked else None


def _draw_found(opened: NetworkOpened, typed: str | None) -> None:
    key = source.named(_FOUND)
    if typed is not None:
        context = record.runtime().context(session.acting())
        session.keep(key, find_in_network(context, network=opened.network.reference, text=typed))
    found: EntitiesFound | None = session.stored_value(key, EntitiesFound)
    if found is None:
        return
    if not found.found:
        markup.draw(markup.none_recorded("No entity has this id or text in its label."))
    for number, each in enumerate(found.found):
        with st.container(key=f"network-found-{number}", horizontal=True, vertical_alignment="center"):
            about = f"{each.type}, id {each.id}, {words.counted(each.links, 'link')}"
            markup.draw(markup.element("p", markup.element("b", each.label), f" {about}", class_="asks"))
            st.button("Show links", key=f"network-from-{number}", on_click=_show, args=(key, each.id))
            st.button("Path to it", key=f"network-to-{number}", on_click=_path, args=(key, each.id))
    if found.more:
        markup.draw(markup.element("p", "There are more. Type more of the label.", class_="sub"))


def _show(key: str, entity: str) -> None:
    session.keep(key, None)
    link_steps.begin(entity)


def _path(key: str, entity: str) -> None:
    session.keep(key, None)
    link_steps.path_to(entity)


def _draw_end(opened: NetworkOpened) -> None:
    terms = opened.network.terms
    markup.draw(markup.heading("This network", at="about"))
    markup.draw(
        markup.definitions(
            (
                ("Reference", opened.network.reference),
                ("Controller", terms.controller),
                ("Purpose", terms.purpose),
                ("Lawful basis", terms.basis),
                ("Files", markup.bullets(opened.network.files) if opened.network.files else "Not recorded"),
                ("Read as", markup.bullets(opened.network.notes) if opened.network.notes else "As it is"),
                ("Imported", words.moment(opened.network.at)),
                ("Deleted on", words.day(terms.delete_on, year=True)),
            )
        )
    )
    if st.button("Delete this network", key="network-delete"):
        _delete(opened)


@st.dialog("Delete this network")
def _delete(opened: NetworkOpened) -> None:
    sentence = "This deletes the network and its maps for good. The files that you sent are deleted already."
    markup.draw(markup.element("p", sentence))
    if st.button("Delete it", key="network-delete-do", type="primary"):
        with show_errors():
            delete_network(record.runtime().context(session.acting()), reference=opened.network.reference)
            _forget(opened.network.reference)
            session.say_after_rerun("The network is deleted.")
            pages.go(Place.NETWORKS)
