"""Questions about a whole large record have a process of their own; pages and refusals stay the same."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import pytest

from dashboard import own_process
from dashboard.errors import OwnProcessError, show_error
from dashboard.own_process import in_own_process
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.errors import NotFoundError, SetupError
from engine.services.context import Context
from engine.services.links.associates import ask_associates
from engine.services.links.projection import refresh_links
from engine.services.links.register import trends
from engine.services.links.snapshots import LinkSnapshots
from engine.services.system.audit import newest
from tests.builders import Desk
from tests.dashboard.views.links.test_explore import linked
from tests.dashboard.views.links.test_searches import another
from tests.dashboard.visits import Visits


@pytest.mark.parametrize("pressed", ["compare", "trends"])
def test_a_page_has_the_same_answer_and_audit_from_a_process_of_its_own(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    linked(desk)
    another(desk)
    refresh_links(desk.context(flow_acting("links", "cora")), snapshots=desk.runtime.link_snapshots)
    links = desk.runtime.link_snapshots.links_in_files()
    in_processes: list[object] = []

    def noted(question: Callable[..., object], *given: object, **named: object) -> object:
        in_processes.append(question)
        return in_own_process(question, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(own_process, "in_own_process", noted)
    seen = []
    for large in (links + 1, links):
        monkeypatch.setattr(own_process, "_LARGE", large)
        visit = visits(desk.coordinator, Place.LINKS)
        visit.app.selectbox(key="links-whole-key").select("Shared object")
        visit.press("links-whole-look")
        visit.press(
            {"compare": "links-whole-chance-shared-object", "trends": "links-whole-trends-look"}[pressed]
        )
        seen.append((visit.words, [entry.what for entry in newest(desk.context(desk.coordinator), count=4)]))
    assert {"compare": "100 random reshuffles", "trends": "with enough incidents"}[pressed] in seen[0][0]
    assert seen[0] == seen[1]
    assert len(in_processes) == {"compare": 2, "trends": 2}[pressed], "those of the second round"


def test_what_it_says_meanwhile_and_in_the_end_comes_from_another_process(desk: Desk) -> None:
    heard: list[tuple[int, int]] = []
    number, user = in_own_process(
        _number, desk.runtime, desk.coordinator, progress=lambda *now: heard.append(now), times=3
    )
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert number != os.getpid()
    assert user == desk.coordinator.user


def test_a_refusal_is_the_same_from_a_process_of_its_own(desk: Desk) -> None:
    with pytest.raises(NotFoundError) as here:
        ask_associates(
            desk.context(desk.coordinator), reference="AQ-7K3M9QV", snapshots=desk.runtime.link_snapshots
        )
    with pytest.raises(NotFoundError) as there:
        in_own_process(ask_associates, desk.runtime, desk.coordinator, reference="AQ-7K3M9QV")
    assert (str(there.value), vars(there.value)) == (str(here.value), vars(here.value))


def test_a_process_that_ends_before_its_answer_is_reported_and_the_next_one_answers(desk: Desk) -> None:
    with pytest.raises(SetupError, match="was ended before its answer"):
        in_own_process(_killed, desk.runtime, desk.coordinator)
    assert in_own_process(trends, desk.runtime, desk.coordinator).found.number == 0


def test_an_unforeseen_error_there_is_logged_by_its_kind_and_places_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OwnProcessError) as caught:
        in_own_process(_fails, desk.runtime, desk.coordinator)
    with caplog.at_level(logging.ERROR, logger="stac.dashboard"):
        show_error(caught.value)
    assert "KeyError" in caplog.text
    assert "_fails:" in caplog.text
    assert "Amira" not in caplog.text + "".join(capfd.readouterr())


def test_two_searches_do_not_run_at_the_same_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_process, "_WAITS_FOR", 0)

    def second(done: int, of: int) -> None:
        with pytest.raises(SetupError, match="another search of the whole record is under way"):
            in_own_process(trends, desk.runtime, desk.coordinator)

    in_own_process(_number, desk.runtime, desk.coordinator, progress=second, times=1)


def test_a_process_that_is_silent_for_too_long_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_process, "_LONGEST", 0)
    with pytest.raises(SetupError, match="was ended"):
        in_own_process(trends, desk.runtime, desk.coordinator)


def test_it_ends_with_the_page_that_asked(desk: Desk) -> None:
    numbers: list[int] = []

    def leave(done: int, of: int) -> None:
        numbers.append(of)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_own_process(_number_first, desk.runtime, desk.coordinator, progress=leave)
    with pytest.raises(ProcessLookupError):
        os.kill(numbers[0], 0)


def _number(
    context: Context, *, snapshots: LinkSnapshots, times: int, progress: Callable[[int, int], object]
) -> tuple[int, str]:
    for each in range(times):
        progress(each + 1, times)
    return os.getpid(), context.acting.user


def _number_first(
    context: Context, *, snapshots: LinkSnapshots, progress: Callable[[int, int], object]
) -> None:
    progress(0, os.getpid())
    while True:
        pass


def _fails(context: Context, *, snapshots: LinkSnapshots) -> None:
    raise KeyError("Amira Kent")


def _killed(context: Context, *, snapshots: LinkSnapshots) -> None:
    os.kill(os.getpid(), 9)
