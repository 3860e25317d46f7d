"""Whatever an agency's plugin does, the others answer, the reason is told, and nothing of it is left behind.

What only some kernels can forbid is asked for where this machine's own trial says that it is forbidden.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psutil
import pytest

from engine.domain.responses.answers import Failed, FailureReason, NilReturn
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.registry import agencies_folder, load_agencies
from engine.hooks.sandbox_checks import enforced

TOYS = Path(__file__).parents[1] / "toys"
ANSWERS = Path(__file__).parents[1] / "engine" / "hooks" / "toys" / "answers"
SECRET = ("Petronella", "Mustnotshow")
NOT_ALLOWED = "tried what is not allowed: a plugin writes in its own folder only"

TIME, STOPPED, RAISED = FailureReason.TIME_LIMIT, FailureReason.CRASHED, FailureReason.RAISED
LARGE, BAD = FailureReason.TOO_LARGE, FailureReason.BAD_ANSWER

WHAT_COMES_OF_IT = [
    ("hangs in Python", TIME, "no answer came within 3 seconds", None),
    ("hangs in C", TIME, "no answer came within 3 seconds", None),
    ("hangs in a socket", TIME, "no answer came within 3 seconds", None),
    ("ignores signals", TIME, "no answer came within 3 seconds", None),
    ("stops", STOPPED, "its process stopped with exit status 7", None),
    ("crashes", STOPPED, "its process stopped by signal 11", None),
    ("closes its pipes", STOPPED, "its process stopped by signal 9", None),
    ("floods", LARGE, "it printed more than 1 MB", None),
    ("raises", RAISED, "stac_assess stopped with an error of its own", None),
    ("leaves", RAISED, "stac_assess stopped with an error of its own", None),
    ("returns None", BAD, "stac_assess gave no answer; return Contribution, NilReturn or Refused", None),
    ("returns a dict", BAD, "stac_assess gave a dict; return Contribution, NilReturn or Refused", None),
    ("returns text", BAD, "stac_assess gave a str; return Contribution, NilReturn or Refused", None),
    ("breaks the contract", BAD, "breaks the contract at nil return.looked_in (too short)", None),
    ("returns 100 MB", LARGE, "its answer was larger than 1 MB", None),
    ("sends 100 MB", LARGE, "its answer was larger than 1 MB", None),
    ("sends rubbish", BAD, "its process sent something that is not an answer", None),
    ("allocates without end", RAISED, "needed more memory than its limit of 512 MB", "memory"),
    ("starts threads without end", RAISED, "stac_assess stopped with an error of its own", "memory"),
    ("writes a file without end", RAISED, "stac_assess stopped with an error of its own", "size of a file"),
    ("opens files without end", RAISED, "stac_assess stopped with an error of its own", None),
    ("shares memory without end", RAISED, NOT_ALLOWED, "starting other processes"),
    ("forks", RAISED, NOT_ALLOWED, "starting other processes"),
    ("is a fork bomb", RAISED, NOT_ALLOWED, "starting other processes"),
    ("leaves a grandchild", RAISED, NOT_ALLOWED, "starting other processes"),
    ("starts a program", RAISED, NOT_ALLOWED, "starting other processes"),
    ("writes outside its folder", RAISED, NOT_ALLOWED, "writing outside its folder"),
    ("writes to a neighbour", RAISED, NOT_ALLOWED, "writing outside its folder"),
    ("reads the database", RAISED, NOT_ALLOWED, "reading outside its folder"),
    ("reads through a link", RAISED, NOT_ALLOWED, "reading outside its folder"),
    ("opens a connection", RAISED, NOT_ALLOWED, "network"),
    ("sends a datagram", RAISED, NOT_ALLOWED, "network"),
    ("signals the engine", RAISED, NOT_ALLOWED, "signals to others"),
]
BY_ANY_MEANS = ("hangs in C", "crashes", "floods", "sends 100 MB", "forks", "reads the database")
"""What is tried without a warm process too: its other means are the same."""
ROWS = [
    pytest.param(how, *row, id=f"{row[0]} ({how})")
    for how in ("warm", "fresh")
    for row in WHAT_COMES_OF_IT
    if how == "warm" or row[0] in BY_ANY_MEANS
]


class House:
    """One hostile agency among others, in a home with a database."""

    def __init__(self, home: Path, *, warm: bool) -> None:
        self.home = home
        (home / "stac.db").write_text("everything that must not be read")
        extra = {"hostile": TOYS / "hostile", "answers": ANSWERS}
        self.agencies = load_agencies(home, extra=extra, warm=warm)

    @property
    def folder(self) -> Path:
        """The hostile agency's own."""
        return agencies_folder(self.home, "hostile")

    def ask(self, does: str) -> object:
        """Have the hostile agency do something."""
        return self.agencies.assess("hostile", a_case(does))

    def others_answer(self) -> bool:
        """Whether another agency of the house answers."""
        return isinstance(self.agencies.assess("answers", a_case("nothing")), NilReturn)

    def warm_process(self) -> set[int]:
        """The process from which the others are forked, if there is one."""
        warm = self.agencies._known("hostile")._around.launcher._warm  # type: ignore[attr-defined]
        return set() if warm is None else {warm._process.pid}


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, House]]:
    """One whose children are forked from a warm process, and one whose children are fresh interpreters."""
    made = {how: House(tmp_path_factory.mktemp(how), warm=how == "warm") for how in ("warm", "fresh")}
    yield made
    for house in made.values():
        house.agencies.close()


