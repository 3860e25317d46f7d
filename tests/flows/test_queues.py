"""Two runners with homes of their own on one PostgreSQL: each agency is asked where its records are."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.accounts.acting import flow_acting
from engine.domain.responses.answers import Failed, FailureReason
from engine.domain.responses.requests import PersonAsked
from engine.hooks.questions import FIND_PEOPLE
from engine.runtime import open_runtime
from engine.services.system import audit
from tests.builders import Desk, a_contribution, let_answer
from tests.flows.given import screened
from tests.flows.installed_toys import announce, settle
from tests.flows.offices import Offices, offices_on_one_record

HELD = "A report was held by the harbour office."


@pytest.fixture
def offices(tmp_path: Path, prefect_server: str) -> Iterator[Offices]:
    """Two homes with the same keys, one PostgreSQL, and an agency's records in each."""
    path = announce(tmp_path / "site", "harbour", "lantern")
    here = {"lantern": ["lantern"], "harbour": ["harbour"]}
    with offices_on_one_record(
        tmp_path, prefect_server, agencies_here=here, path=path, codes=("harbour", "lantern")
    ) as made:
        folder = tmp_path / "harbour" / "agencies" / "harbour"
        folder.mkdir(parents=True)
        (folder / "answer.json").write_text(a_contribution(HELD).model_dump_json())
        let_answer(made.desk, "lantern", a_contribution("The lantern was seen."))
        for office in made.by_name.values():
            office.start()
        yield made


@pytest.mark.prefect
@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("cases", [2, pytest.param(40, marks=pytest.mark.full)])
def test_each_agency_is_asked_where_its_records_are_and_a_worker_may_be_exchanged(
    offices: Offices, cases: int
) -> None:
    desk, harbour, lantern = offices.desk, offices.by_name["harbour"], offices.by_name["lantern"]
    references = [screened(desk, str(number)) for number in range(cases)]
    if cases > 2:  # under load: one is exchanged as an upgrade does, the other is killed
        lantern.end(signal.SIGTERM)
        lantern.start()
        references += [screened(desk, f"later-{number}") for number in range(cases // 2)]
        harbour.end(signal.SIGKILL)
        harbour.start()
    offices.wait_until_done()
    rows = offices.rows("flow, subject, queue, taken_by, attempts")
    assert {subject for flow, subject, *_ in rows if flow == "assess_referral"} == set(references)
    for agency, office in (("harbour", harbour), ("lantern", lantern)):
        takers = {str(by).split()[1] for _, _, queue, by, _ in rows if queue == agency}
        assert takers <= {str(pid) for pid in office.started}
    assert len([row for row in rows if row[2] is not None]) == len(references)  # one agency is elsewhere
    if cases == 2:
        assert {attempts for *_, attempts in rows} == {1}
    stored = offices.answers_stored()
    assert stored == dict.fromkeys(("harbour contribution", "lantern contribution"), len(references))
    copies = [file for file in lantern.home.rglob("*") if file.is_file() and HELD in _read(file)]
    assert copies == []
    assert audit.verify(uow=desk.runtime.uow).ok


def _read(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


def test_an_agency_of_another_home_fails_and_never_answers_from_an_empty_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in announce(tmp_path / "site", "harbour"):
        monkeypatch.syspath_prepend(place)
    settings = desk.runtime.settings
    settle(settings.home, database_url=settings.database_url, agencies_here=[])
    with open_runtime({"STAC_HOME": str(desk.runtime.settings.home)}, clock=desk.clock) as runtime:
        assert runtime.agencies.elsewhere == ("harbour",)
        answer = runtime.agencies.ask("harbour", FIND_PEOPLE, PersonAsked(surname="Roe"))
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.ELSEWHERE
        assert runtime.context(flow_acting("test", "test")).agencies.process_number("harbour") is None
