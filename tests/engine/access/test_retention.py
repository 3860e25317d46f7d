"""Which schedules are in use, and what is said of a file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.access.retention import FILE, read_schedules
from engine.domain.errors import SetupError
from engine.domain.rights.retention import ANY_OWNER

OWN = """
version = "1"
[[schedule]]
owner = "{owner}"
review_after_months = {months}
review_again_after_months = 12
in_force_from = 2026-01-01
source = "Agréé par la ville."
"""


def test_without_a_file_of_its_own_a_home_has_the_shipped_schedules(tmp_path: Path) -> None:
    shipped = read_schedules(tmp_path)
    assert ANY_OWNER in {each.owner for each in shipped.schedule}
    assert read_schedules(tmp_path / "no such folder") == shipped


def test_a_file_of_its_own_is_read_as_utf_8(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(OWN.format(owner="harbour", months=12).encode())
    (schedule,) = read_schedules(tmp_path).schedule
    assert (schedule.owner, schedule.review_after_months, schedule.source) == (
        "harbour",
        12,
        "Agréé par la ville.",
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"version = '\\xff'", "retention.toml in the home folder cannot be read; correct or remove it"),
        (b"version =", "retention.toml in the home folder is not TOML; correct or remove it"),
        (
            OWN.format(owner="harbour", months=0).encode(),
            "retention.toml: schedule.0.review_after_months: Input should be greater than or equal to 1",
        ),
        (
            (OWN.format(owner="harbour", months=12) + OWN.format(owner="harbour", months=24)[14:]).encode(),
            "retention.toml: schedule: two for 'harbour' apply at the same time",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_what_is_wrong(
    tmp_path: Path, written: bytes, sentence: str
) -> None:
    (tmp_path / FILE).write_bytes(
        written.decode("unicode_escape").encode("latin-1") if b"xff" in written else written
    )
    with pytest.raises(SetupError) as refused:
        read_schedules(tmp_path)
    assert str(refused.value) == sentence
