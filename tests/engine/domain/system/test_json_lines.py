"""A line of the log is one JSON object of our words, whichever library wrote it."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from engine.domain.system.json_lines import log_in_json

NAME = "Amira Kent"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What this process logs, in JSON."""
    monkeypatch.setattr(logging.Handler, "format", logging.Handler.format)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(message)s of a library"))
    logging.getLogger().addHandler(handler)
    log_in_json()
    yield out
    logging.captureWarnings(False)
    logging.getLogger().removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_of_ours_has_its_words_and_a_time_in_utc(written: io.StringIO) -> None:
    logging.getLogger("flows.watch").error("put off: %s", "the record is busy")
    (line,) = lines(written)
    assert line.pop("time").endswith("+00:00")
    assert line.pop("at").startswith("test_json_lines:")
    assert line == {"level": "error", "logger": "flows.watch", "event": "put off: the record is busy"}


def test_the_text_of_a_library_is_left_out_however_it_gives_it(written: io.StringIO) -> None:
    library = logging.getLogger("a_library")
    library.warning("for %s", NAME)
    library.warning(f"for {NAME}\nand a second line")
    library.warning("for %(name)s", {"name": NAME}, extra={"person": NAME}, stack_info=True)
    with warnings.catch_warnings():  # pytest has taken the place that is logged from
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(NAME, stacklevel=1)
    assert len(lines(written)) == 4
    assert NAME not in written.getvalue()


def test_an_error_that_a_library_gives_as_an_object_or_a_trace_is_its_kind(written: io.StringIO) -> None:
    library = logging.getLogger("a_library")
    trace = "Traceback (most recent call last):\n  File x\n"
    library.error(OSError(NAME))
    library.error("failed: %s", KeyError(NAME))
    library.error(f"{trace}builtins.ConnectionRefusedError: {NAME}")
    assert [line["error"] for line in lines(written)] == ["OSError", "KeyError", "ConnectionRefusedError"]
    library.error(f"{trace}{NAME.replace(' ', '.')}: what they said")  # nothing that is typed is a kind
    library.error("ValueError: without a trace")
    assert not [line for line in lines(written)[3:] if "error" in line]
    assert NAME not in written.getvalue()


def test_an_error_is_its_kind_and_its_places(written: io.StringIO) -> None:
    def fails() -> None:
        raise ValueError(NAME)

    try:
        fails()
    except ValueError as error:
        logging.getLogger("flows.watch").exception("failed")
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    assert [line["event"] for line in lines(written)] == ["failed", "the process ended", "a thread ended"]
    assert {line["error"] for line in lines(written)} == {"ValueError"}
    assert all(line["places"].startswith("fails:") for line in lines(written))
    assert NAME not in written.getvalue()