@pytest.fixture
def house(houses: dict[str, House]) -> House:
    return houses["warm"]


@pytest.fixture(scope="module")
def limits() -> dict[str, bool]:
    """What this machine enforces, found out by trying."""
    return {limit.name: limit.enforced for limit in enforced()}


def a_case(does: str) -> CaseAsked:
    person = PersonAsked(forename="Perpetua", surname="Toyson")
    return CaseAsked(reference=f"R-{does}", on=date(2026, 11, 24), perpetrator=person)


def processes_in(folder: Path) -> set[int]:
    """Every process of this machine that works in the agency's folder, whoever its parent now is."""
    found = set()
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(folder):
                found.add(process.pid)
        except psutil.Error:
            continue
    return found


def family() -> set[int]:
    """Every process that was started by this one, however far down."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def wait_until(happened: Callable[[], bool], seconds: float = 5) -> None:
    """The last of a process goes a moment after its pipes are closed."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize(("how", "does", "reason", "sentence", "limit"), ROWS)
def test_whatever_a_plugin_does_it_harms_nobody_else_and_is_told_in_a_sentence(
    houses: dict[str, House],
    limits: dict[str, bool],
    how: str,
    does: str,
    reason: FailureReason,
    sentence: str,
    limit: str | None,
) -> None:
    if limit is not None and not limits[limit]:
        pytest.skip(f"this machine does not enforce: {limit}")
    house = houses[how]
    agencies = house.agencies
    house.folder.mkdir(parents=True, exist_ok=True)
    (house.folder / "engine").write_text(str(os.getpid()))
    assert house.others_answer()
    memory_before = psutil.Process().memory_info().rss
    family_before = family() | house.warm_process()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        (house.folder / "port").write_text(str(listening.getsockname()[1]))
        began = time.monotonic()

        answer = house.ask(does)

        took = time.monotonic() - began

    assert isinstance(answer, Failed)
    assert (answer.reason, answer.says.partition(": ")[0]) == (reason, "hostile")
    assert sentence in answer.says
    assert not any(term in answer.model_dump_json() for term in SECRET)
    assert took < agencies.manifest("hostile").limits.seconds + 10  # it may have to start on a busy machine
    assert psutil.Process().memory_info().rss - memory_before < 20_000_000
    assert agencies.process_number("hostile") is None
    assert processes_in(house.folder) == set()
    wait_until(lambda: family() <= family_before | house.warm_process())
    assert not (house.home / "written").exists()
    assert house.others_answer()
    assert isinstance(house.ask("nothing"), NilReturn)
    agencies._known("hostile").end()


def test_an_answer_that_changes_between_calls_is_told_and_not_used(house: House) -> None:
    first, second = house.ask("changes its answer"), house.ask("changes its answer")

    assert isinstance(first, NilReturn)
    assert isinstance(second, Failed)
    assert second.reason is FailureReason.BAD_ANSWER
    assert "stac_assess gave another answer than before to the same question" in second.says
    assert house.others_answer()


def test_an_answer_may_change_with_the_day_and_with_the_records(house: House) -> None:
    case = a_case("changes its answer").model_copy(update={"on": date(2026, 1, 1)})
    assess = house.agencies.assess

    first = assess("hostile", case)
    another_day = assess("hostile", case.model_copy(update={"on": date(2026, 1, 2)}))
    (house.folder / "register.csv").write_text("new\n")
    other_records = assess("hostile", case)

    assert all(isinstance(each, NilReturn) for each in (first, another_day, other_records))
    assert first != other_records


@pytest.mark.parametrize(  # every run has single faults in fresh processes
    "how", ["warm", pytest.param("fresh", marks=pytest.mark.full)]
)
def test_in_a_message_of_many_cases_each_fault_costs_one(houses: dict[str, House], how: str) -> None:
    faults = ("hangs in C", "crashes", "returns 100 MB", "sends rubbish", "raises", "returns None", "floods")
    asked = [a_case(each) for fault in faults for each in ("nothing", fault, "nothing at all")]

    answers = houses[how].agencies.assess_many("hostile", asked)

    assert [type(each) for each in answers] == [NilReturn, Failed, NilReturn] * len(faults)
    failure_reasons = [each.reason for each in answers if isinstance(each, Failed)]
    assert failure_reasons == [TIME, STOPPED, LARGE, BAD, RAISED, BAD, LARGE]


def test_closing_leaves_no_process_behind(tmp_path: Path) -> None:
    before = family()
    house = House(tmp_path, warm=True)
    assert house.others_answer()
    house.ask("crashes")

    house.agencies.close()

    wait_until(lambda: family() <= before)
    assert processes_in(agencies_folder(tmp_path, "answers")) == set()
