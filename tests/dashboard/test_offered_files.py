"""A file that a page made is offered until its person uses or closes it, and to no one else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard import made_files, sign_in
from dashboard.downloads import ASK, LINK_MAP, NETWORK_MAP, ROUTES
from dashboard.pages import Place
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting
from engine.domain.links.exported_maps import ExportedMap
from engine.services.accounts.sign_ins import end_sign_in
from tests.builders import Desk
from tests.dashboard import arriving
from tests.dashboard.views.links.test_explore import linked
from tests.dashboard.visits import Visit, Visits

_ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *ROUTES])


@pytest.fixture
def offered(desk: Desk, workers: dict[str, Acting], visits: Visits) -> Visit:
    """The Links page on which a map was just exported, and its dialog has closed."""
    visit = visits(desk.coordinator, Place.LINKS, linked(desk)).open("links-export")
    return visit.type("export-map-why", "For the panel.").finish("export-map-save")


def reference_of(visit: Visit) -> str:
    return visit.words.partition("Download file ")[2].split()[0]


def fetched(visit: Visit, kind: str, reference: str) -> int:
    """The status of the answer after this person follows the link, which is good once."""
    cookies = {COOKIE: visit.token or ""}
    form = {"kind": kind, "ref": reference}
    asked = arriving.ask(ASK, method="POST", form=form, cookies=cookies, headers=_ORIGIN)
    assert asked.status_code == 303
    return arriving.ask(asked.headers["location"], cookies=cookies).status_code


def test_it_stays_after_another_press_and_on_another_page(offered: Visit) -> None:
    assert "Download file W-" in offered.words
    offered.press("links-save")
    assert "Download file W-" in offered.words
    assert "Download file W-" in offered.run().words


def test_it_ends_when_it_is_closed(offered: Visit) -> None:
    offered.press(f"close-offered-{reference_of(offered)}")
    assert "Download file" not in offered.words
    assert "Download file" not in offered.run().words


def test_it_ends_when_the_file_was_fetched(offered: Visit) -> None:
    assert fetched(offered, LINK_MAP, reference_of(offered)) == 200
    assert "Download file" not in offered.run().words


def test_a_file_of_another_page_that_was_fetched_is_not_this_one(offered: Visit, desk: Desk) -> None:
    made = ExportedMap(file_name="n.csv", media_type="text/csv", content=b"x")
    other = made_files.offer(desk.coordinator.user, made)
    assert fetched(offered, NETWORK_MAP, other) == 200
    assert "Download file W-" in offered.run().words


def test_another_persons_refused_request_for_the_same_reference_ends_nothing(
    offered: Visit, desk: Desk
) -> None:
    reference = reference_of(offered)
    cookies = {COOKIE: arriving.a_sign_in(desk, "chair")}
    form = {"kind": LINK_MAP, "ref": reference}
    asked = arriving.ask(ASK, method="POST", form=form, cookies=cookies, headers=_ORIGIN)
    assert arriving.ask(asked.headers["location"], cookies=cookies).status_code == 403
    assert f"Download file {reference}" in offered.run().words


def test_one_that_a_fault_of_the_installation_kept_back_is_still_offered(offered: Visit, desk: Desk) -> None:
    now = desk.clock.now()
    desk.clock.move_to(now - timedelta(days=1))  # behind the audit log: ClockError
    assert fetched(offered, LINK_MAP, reference_of(offered)) == 403
    desk.clock.move_to(now)
    assert "Download file W-" in offered.run().words


def test_one_that_had_to_make_room_for_newer_files_is_offered_no_longer(desk: Desk, visits: Visits) -> None:
    visit = visits.show(desk.coordinator, _offering_made).press("make")
    assert "Download file" in visit.run().words
    made = ExportedMap(file_name="n.csv", media_type="text/csv", content=b"x")
    for number in range(39):
        made_files.offer(f"other{number % 3}", made)
    assert "Download file" in visit.run().words
    made_files.offer("other", made)
    assert "Download file" not in visit.run().words


def test_one_that_is_refused_for_good_is_offered_no_longer(offered: Visit, desk: Desk) -> None:
    linked(desk, "2")  # the same perpetrator: the links are others than were counted
    assert fetched(offered, LINK_MAP, reference_of(offered)) == 403
    assert "Download file" not in offered.run().words


def test_it_ends_when_it_can_no_longer_be_fetched(offered: Visit, desk: Desk) -> None:
    desk.clock.forward(timedelta(minutes=4))
    assert "Download file W-" in offered.run().words
    desk.clock.forward(timedelta(minutes=2))
    assert "Download file" not in offered.run().words


@pytest.mark.parametrize("user", ["cora", "chair"])
def test_it_is_of_its_sign_in_only(offered: Visit, desk: Desk, user: str) -> None:
    """Somebody signs in again in the same browser, and this page is drawn once more."""
    end_sign_in(uow=desk.runtime.uow, clock=desk.clock, token=offered.token)
    assert "Download file" not in offered.run().words
    offered.token = arriving.a_sign_in(desk, user)
    assert "Download file" not in offered.run().words


def _offering_made() -> None:
    import streamlit as st

    from dashboard import made_files, offered_files, session
    from dashboard.downloads import NETWORK_MAP
    from engine.domain.links.exported_maps import ExportedMap

    if st.button("Make", key="make"):
        made = ExportedMap(file_name="n.csv", media_type="text/csv", content=b"x")
        token = made_files.offer(session.acting().user, made)
        offered_files.offer("Download file", kind=NETWORK_MAP, reference=token, heading="Ready")
    offered_files.draw()


def _offering() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from dashboard import offered_files

    if st.button("Make", key="make"):
        run = get_script_run_ctx()
        assert run is not None
        assert run.script_requests is not None
        run.script_requests.request_rerun(RerunData())  # the next press, which comes now
        offered_files.offer("Download file W-1", kind="link-map", reference="W-1", heading="Ready")
    offered_files.draw()


def test_it_is_shown_though_the_next_press_waits(desk: Desk, visits: Visits) -> None:
    visit = visits.show(desk.coordinator, _offering).press("make")
    assert "Download file W-1" in visit.words
