"""Questions about a whole large record have a process of their own; pages and refusals stay the same."""

from __future__ import annotations

import ast
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

import dashboard
from dashboard import markup, own_process
from dashboard.errors import OwnProcessError, show_error
from dashboard.own_process import in_own_process
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.errors import NotFoundError, SetupError
from engine.services.links.associates import ask_associates
from engine.services.links.items import ask_items, export_items
from engine.services.links.projection import refresh_links
from engine.services.links.register import trends
from engine.services.links.saved_searches import my_queries, save_query
from engine.services.links.sharing import open_shared, share_with
from engine.services.system.audit import newest
from tests.builders import Desk
from tests.dashboard import questions
from tests.dashboard.views.links.test_explore import linked
from tests.dashboard.views.links.test_searches import another, saved
from tests.dashboard.visits import Visits

CHECK_IT = "it may be recorded: check it"
_ASKS = ("own_process.ask", "own_process.in_own_process", "in_own_process")


@pytest.fixture
def in_processes(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The questions that had a process of their own, in order."""
    noted: list[object] = []

    def note(question: Callable[..., object], /, *given: object, **named: object) -> object:
        noted.append(question)
        return in_own_process(question, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(own_process, "in_own_process", note)
    return noted


@pytest.mark.parametrize(  # both go to their process by the same function
    "pressed", ["compare", pytest.param("trends", marks=pytest.mark.full)]
)
def test_a_page_has_the_same_answer_and_audit_from_a_process_of_its_own(
    desk: Desk,
    workers: dict[str, Acting],
    visits: Visits,
    monkeypatch: pytest.MonkeyPatch,
    in_processes: list[object],
    pressed: str,
) -> None:
    linked(desk)
    another(desk)
    refresh_links(desk.context(flow_acting("links", "cora")), snapshots=desk.runtime.link_snapshots)
    links = desk.runtime.link_snapshots.links_in_files()
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


def test_a_question_about_the_whole_record_is_saved_opened_and_exported_from_a_process_of_its_own(
    desk: Desk,
    workers: dict[str, Acting],
    visits: Visits,
    monkeypatch: pytest.MonkeyPatch,
    in_processes: list[object],
) -> None:
    case = linked(desk)
    refresh_links(desk.context(flow_acting("links", "cora")), snapshots=desk.runtime.link_snapshots)
    links = desk.runtime.link_snapshots.links_in_files()
    acts = {"export answers about links", "look what answers a question", "save standing query"}
    acts |= {"open a shared search or map"}
    seen: list[tuple[list[bool], list[tuple[str, str]]]] = []
    for large in (links + 1, links):
        monkeypatch.setattr(own_process, "_LARGE", large)
        visit = visits(desk.coordinator, Place.LINKS)
        visit.app.selectbox(key="links-items-role").set_value("victim")
        visit.finish("links-items-ask").open("links-items-export")
        visit.type("export-items-why", "x" * 601).press("export-items-save")
        said = ["600 characters" in visit.words]
        visit.type("export-items-why", "As asked.")
        visit.finish("export-items-save")
        said.append("Download file" in visit.words)
        saved(visit.open("links-save-search-items"), "As asked.")
        said.append("The search is saved." in visit.words)
        reference = my_queries(desk.context(desk.coordinator))[-1].reference
        common: dict[str, Any] = {"snapshots": desk.runtime.link_snapshots}
        share_with(desk.context(desk.coordinator), **common, reference=reference, recipient=desk.chair.user)
        theirs = visits(desk.chair, Place.LINKS).press(f"shared-open-{reference}")
        said.append("1 result at" in theirs.words)
        log = newest(desk.context(desk.coordinator), count=40 * len(seen) + 40)
        seen.append((said, [(entry.what, entry.user) for entry in log if entry.what in acts]))
    (here, entries), (there, all_entries) = seen
    assert here == there == [True] * 4
    assert len(entries) == 4
    assert all_entries == entries * 2, "the same ones again"
    assert in_processes == [ask_items, export_items, export_items, save_query, open_shared]
    visit = visits(desk.coordinator, Place.LINKS, case)
    saved(visit.open("links-save-search-map"), "What is near is searched here.")
    assert "The search is saved." in visit.words
    assert len(in_processes) == 5


def test_a_search_saved_in_a_process_of_its_own_is_confirmed_though_the_next_press_waits(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(desk)
    refresh_links(desk.context(flow_acting("links", "cora")), snapshots=desk.runtime.link_snapshots)
    monkeypatch.setattr(own_process, "_LARGE", desk.runtime.link_snapshots.links_in_files())
    visit = visits(desk.coordinator, Place.LINKS)
    visit.app.selectbox(key="links-items-role").set_value("victim")
    visit.finish("links-items-ask").open("links-save-search-items")
    pressed = []

    def as_more_is_pressed(question: Callable[..., object], /, *given: object, **named: object) -> object:
        run = get_script_run_ctx()
        assert run is not None
        assert run.script_requests is not None
        run.script_requests.request_rerun(RerunData(page_script_hash=run.page_script_hash))
        pressed.append(question)
        return in_own_process(question, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(own_process, "in_own_process", as_more_is_pressed)
    saved(visit, "As asked.")
    assert pressed == [save_query]
    assert "The search is saved." in visit.words
    assert len(my_queries(desk.context(desk.coordinator))) == 1


def test_what_it_says_meanwhile_and_in_the_end_comes_from_another_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_process, "subprocess", subprocess)  # a new one, as users have
    heard: list[tuple[int, int]] = []
    number, user, loads_streamlit = in_own_process(
        questions.number, desk.runtime, desk.coordinator, progress=lambda *now: heard.append(now), times=3
    )
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert number != os.getpid()
    assert user == desk.coordinator.user
    assert not loads_streamlit


_LOADED = (
    "import importlib, sys\n"
    "for name in sys.argv[1:]:\n"
    "    importlib.import_module(name)\n"
    "    if 'streamlit' in sys.modules: sys.exit(print(name))\n"
)


def _modules_of_questions() -> set[str]:
    """Return the module that each question of a page is pickled by."""
    found: set[str] = set()
    root = Path(dashboard.__path__[0])
    for path in root.rglob("*.py"):
        if path.name == "own_process.py":  # it passes on what it is given
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in _ASKS:
                page = import_module(".".join(path.relative_to(root.parent).with_suffix("").parts))
                found.add(attrgetter(ast.unparse(call.args[0]))(page).__module__)
    return found


def _loads_streamlit(modules: Iterable[str]) -> str:
    """Return the first of these modules that loads Streamlit in a new process, or nothing."""
    child = [sys.executable, "-c", _LOADED, *modules]
    return subprocess.run(child, check=True, capture_output=True, text=True).stdout.strip()


def test_no_question_of_a_page_loads_streamlit_into_its_process() -> None:
    modules = _modules_of_questions()
    assert {"dashboard.release_question", save_query.__module__, trends.__module__} <= modules
    assert _loads_streamlit([*sorted(modules), "dashboard.markup"]) == "dashboard.markup", "no question did"


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
        in_own_process(questions.killed, desk.runtime, desk.coordinator)
    with pytest.raises(SetupError, match="before its answer; it may be recorded: check it"):
        in_own_process(questions.killed, desk.runtime, desk.coordinator, may_be_recorded=CHECK_IT)
    assert in_own_process(trends, desk.runtime, desk.coordinator).found.number == 0


def test_an_unforeseen_error_there_is_logged_by_its_kind_and_places_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OwnProcessError) as caught:
        in_own_process(questions.fails, desk.runtime, desk.coordinator)
    with caplog.at_level(logging.ERROR, logger="stac.dashboard"):
        show_error(caught.value)
    assert "KeyError" in caplog.text
    assert "fails:" in caplog.text
    assert "Amira" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("question", "may_be_recorded", "said"),
    [
        ("answers_what_cannot_be_sent", "", "Everything you saved is safe."),
        ("fails_with_what_cannot_be_sent", CHECK_IT, "It may be recorded: check it. Give your"),
    ],
)
def test_an_answer_or_error_that_cannot_be_sent_is_a_fault_of_the_program_and_not_too_little_memory(
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    may_be_recorded: str,
    said: str,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(markup, "draw", lambda part: shown.append(str(part)))
    with pytest.raises(OwnProcessError) as caught:
        in_own_process(
            getattr(questions, question), desk.runtime, desk.coordinator, may_be_recorded=may_be_recorded
        )
    with caplog.at_level(logging.ERROR, logger="stac.dashboard"):
        show_error(caught.value)
    assert said in shown[-1]
    assert ("is safe" in shown[-1]) != bool(may_be_recorded)
    assert "PicklingError at" in caplog.text or "AttributeError at" in caplog.text
    assert "answer:" in caplog.text
    assert "Amira" not in caplog.text + "".join(capfd.readouterr())


def test_two_searches_do_not_run_at_the_same_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_process, "_WAITS_FOR", 0)

    def second(done: int, of: int) -> None:
        with pytest.raises(
            SetupError, match="other work on the whole record is under way; try again in a minute"
        ):
            in_own_process(trends, desk.runtime, desk.coordinator)

    in_own_process(questions.number, desk.runtime, desk.coordinator, progress=second, times=1)


def test_a_process_that_is_silent_for_too_long_is_ended(desk: Desk) -> None:
    with pytest.raises(SetupError, match="and was ended; use the command"):
        in_own_process(trends, desk.runtime, desk.coordinator, longest=0)
    with pytest.raises(SetupError, match="and was ended; it may be recorded: check it"):
        in_own_process(trends, desk.runtime, desk.coordinator, longest=0, may_be_recorded=CHECK_IT)


def test_it_ends_with_the_page_that_asked(desk: Desk) -> None:
    numbers: list[int] = []

    def leave(done: int, of: int) -> None:
        numbers.append(of)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_own_process(questions.number_first, desk.runtime, desk.coordinator, progress=leave)
    with pytest.raises(ProcessLookupError):
        os.kill(numbers[0], 0)
