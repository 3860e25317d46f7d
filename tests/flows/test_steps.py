"""What a flow may say of an error."""

from __future__ import annotations

import traceback

import pytest

from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    NotFoundError,
    RecordError,
    RecordFault,
)
from flows.steps import StepFailedError, id_only_errors, is_final, kind_of

SECRET = "Petronella Mustnotshow of 12 Hidden Row"


@id_only_errors()
def fails_by(error: BaseException) -> None:
    raise error


def test_an_unforeseen_error_is_told_by_kind_and_place_and_never_by_its_text() -> None:
    with pytest.raises(StepFailedError) as raised:
        fails_by(ValueError(SECRET))
    assert (raised.value.kind, raised.value.place.split(":")[0]) == (
        "ValueError",
        "tests/flows/test_steps.py",
    )
    assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_an_error_of_the_engine_passes_as_it_is() -> None:
    with pytest.raises(NotFoundError, match="R-7K3M9QX"):
        fails_by(NotFoundError("referral", "R-7K3M9QX"))


def test_an_interruption_passes_as_it_is() -> None:
    with pytest.raises(KeyboardInterrupt):
        fails_by(KeyboardInterrupt())


def test_a_step_inside_a_step_keeps_the_first_kind_and_place() -> None:
    with pytest.raises(StepFailedError) as raised, id_only_errors():
        fails_by(ValueError(SECRET))
    assert raised.value.kind == "ValueError"


def test_only_a_case_that_has_moved_on_is_not_worth_running_again() -> None:
    assert is_final(IllegalTransitionError("R-7K3M9QX", "closed", "ask agencies", ()))
    assert not is_final(StepFailedError("OperationalError", "engine/store/database.py:1"))
    assert not is_final(ConflictError("plan", "P-7K3M9QX"))


def test_the_kind_of_an_error_is_a_name() -> None:
    assert kind_of(StepFailedError("OperationalError", "x.py:1")) == "OperationalError"
    assert kind_of(NotFoundError("referral", "R-7K3M9QX")) == "NotFoundError"


def test_what_the_record_failed_by_is_kept_with_the_kind() -> None:
    assert kind_of(RecordError(RecordFault.BUSY, "x")) == "RecordError: busy"
