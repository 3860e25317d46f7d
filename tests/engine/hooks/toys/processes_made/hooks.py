"""A toy plugin whose functions start and end processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pydantic import JsonValue

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, ScoreResult, hookimpl

calls = 0


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It is asked nothing by this question."""
    return NilReturn(looked_in=("toys",), says="Nothing was found.")


def answer(given: dict[str, JsonValue]) -> ScoreResult:
    """Say where it runs."""
    return ScoreResult(result={"folder": os.getcwd()})


def count(given: dict[str, JsonValue]) -> ScoreResult:
    """Say how often it was called in this process."""
    global calls
    calls += 1
    return ScoreResult(result={"calls": calls})


def stop(given: dict[str, JsonValue]) -> ScoreResult:
    """Stop the process."""
    os._exit(7)


def hang(given: dict[str, JsonValue]) -> ScoreResult:
    """Give no answer."""
    time.sleep(3600)
    return ScoreResult(result={})


def leave_a_grandchild(given: dict[str, JsonValue]) -> ScoreResult:
    """Leave a grandchild in a session of its own."""
    there = Path("there")
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            there.touch()
            time.sleep(60)
        os._exit(0)
    os.wait()
    while not there.exists():
        time.sleep(0.005)
    there.unlink()
    return ScoreResult(result={})


def handles(given: dict[str, JsonValue]) -> ScoreResult:
    """Say how many handles are open."""
    held = 0
    for number in range(256):
        try:
            os.fstat(number)
        except OSError:
            continue
        held += 1
    return ScoreResult(result={"handles": held})
