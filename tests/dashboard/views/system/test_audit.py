"""The auditor's page: the last lines of the log without any content, whether it holds, and a copy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.downloads import AUDIT, MAKERS
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotPermittedError
from engine.services.system.audit import copy
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_the_auditor_reads_who_did_what_and_nothing_of_a_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visits(workers["harbour"], Place.CASE, reference)
    auditor = desk.add("audrey", Role.AUDITOR)
    visit = visits(auditor, Place.AUDIT_LOG)
    assert "harbour-worker, practitioner View case case work 1" in visit.words
    for text in (reference, "Daniel", "Amira"):
        assert text not in visit.words
    visit.press("audit-verify")
    assert "Audit log verified." in visit.words
    assert "Record matches the audit log." in visit.words
    made = MAKERS[AUDIT](auditor, None)
    first, *_, last = made.content.decode().splitlines()
    assert "format" in json.loads(first)
    assert json.loads(last)["end"] == len(made.content.decode().splitlines()) - 2
    common: dict[str, Any] = {"home": desk.runtime.settings.home}
    with pytest.raises(NotPermittedError):
        copy(desk.context(workers["harbour"]), **common)
    assert not list(desk.runtime.settings.home.rglob("audit.jsonl"))
