"""No reference comes into a log, whoever writes the line: the audit alone says who looked at what."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from engine.domain.ids import PREFIXES, new_reference
from engine.domain.system.log_lines import keep_references_out_of_logs, log_no_requests, without_references


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A log of its own in a process that keeps references out."""
    factory = logging.getLogRecordFactory()
    keep_references_out_of_logs()
    written = io.StringIO()
    logger = logging.Logger("anybody's")
    logger.addHandler(logging.StreamHandler(written))
    yield logger, written
    logging.setLogRecordFactory(factory)


@pytest.mark.parametrize("kind", PREFIXES)
def test_every_kind_of_reference_is_replaced_however_it_is_written(kind: str) -> None:
    reference = new_reference(kind)
    for written in (reference, reference.lower(), reference.replace("-", "%2D"), f"assess-{reference}"):
        said = without_references(f'GET /case?ref={written}&x=1 "{written}".')
        assert reference[2:].lower() not in said.lower()


def test_other_words_and_the_reference_of_a_fault_stay() -> None:
    said = "F-3A9C1E ValueError at e-mail:12 < x-forwarded-for 2026-03-02 plugin-x"
    assert without_references(said) == said


def test_a_line_in_arguments_in_a_mapping_or_in_a_trace_holds_none(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = log
    logger.warning('%s - "%s %s HTTP/%s" %d', "10.0.0.9:4711", "GET", "/case?ref=R-7K3M9QV", "1.1", 200)
    logger.warning("%(flow)s took %(seconds).1f s", {"flow": "assess-R-7K3M9QV", "seconds": 2})
    try:
        raise ValueError("R-7K3M9QV is not there")
    except ValueError:
        logger.exception("assess-R-7K3M9QV failed")
    lines = written.getvalue()
    assert "7K3M9QV" not in lines
    assert '"GET /case?ref=[reference] HTTP/1.1" 200' in lines
    assert "assess-[reference] took 2.0 s" in lines
    assert "ValueError: [reference] is not there" in lines


def test_uvicorn_logs_no_request_and_still_says_what_is_wrong() -> None:
    log_no_requests()
    access, errors = logging.getLogger("uvicorn.access"), logging.getLogger("uvicorn.error")
    try:
        assert access.disabled
        looks = ('%s - "WebSocket %s" [accepted]', "connection open", "connection closed")
        for said in looks:
            assert not errors.filter(errors.makeRecord("x", logging.INFO, "f", 1, said, (), None))
        for said, level in (("Application startup complete.", logging.INFO), (looks[0], logging.ERROR)):
            assert errors.filter(errors.makeRecord("x", level, "f", 1, said, (), None))
    finally:
        access.disabled = False
        for each in list(errors.filters):
            errors.removeFilter(each)
