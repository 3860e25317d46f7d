"""Files of a network are sent as one, by a link that is good once, by who may store networks."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta

import pytest

from dashboard import network_uploads, record, sign_in
from dashboard.network_uploads import ASK, ROUTES
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting, Role
from engine.domain.links.networks import FilesReceived
from engine.services.accounts.sign_ins import look_at_sign_in
from engine.services.context import Context
from engine.services.links import received_files
from engine.services.links.received_files import files_waiting
from tests.builders import Desk
from tests.dashboard import arriving

ORIGIN = {"origin": "http://127.0.0.1"}
NODES, EDGES = b"id,label\na,Una\nb,Ben\n", b"from,to\na,b\n"


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *ROUTES])


def together(*files: tuple[str, bytes]) -> bytes:
    return b"".join(
        json.dumps({"name": name, "size": len(content)}).encode() + b"\n" + content for name, content in files
    )


def sent(desk: Desk, acting: Acting, content: bytes) -> tuple[int, str | None]:
    """The answer to files that somebody sends, and why they were not received."""
    cookies = {COOKIE: arriving.a_sign_in(desk, acting.user)}
    asked = arriving.ask(ASK, method="POST", cookies=cookies, form={}, headers=ORIGIN)
    if asked.status_code != 200:
        return asked.status_code, None
    link = f"{ASK}/{asked.text}"
    answer = arriving.ask(link, method="POST", cookies=cookies, content=content, headers=ORIGIN)
    again = arriving.ask(link, method="POST", cookies=cookies, content=content, headers=ORIGIN)
    assert again.status_code == 404, "a link is good once"
    lock_after = desk.runtime.settings.sign_in.lock_after
    found = look_at_sign_in(**desk.common, token=cookies[COOKIE], lock_after=lock_after).sign_in
    assert found is not None
    return answer.status_code, network_uploads.take_fault(found)


def test_files_are_received_as_one_and_nothing_of_them_stays_open(desk: Desk) -> None:
    assert sent(desk, desk.coordinator, together(("a.csv", NODES), ("b.csv", EDGES))) == (204, None)
    waiting = files_waiting(desk.context(desk.coordinator))
    assert waiting is not None
    assert [(each.file, each.which) for each in waiting.tables] == [("a.csv", "entities"), ("b.csv", "links")]
    assert list(desk.runtime.settings.uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"from,to\na,b\n", "files: they did not arrive complete; send them again"),
        (together(("a.csv", EDGES))[:-3], "files: they did not arrive complete; send them again"),
        (b'{"name": "a.csv", "size": -1}\n', "files: they did not arrive complete; send them again"),
        (b"", "files: send 1 to 28 at once"),
        (together(*[("a.csv", EDGES)] * 29), "files: send at most 28 at once"),
        (together(("x.anb", b"chart")), "file 1: an i2 chart (.anb) cannot be read"),
        (
            together(("../../main.py", b"<!DOCTYPE x [<!ENTITY a 'b'>]><gexf/>")),
            "file 1: it declares entities",
        ),
    ],
    ids=["plain", "cut", "negative", "none", "29", "i2", "entities"],
)
def test_what_cannot_be_read_is_one_sentence_and_nothing_waits(
    desk: Desk, content: bytes, sentence: str
) -> None:
    status, fault = sent(desk, desk.coordinator, content)
    assert status == 422
    assert fault is not None
    assert fault.startswith(sentence)
    assert files_waiting(desk.context(desk.coordinator)) is None
    assert list(desk.runtime.settings.uploads.iterdir()) == []


def test_who_may_not_store_networks_gets_no_link(desk: Desk) -> None:
    assert sent(desk, desk.add("max", Role.MANAGER), together(("a.csv", EDGES))) == (404, None)


def test_what_is_read_counts_once_among_the_files_that_come_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[str] = []
    receive = received_files.receive_files

    def noted(context: Context, *, files: Sequence[received_files.SentFile]) -> FilesReceived:
        there.extend(each.suffix for each in context.settings.uploads.iterdir())
        return receive(context, files=files)

    monkeypatch.setattr(received_files, "receive_files", noted)
    assert sent(desk, desk.coordinator, together(("a.csv", NODES), ("b.csv", EDGES))) == (204, None)
    assert sorted(there) == [".sent", ".unpacked"]


def test_what_a_killed_process_left_is_gone_when_the_dashboard_starts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = desk.runtime.settings.uploads / "tmpx.unpacked"
    left.mkdir()
    left.joinpath("0").write_bytes(NODES)
    desk.clock.forward(timedelta(days=3650))
    begun = desk.runtime.settings.uploads / "tmpy.unpacked"  # another process has yet to lock it
    begun.mkdir()
    made = (desk.clock.now() - timedelta(seconds=50)).timestamp()
    os.utime(begun, (made, made))
    monkeypatch.setattr(record, "open_runtime", lambda: desk.runtime)
    record.use(None)
    assert record.runtime() is desk.runtime
    assert not left.exists()
    assert begun.exists()
