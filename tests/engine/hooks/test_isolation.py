"""Whatever a plugin does, its agency's answer is a failure with a reason, and the others answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine.domain.responses.answers import Failed, FailureReason, NilReturn
from engine.domain.responses.requests import CaseAsked
from engine.hooks.registry import Agencies
from tests.engine.hooks.conftest import TOY_FOLDERS

SECRET = ("Petronella", "Mustnotshow", "Hidden Row")
Load = Callable[..., Agencies]

WHAT_COMES_OF_IT = [
    ("hangs-in-python", FailureReason.TIME_LIMIT, "no answer came within 0.4 seconds"),
    ("hangs-in-c", FailureReason.TIME_LIMIT, "no answer came within 0.4 seconds"),
    ("hangs-on-a-socket", FailureReason.TIME_LIMIT, "no answer came within 0.4 seconds"),
    ("ignores-signals", FailureReason.TIME_LIMIT, "no answer came within 0.4 seconds"),
    (
        "leaves-a-grandchild",
        FailureReason.RAISED,
        "tried what is not allowed: a plugin writes in its own folder",
    ),
    ("raises", FailureReason.RAISED, "stac_assess stopped with an error of its own"),
    ("exits", FailureReason.RAISED, "stac_assess stopped with an error of its own"),
    ("needs-too-much-memory", FailureReason.RAISED, "more memory than its limit of 256 MB"),
    (
        "gives-none",
        FailureReason.BAD_ANSWER,
        "stac_assess gave no answer; return Contribution, NilReturn or Refused",
    ),
    ("gives-a-dict", FailureReason.BAD_ANSWER, "stac_assess gave a dict; return Contribution"),
    ("breaks-the-contract", FailureReason.BAD_ANSWER, "breaks the contract at contribution.findings.0.key"),
    ("sees-the-future", FailureReason.BAD_ANSWER, "views.0 (recorded after the date of the request)"),
    ("speaks-for-her", FailureReason.BAD_ANSWER, "voices (only the seat 'victim-voice' may give them)"),
    ("gives-whereabouts", FailureReason.BAD_ANSWER, "protected (only the seat 'victim-voice' may give it)"),
    ("names-a-vault-reference", FailureReason.BAD_ANSWER, "protected_refs"),
    ("sends-more-than-it-says", FailureReason.BAD_ANSWER, "more than one answer"),
    ("prints-a-flood", FailureReason.TOO_LARGE, "it printed more than 1 MB"),
    ("answers-with-100-mb", FailureReason.TOO_LARGE, "its answer was larger than 1 MB"),
    ("sends-100-mb", FailureReason.TOO_LARGE, "its answer was larger than 1 MB"),
    ("stops-dead", FailureReason.CRASHED, "its process stopped with exit status 7"),
    ("crashes-in-c", FailureReason.CRASHED, "its process stopped by signal 11"),
    (
        "cannot-read",
        FailureReason.BAD_RECORDS,
        "toys.csv has a line that breaks its format (line 14, column happened)",
    ),
    (
        "misspells-its-hook",
        FailureReason.NOT_RUNNING,
        "answers stac_asess, which is not a question of the contract",
    ),
    ("wants-too-much", FailureReason.NOT_RUNNING, "stac_assess takes database"),
    ("cannot-be-loaded", FailureReason.NOT_RUNNING, "hooks.py could not be imported"),
]


@pytest.mark.parametrize(
    ("code", "reason", "sentence"), WHAT_COMES_OF_IT, ids=[row[0] for row in WHAT_COMES_OF_IT]
)
def test_a_plugin_s_fault_is_told_within_its_limit_and_silences_nobody(
    all_toys: Agencies, case: CaseAsked, code: str, reason: FailureReason, sentence: str
) -> None:
    agencies = all_toys
    assert isinstance(agencies.assess("answers", case), NilReturn)
    memory_before, began = psutil.Process().memory_info().rss, time.monotonic()

    answer = agencies.assess(code, case)

    limit = agencies.manifest(code).limits.seconds
    assert isinstance(answer, Failed)
    assert answer.reason is reason
    assert sentence in answer.says
    assert answer.says.startswith(f"{code}: ")
    assert not any(term in answer.model_dump_json() for term in SECRET)
    assert time.monotonic() - began < limit + 10  # ten seconds for starting an interpreter on a busy machine
    assert psutil.Process().memory_info().rss - memory_before < 20_000_000
    assert agencies.process_number(code) is None
    assert isinstance(agencies.assess("answers", case), NilReturn)


def test_closing_leaves_no_process_behind(toys: Load, case: CaseAsked) -> None:
    agencies = toys("answers", "says-what-it-saw")
    for code in ("answers", "says-what-it-saw"):
        agencies.assess(code, case)
    numbers = [agencies.process_number(code) for code in ("answers", "says-what-it-saw")]

    agencies.close()

    assert all(number is not None and not psutil.pid_exists(number) for number in numbers)


def test_what_a_plugin_prints_does_not_reach_its_answer(toys: Load, case: CaseAsked) -> None:
    agencies = toys("prints-a-little")

    assert isinstance(agencies.assess("prints-a-little", case), NilReturn)
    assert isinstance(agencies.assess("prints-a-little", case), NilReturn)


def test_the_same_process_answers_again_and_one_that_died_meanwhile_is_replaced(
    toys: Load, case: CaseAsked
) -> None:
    agencies = toys("answers")
    agencies.assess("answers", case)
    first = agencies.process_number("answers")
    agencies.assess("answers", case)
    assert agencies.process_number("answers") == first
    assert first is not None

    os.kill(first, signal.SIGKILL)
    _wait_until(lambda: psutil.Process(first).status() == psutil.STATUS_ZOMBIE)

    assert isinstance(agencies.assess("answers", case), NilReturn)
    assert agencies.process_number("answers") != first


def test_agencies_asked_from_several_threads_do_not_wait_for_one_another(toys: Load, case: CaseAsked) -> None:
    slow = ("hangs-in-python", "hangs-in-c", "hangs-on-a-socket", "ignores-signals")
    agencies = toys("answers", *slow)
    for code in slow:  # start them first: what is measured is the waiting
        agencies._known(code).start()
    answers: dict[str, object] = {}
    threads = [
        threading.Thread(target=lambda code=code: answers.update({code: agencies.assess(code, case)}))
        for code in ("answers", *slow)
    ]
    began = time.monotonic()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert isinstance(answers["answers"], NilReturn)
    assert all(isinstance(answers[code], Failed) for code in slow)
    assert time.monotonic() - began < sum(agencies.manifest(code).limits.seconds for code in slow)


def test_one_agency_asked_by_several_threads_gives_each_its_own_answer(toys: Load, case: CaseAsked) -> None:
    agencies = toys("says-what-it-saw")
    answers: dict[str, object] = {}

    def ask(reference: str) -> None:
        answers[reference] = agencies.assess(
            "says-what-it-saw", case.model_copy(update={"reference": reference})
        )

    threads = [threading.Thread(target=ask, args=(f"R-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for reference, answer in answers.items():
        assert isinstance(answer, NilReturn)
        assert f'"reference": "{reference}"' in answer.looked_in[0]


def test_a_plugin_that_hangs_while_it_is_loaded_fails_within_the_limit_for_starting(
    toys: Load, case: CaseAsked
) -> None:
    agencies = toys("hangs-when-loaded", start_seconds=1.0)

    answer = agencies.assess("hangs-when-loaded", case)

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.NOT_RUNNING
    assert answer.says == "hangs-when-loaded: the plugin was not loaded within 1 seconds"


def test_a_hanging_plugin_ends_by_itself_when_the_engine_is_killed(case: CaseAsked, tmp_path: Path) -> None:
    code = "hangs-for-long"
    asking = f"""
from pathlib import Path
from engine.domain.responses.requests import CaseAsked
from engine.hooks.registry import load_agencies
agencies = load_agencies(Path({str(tmp_path)!r}), extra={{{code!r}: Path({str(TOY_FOLDERS[code])!r})}})
agencies._known({code!r}).start()
print(agencies.process_number({code!r}), flush=True)
agencies.assess({code!r}, CaseAsked.model_validate_json({case.model_dump_json()!r}))
print("answered", flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", asking], stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        child = int(engine.stdout.readline())
        _wait_until((tmp_path / "agencies" / code / "called").exists)
        assert not _is_gone(child)
        engine.kill()
        assert engine.stdout.read() == ""

    _wait_until(lambda: _is_gone(child))


def _is_gone(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE  # nobody buries it in a bare container
    except psutil.NoSuchProcess:
        return True


def _wait_until(happened: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
