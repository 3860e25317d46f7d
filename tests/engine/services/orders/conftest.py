"""A conference of today for the tests of this folder."""

from __future__ import annotations

import pytest

from tests.builders import Desk
from tests.conferences import Room, a_room


@pytest.fixture
def room(desk: Desk) -> Room:
    """Three screened cases, and a conference of today without an agenda."""
    return a_room(desk)
