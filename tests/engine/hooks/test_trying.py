"""What keeps an agency's process in its place holds when it is tried, and what does not is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.domain.limits import LimitInForce
from engine.domain.responses.answers import FailureReason
from engine.hooks import sandbox_checks
from engine.hooks.forking import ForkingLauncher
from engine.hooks.launching import CallFailedError, Launch, Running, start_interpreter
from engine.hooks.sandbox_checks import enforced, tried

KEPT_BY_THE_ENGINE = {"time", "size of an answer"}
KEPT_ON_EVERY_LINUX = {*KEPT_BY_THE_ENGINE, "memory", "size of a file", "core dumps"}
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has the means")


def test_each_limit_is_told_once_with_how_it_is_kept_or_why_it_is_not() -> None:
    limits = enforced()

    assert len({limit.name for limit in limits}) == len(limits)
    for limit in limits:
        assert (limit.how is None) == (not limit.enforced)
        assert (limit.why_not is None) == limit.enforced
    assert {limit.name for limit in limits if limit.enforced} >= KEPT_BY_THE_ENGINE
    assert enforced() is limits  # it is tried once in the life of a process


@linux
@pytest.mark.parametrize("warm", [True, False])
def test_what_every_linux_gives_holds_however_the_process_was_started(warm: bool) -> None:
    launcher = ForkingLauncher(warm=warm)
    held = {limit.name for limit in tried(launcher) if limit.enforced}
    launcher.close()

    assert held >= KEPT_ON_EVERY_LINUX
    assert ("what is left behind" in held) is warm  # only the warden of a forked child can sweep


def test_a_machine_on_which_no_process_can_be_started_is_told_and_nothing_is_called_enforced() -> None:
    def cannot(launch: Launch) -> Running:
        raise CallFailedError(FailureReason.NOT_RUNNING, "its process could not be started (OSError)")

    limits = tried(cannot)

    assert not any(limit.enforced for limit in limits)
    assert {limit.why_not for limit in limits} == {
        "it could not be tried here (its process could not be started (OSError))"
    }


def test_a_limit_that_does_not_hold_when_tried_is_told_as_not_enforced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = sandbox_checks._launch

    def lax(own: Path, *, processes: bool = False) -> Launch:
        launch = real(own, processes=processes)
        return Launch(**{**vars(launch), "network": True, "memory_mb": 2048, "reads": (own.parent,)})

    monkeypatch.setattr(sandbox_checks, "_launch", lax)

    limits = {limit.name: limit for limit in tried(start_interpreter)}

    for name in ("network", "memory", "reading outside its folder"):
        assert limits[name] == LimitInForce(name=name, enforced=False, why_not=limits[name].why_not)
    assert limits["time"].enforced
