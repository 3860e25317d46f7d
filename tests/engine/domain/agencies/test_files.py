"""Every record that was read is kept, held already, or told as not understood."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.agencies.files import MOST_NAMED, AgencyFilesRead, FileRead, KindRead, NotUnderstood

LOST = NotUnderstood(where="line 2", reason="It is half-written.")


def test_a_record_without_a_place_to_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="give the place and a reason"):
        KindRead(kind="Flag", read=2, kept=1)
    with pytest.raises(ValidationError, match="more records were stored than were read"):
        KindRead(kind="Flag", read=1, kept=1, held_already=1)
    with pytest.raises(ValidationError, match="give the place and a reason"):
        KindRead(kind="Flag", read=1, kept=1, not_understood=(LOST,))


def test_past_the_first_the_rest_is_counted() -> None:
    kind = KindRead(kind="Flag", read=MOST_NAMED + 7, kept=0, not_understood=(LOST,) * MOST_NAMED)

    assert kind.not_kept == MOST_NAMED + 7


def test_a_file_is_whole_when_nothing_of_it_was_lost() -> None:
    kind_read = KindRead(kind="Flag", read=2, kept=1, held_already=1)
    lost = KindRead(kind="Flag", read=1, kept=0, not_understood=(LOST,))

    assert AgencyFilesRead(files=(FileRead(file="a", kinds=(kind_read,)),)).whole
    assert not AgencyFilesRead(files=(FileRead(file="a", kinds=(kind_read, lost)),)).whole
    assert not AgencyFilesRead(files=(FileRead(file="a", error="It is empty."),)).whole
