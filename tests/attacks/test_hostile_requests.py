"""Requests that no page of ours sends: each is refused, and each is in the log, with ids alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio
import pytest
from starlette.types import Message

from dashboard import downloads, record, sign_in, uploads
from dashboard.shell import Shell
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.services.accounts import users
from engine.services.accounts.sign_ins import begin_sign_in, end_sign_in
from tests.attacks.counted import ran
from tests.builders import Desk, a_desk, a_referral
from tests.dashboard import arriving
from tests.dashboard.arriving import a_sign_in

OURS = "http://127.0.0.1"
EVIL = "evil.example"
MINUTE = timedelta(seconds=61)


@dataclass
class Door:
    """The shell and our routes around a small app, over one record; every refusal has a minute of its own."""

    desk: Desk
    case: str
    seen: int = 0
    tried: list[str] = field(default_factory=list)

    def log(self) -> list[dict[str, Any]]:
        """What is new in the log of what was refused."""
        with self.desk.runtime.uow.unrecorded() as work:
            bodies = [entry.body for entry in work.audit.entries()]
        new = [json.loads(body) for body in bodies[self.seen :]]
        self.seen = len(bodies)
        return [entry for entry in new if entry["what"] in ("refuse", "refuse file link")]

    def refused(self, name: str, path: str, statuses: tuple[int, ...] = (404,), **given: Any) -> None:
        """This request is refused, tells nothing, and leaves an entry that names nothing that was sent."""
        self.desk.clock.forward(MINUTE)
        self.log()
        answer = arriving.ask(path, **given)
        self.tried.append(name)
        assert answer.status_code in statuses, (name, answer.status_code)
        assert self.case not in answer.text, name
        there = self.log()
        assert there, f"{name} left no entry"
        entry = there[0]
        assert not entry["cases"], name
        assert EVIL not in json.dumps(entry), name
        assert "made-up" not in json.dumps(entry), name


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One record for the whole module, with the development sign-in."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    with a_desk(home, STAC_DEVELOPMENT_SIGN_IN="1") as desk:
        settings = desk.runtime.settings
        sign_in = settings.sign_in.model_copy(update={"lock_after_idle_minutes": 480, "lasts_hours": 12})
        desk.runtime.settings = settings.model_copy(update={"sign_in": sign_in})
        yield desk


@pytest.fixture
def door(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    routes = [*sign_in.ROUTES, *downloads.ROUTES, *uploads.ROUTES]
    monkeypatch.setattr(arriving, "ROUTES", routes)
    record.use(shared.runtime)
    (case,) = shared.refer(a_referral()).referrals
    yield Door(shared, case)
    record.use(None)


NAMES = [
    EVIL,
    f"127.0.0.1.{EVIL}",
    f"localhost.{EVIL}",
    f"{EVIL}:80",
    "192.0.2.1",
    "0.0.0.0",
    "[2001:db8::1]",
    "[bad",
    "127.0.0.2.nip.example",
    "127.1",
    "2130706433",
    "0x7f000001",
    "stac",
    "",
    " ",
    f"user@{EVIL}",
    f"127.0.0.1@{EVIL}",
    "localhost\\",
    "xn--lcalhost-xyz",
    "localhost.",
    "127.0.0.1%00",
    "metadata.internal",
]


def test_another_name_than_ours_is_not_answered_and_is_in_the_log(door: Door) -> None:
    for name in NAMES:
        door.refused(name, "/", (400,), headers={"host": name})
    ran("names that are not ours", len(door.tried))


def test_a_form_of_another_sites_page_does_nothing_and_is_in_the_log(door: Door) -> None:
    cora = {COOKIE: a_sign_in(door.desk, "cora")}
    origins = [f"http://{EVIL}", "null", f"{OURS}.{EVIL}", f"{OURS}:81", f"http://{EVIL}/127.0.0.1", ""]
    for to in (downloads.ASK, uploads.ASK, downloads.COMMAND_CODE):
        for origin in origins:
            headers = {"origin": origin} if origin else {}
            form = {"kind": downloads.DIAGNOSTICS}
            door.refused(f"{to} {origin}", to, method="POST", headers=headers, cookies=cora, form=form)
    ran("pages of other sites", len(door.tried))


def connected(*, host: str, origin: str | None, cookie: str | None = None) -> tuple[bool, list[Message]]:
    """Whether a websocket came through to the app, and what was answered if not."""
    came: list[bool] = []
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        came.append(True)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", host.encode())]
    headers += [(b"origin", origin.encode())] if origin is not None else []
    headers += [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie is not None else []
    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": headers,
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 4000),
    }
    with ThreadPoolExecutor(1) as apart:
        apart.submit(anyio.run, Shell(app), scope, receive, send).result()
    return bool(came), sent


def test_a_connection_of_another_page_or_by_another_name_is_closed_and_is_in_the_log(door: Door) -> None:
    cora = a_sign_in(door.desk, "cora")
    forged: list[tuple[str, str | None]] = [(name, f"http://{name}") for name in NAMES[:10]]
    forged += [("127.0.0.1", origin) for origin in (f"http://{EVIL}", "null", "", None, "http://[bad", "x")]
    for host, origin in forged:
        door.desk.clock.forward(MINUTE)
        door.log()
        through, sent = connected(host=host, origin=origin, cookie=cora)
        assert not through, (host, origin)
        assert [message["type"] for message in sent] == ["websocket.close"]
        assert [entry["what"] for entry in door.log()] == ["refuse"], (host, origin)
    ran("forged connections", len(forged))
    assert connected(host="127.0.0.1", origin=OURS, cookie=cora) == (True, [])


def test_a_connection_with_a_cookie_that_stands_for_nobody_is_in_the_log(door: Door) -> None:
    door.desk.clock.forward(MINUTE)
    door.log()
    through, _ = connected(host="127.0.0.1", origin=OURS, cookie="made-up")
    (entry,) = door.log()
    assert (through, entry["facts"]["refused"], entry["facts"]["because"]) == (True, "cookie", "unknown")


CLOSED = [
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/upload_file",
    "/_stcore/script-health-check",
    "/media/",
]
OUT = ["/app/static", "/static", "/component", "/files", "/uploads", "/_stcore", "/oauth2callback", ""]
TO = ["/..%2fkeys/digest.key", "/%2e%2e/stac.db", "/%2e%2e%2f%2e%2e%2fetc/passwd", "/..%5c..%5cmain.py"]


def test_a_path_that_leads_out_or_is_closed_gives_nothing_and_is_in_the_log(door: Door) -> None:
    cora = {COOKIE: a_sign_in(door.desk, "cora")}
    paths = [f"{closed}{rest}" for closed in CLOSED for rest in ("", "/a/b", "/%00")]
    paths += [f"{out}{to}" for out in OUT for to in TO]
    for path in paths:
        door.refused(path, path, cookies=cora)
    ran("paths that lead out", len(door.tried))


def cookies(desk: Desk) -> Iterator[tuple[str, str]]:
    """Cookies that stand for nobody, or for nobody any longer."""
    for forged in (
        "made-up",
        "../../etc/passwd",
        "' OR 1=1 --",
        "null",
        "0",
        "true",
        "x" * 4_000,
        "%00",
        "cora",
    ):
        yield f"forged {forged[:12]}", forged
    good = a_sign_in(desk, "cora")
    yield "shortened", good[:-1]
    yield "lengthened", f"{good}A"
    yield "in the other case", good.swapcase()
    yield "turned round", good[::-1]
    yield "quoted twice", f"{good}{good}"
    for name in ("zoe", "yan", "xia", "wim", "val", "uma"):
        gone = a_sign_in(desk, desk.add(name, Role.PRACTITIONER, "lantern").user)
        end_sign_in(**desk.common, token=gone)
        yield f"replayed after signing out, {name}", gone
    for name in ("dis", "dit"):
        gone = a_sign_in(desk, desk.add(name, Role.ANALYST).user)
        users.set_active(desk.context(desk.coordinator), name=name, active=False)
        yield f"of a disabled user, {name}", gone
    gone = a_sign_in(desk, desk.add("moved", Role.ANALYST).user)
    users.change_role(desk.context(desk.coordinator), name="moved", role=Role.MANAGER, agency=None)
    yield "of a role that is no longer", gone
    command = begin_sign_in(
        **desk.common,
        name="cora",
        way=SignInWay.PASSWORD,
        lasts=timedelta(hours=1),
        account="cora (1000)",
    )
    yield "of a command", command
    short = begin_sign_in(**desk.common, name="cora", way=SignInWay.DEVELOPMENT, lasts=timedelta(seconds=30))
    yield "expired", short


def test_a_cookie_that_is_forged_replayed_or_over_opens_nothing_and_is_in_the_log(door: Door) -> None:
    there = list(cookies(door.desk))
    for name, cookie in there:
        given: dict[str, Any] = {"cookies": {COOKIE: cookie}}
        door.refused(name, f"/case?ref={door.case}", (303,), **given)
    for name, cookie in there[:6]:
        given = {"cookies": {COOKIE: cookie}, "headers": {"origin": OURS}, "method": "POST"}
        door.refused(f"{name}, for a file", downloads.ASK, **given, form={"kind": downloads.DIAGNOSTICS})
    ran("forged, replayed and ended cookies", len(door.tried))


def a_link(signed_in: dict[str, str]) -> str:
    form = {"kind": downloads.TEMPLATE, "ref": "csv"}
    answer = arriving.ask(
        downloads.ASK, method="POST", form=form, cookies=signed_in, headers={"origin": OURS}
    )
    return str(answer.headers["location"])


def test_no_link_to_a_file_is_good_for_anybody_else_or_again_and_each_is_in_the_log(door: Door) -> None:
    desk = door.desk
    cora, chair = ({COOKIE: a_sign_in(desk, name)} for name in ("cora", "chair"))
    others: list[tuple[str, dict[str, str] | None]] = [
        ("another user", chair),
        ("another sign-in", {COOKIE: a_sign_in(desk, "cora")}),
        ("nobody", None),
        ("a forged cookie", {COOKIE: "made-up"}),
    ]
    for name, signed_in in others:  # a refusal has a minute of its own, so each link is too old as well
        door.refused(f"{name}'s", a_link(cora), cookies=signed_in)
        door.refused(f"{name}'s, sent", a_link(cora).replace("/files/", "/uploads/"), cookies=signed_in,
                     method="POST", headers={"origin": OURS}, content=b"x")  # fmt: skip
    used = a_link(cora)
    assert arriving.ask(used, cookies=cora).status_code == 200
    door.refused("used", used, cookies=cora)
    door.refused("too old", a_link(cora), cookies=cora)
    for kind in ("", "other", "../diagnostics", "file: template", "<script>", "referrals", "command sign-in"):
        form = {"kind": kind}
        door.refused(
            f"kind {kind}", downloads.ASK, method="POST", form=form, cookies=cora, headers={"origin": OURS}
        )
    for token in ("made-up", "x" * 2_000, "%3Cscript%3E", "0", "' OR 1=1 --"):
        door.refused(f"token {token[:9]}", f"{downloads.ASK}/{token}", cookies=cora)
    ran("links to files of others, used, old or made up", len(door.tried))
