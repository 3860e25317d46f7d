"""Background services whose network delays and drops: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs, urlparse

import pytest

from engine.services.system import audit, audit_content, outbox
from tests.faults.unreliable_network import UnreliableNetwork, unreliable_network
from tests.flows.given import lend, screened
from tests.flows.offices import Office, Offices
from tests.flows.test_queues import offices

__all__ = ["offices"]

pytestmark = [pytest.mark.prefect, pytest.mark.postgres, pytest.mark.slow, pytest.mark.full]

CASES, SECONDS, FAULTS = 20, 25.0, 20
"""Referrals, the shortest time of a bad network, and how many connections it is to break or stall."""
LONGEST = 100.0


@pytest.fixture
def network(
    request: pytest.FixtureRequest, offices: Offices, prefect_server: str
) -> Iterator[UnreliableNetwork]:
    """Put the record or Prefect's server behind a network, for both services."""
    with ExitStack() as stack:
        url = offices.desk.runtime.settings.database_url
        for office in offices.by_name.values():
            office.end(signal.SIGTERM)
        if request.param == "the record":
            folder = parse_qs(urlparse(url).query)["host"][0]
            made = stack.enter_context(unreliable_network(f"{folder}/.s.PGSQL.5432", seed=18))
            there = re.sub(r"@/(\w+)\?.*", rf"@127.0.0.1:{made.port}/\1", url)
            for office in offices.by_name.values():
                settings = office.home / "settings.toml"
                settings.write_text(settings.read_text().replace(url, there))
        else:
            port = urlparse(prefect_server).port
            assert port is not None
            made = stack.enter_context(unreliable_network(("127.0.0.1", port), seed=18))
            for office in offices.by_name.values():
                lend(office.home, f"http://127.0.0.1:{made.port}/api")
        for office in offices.by_name.values():
            office.start()
        yield made


def start_again_if_it_ended(office: Office) -> int:
    """Do what ``stac serve`` does for a service that an error ended."""
    assert office.worker is not None
    ended = office.worker.exitcode is not None
    if ended:
        office.start()
    return ended


@pytest.mark.parametrize("network", ["the record", "Prefect's server"], indirect=True)
def test_a_network_that_delays_and_drops_loses_no_referral_and_asks_none_twice(
    offices: Offices, network: UnreliableNetwork
) -> None:
    desk = offices.desk
    network.is_unreliable.set()
    began, references, ended = time.monotonic(), list[str](), 0
    while time.monotonic() - began < LONGEST:
        if len(references) < CASES:
            references.append(screened(desk, str(len(references))))
        ended += sum(start_again_if_it_ended(office) for office in offices.by_name.values())
        was_bad = network.drops + network.stalls >= FAULTS and time.monotonic() - began > SECONDS
        if was_bad and len(references) == CASES:
            break
        time.sleep(0.5)
    assert network.drops + network.stalls >= FAULTS
    network.is_unreliable.clear()
    for office in offices.by_name.values():
        start_again_if_it_ended(office)
    offices.wait_until_done()
    rows = offices.rows("flow, subject, queue")
    assert {subject for flow, subject, _ in rows if flow == "assess_referral"} == set(references)
    assert len([queue for *_, queue in rows if queue is not None]) == len(references)
    wanted = ("harbour contribution", "lantern contribution")
    assert offices.answers_stored() == dict.fromkeys(wanted, len(references))
    assert outbox.stale(uow=desk.runtime.uow, clock=desk.clock) == 0
    assert audit.verify(uow=desk.runtime.uow).ok
    assert audit_content.verify_content(uow=desk.runtime.uow).ok
    print(f"{network.drops} connections dropped, {network.stalls} stalled, {ended} services started again")
