"""The steps of work on a map: each can be undone and done again, and a new one forgets what was undone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.links.maps import MapAsked, Steps
from engine.domain.links.views import NodeKind

START = Steps(now=MapAsked(start="R-1"))


def test_undo_and_redo_lead_back_and_forth() -> None:
    steps = START.by(lambda at: at.opening("P-1")).by(lambda at: at.hiding("P-2"))
    assert steps.undone().now.opened == ("P-1",)
    assert steps.undone().now.hidden == ()
    assert steps.undone().undone().now == START.now
    assert steps.undone().undone().redone().redone() == steps


def test_undo_at_the_beginning_and_redo_at_the_end_change_nothing() -> None:
    assert START.undone() == START.redone() == START


def test_a_new_step_forgets_what_was_undone() -> None:
    steps = START.by(lambda at: at.opening("P-1")).undone().by(lambda at: at.hiding("P-2"))
    assert steps.after == ()
    assert steps.redone() == steps


def test_asking_for_the_same_again_is_no_step() -> None:
    assert START.to(MapAsked(start="R-1")) == START


def test_what_is_opened_is_no_longer_hidden() -> None:
    asked = MapAsked(start="R-1").hiding("P-1").hiding("P-2").opening("P-1")
    assert (asked.opened, asked.hidden) == (("P-1",), ("P-2",))


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(ValidationError, match="end date is before the start date"):
        MapAsked(start="R-1").changed(since="2026-03-01", until="2026-02-01")


def test_what_was_asked_for_can_be_kept_as_text_and_read_again() -> None:
    asked = MapAsked(start="R-1", kinds_left_out=(NodeKind.PHONE,)).opening("P-1")
    assert MapAsked.model_validate_json(asked.model_dump_json()) == asked
