"""What a browser may send and no page of ours ever would: each is refused, and the server goes on.

No browser is used: a client of our own speaks Streamlit's protocol to the server of the browser tests.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.sign_in import COOKIE
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.ids import new_reference
from engine.runtime import open_runtime
from engine.services.accounts.users import find_user
from engine.services.cases.views import view_case
from engine.services.drafts import end_draft, open_draft, save_draft
from tests.browser.conftest import ROOT, Served

pytestmark = pytest.mark.browser

SECONDS = 30.0


@dataclass
class Page:
    """A page as a client of our own has it: all that was sent to it, and the widgets in it."""

    socket: ClientConnection
    sent: list[bytes] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        *,
        query: str = "",
        page: str = "",
        fragment: str = "",
        pressed: str | None = None,
        states: Mapping[str, str] | None = None,
    ) -> str:
        """Run a page or a part of it, with whatever its widgets are said to hold; all that came back."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.fragment_id = query, fragment
        asked.page_script_hash = calc_hash(page) if page else ""
        for key, value in (states or {}).items():
            asked.widget_states.widgets.add(id=self.widgets[key], string_value=value)
        if pressed is not None:
            asked.widget_states.widgets.add(id=self.widgets[pressed], trigger_value=True)
        self.socket.send(message.SerializeToString())
        return self._came()

    def _came(self) -> str:
        before = len(self.sent)
        while True:
            raw = self.socket.recv(timeout=SECONDS)
            assert isinstance(raw, bytes)
            self.sent.append(raw)
            message = ForwardMsg.FromString(raw)
            self._note(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != 2:
                return b"\n".join(self.sent[before:]).decode("utf-8", "replace")

    def _note(self, message: ForwardMsg) -> None:
        """The widgets that came: Streamlit puts a widget's key at the end of its id."""
        for number in _ids(message.delta.new_element):
            key = number.split("-", 2)[-1] if number.startswith("$$") else number
            self.widgets[key] = number
            self.fragments[key] = message.delta.fragment_id


def _ids(element: Any) -> Iterator[str]:
    for _, value in element.ListFields():
        found = getattr(value, "id", None)
        if isinstance(found, str) and found.startswith("$$"):
            yield found


def a_cookie(served: Served, user: str) -> str:
    answer = httpx.post(f"{served.address}/sign-in", data={"user": user}, headers={"Origin": served.address})
    return str(answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0])


def socket_of(
    served: Served, cookie: str | None = None, *, session: str | None = None, **headers: str
) -> ClientConnection:
    given = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    address = served.address.replace("http://", "ws://") + "/_stcore/stream"
    origin = headers.pop("Origin", served.address)
    return connect(
        address,
        # a type of its own, which is a str; Streamlit reads a session to go on with in the third place
        subprotocols=["streamlit", *(["token", session] if session else [])],  # type: ignore[list-item]
        additional_headers={**given, **headers},
        origin=origin,  # type: ignore[arg-type]
        max_size=None,
    )


@pytest.fixture
def page_of(served: Served) -> Iterator[Any]:
    """Opens a page as a user, or with whatever cookie it is given."""
    open_now: list[ClientConnection] = []

    def opened(user: str | None = None, *, cookie: str | None = None) -> Page:
        token = a_cookie(served, user) if user else cookie
        open_now.append(socket_of(served, token))
        return Page(open_now[-1])

    yield opened
    for each in open_now:
        each.close()


def is_alive(served: Served) -> bool:
    return bool(urllib.request.urlopen(f"{served.address}/_stcore/health").status == 200)


def case_of(served: Served, reference: str, user: str = "cora") -> CaseView:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        return view_case(runtime.context(find_user(uow=runtime.uow, name=user).acting()), reference=reference)


@pytest.mark.parametrize("cookie", [None, "", "made-up", "../../etc/passwd", "' OR 1=1 --"])
def test_without_a_sign_in_a_page_shows_nothing_of_a_case(served: Served, page_of: Any, cookie: Any) -> None:
    answer = page_of(cookie=cookie).ask(query=f"ref={served.cases.rich}", page="case")
    assert "Sign in" in answer
    assert "Amira" not in answer
    assert served.cases.rich not in answer


def test_a_page_that_is_open_ends_with_its_sign_in(served: Served, page_of: Any) -> None:
    cookie = a_cookie(served, "zhe")
    page = page_of(cookie=cookie)
    assert "Amira" in page.ask(query=f"ref={served.cases.rich}", page="case")
    httpx.post(
        f"{served.address}/sign-out",
        headers={"Origin": served.address, "Cookie": f"{COOKIE}={cookie}"},
    )
    answer = page.ask(query=f"ref={served.cases.rich}", page="case")
    assert "Sign in" in answer
    assert "Amira" not in answer
    assert "Amira" not in page_of(cookie=cookie).ask(query=f"ref={served.cases.rich}", page="case")


@pytest.mark.parametrize("place", ["case", "cases", "worklist", "screening"])
def test_the_hash_of_a_page_that_a_role_is_not_given_runs_nothing_of_it(
    served: Served, page_of: Any, place: str
) -> None:
    answer = page_of("max").ask(query=f"ref={served.cases.rich}", page=place)
    assert "Amira" not in answer
    assert "Manisha" not in answer


def test_a_case_that_is_not_open_to_somebody_reads_like_one_that_is_not_there(
    served: Served, page_of: Any
) -> None:
    there, none = served.cases.plain, new_reference("involvement")
    for reference in (there, none):
        answer = page_of("police-worker").ask(query=f"ref={reference}", page="case")
        assert "Tamsin" not in answer
        assert f"you cannot view referral {reference}, or it does not exist" in answer


def save_plan(served: Served, page: Page, typed: Mapping[str, str]) -> None:
    """Open the first action of the plan and save it with these fields, as a browser sends them or not."""
    reference = served.cases.planned
    plan = case_of(served, reference).plan
    assert plan is not None
    ask = partial(page.ask, query=f"ref={reference}", page="case")
    ask()
    ask(pressed="edit-plan")
    ask(pressed=f"edit-{plan.actions[0].reference}")
    field = f"field-of-{plan.actions[0].reference}"
    page.widgets.setdefault(f"{field}-reference", f"$$ID-{'0' * 32}-{field}-reference")
    states = {f"{field}-{name}": value for name, value in typed.items()}
    assert states.keys() <= page.widgets.keys()
    ask(states=states)
    ask(states=states, pressed=f"plan-{reference}-save")


@pytest.mark.parametrize(
    "typed",
    [{"agency": "Nowhere Limited"}, {"serves": "Whatever"}, {"side": "Nowhere"}, {"reference": "A-222222X"}],
    ids=lambda typed: next(iter(typed)),
)
def test_what_the_plans_fields_do_not_offer_is_not_saved(
    served: Served, page_of: Any, typed: dict[str, str]
) -> None:
    before = case_of(served, served.cases.planned).plan
    assert before is not None
    give_reason(served)
    page = page_of("cora")
    save_plan(served, page, typed)
    assert not [raw for raw in page.sent if b"Traceback" in raw]
    after = case_of(served, served.cases.planned).plan
    assert after is not None
    assert [each.reference for each in after.actions] == [each.reference for each in before.actions]
    assert not [value for value in typed.values() if value in after.model_dump_json()]


def test_what_they_offer_is_saved_by_the_same_message(served: Served, page_of: Any) -> None:
    give_reason(served)
    save_plan(served, page_of("cora"), {"owner": "Chike Okafor-Smith"})
    after = case_of(served, served.cases.planned).plan
    assert after is not None
    assert after.actions[0].owner == "Chike Okafor-Smith"


def give_reason(served: Served) -> None:
    """Let the draft of the plan have its reason only: a field of long text takes none from a message."""
    reference = served.cases.planned
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        user = find_user(uow=runtime.uow, name="cora")
        end_draft(runtime.context(user.acting()), form=DraftForm.PLAN, case=reference)
        draft = open_draft(runtime.context(user.acting()), form=DraftForm.PLAN, case=reference)
        save_draft(
            uow=runtime.uow,
            clock=runtime.clock,
            key=runtime.key,
            user=user,
            signed_pass=draft.signed_pass,
            fields={"reason": "A message of our own."},
        )


def test_a_widget_that_is_not_on_the_page_does_nothing(served: Served, page_of: Any) -> None:
    page = page_of("police-worker")
    page.ask(query=f"ref={served.cases.rich}", page="case")
    page.widgets["edit-plan"] = "$$ID-0123456789abcdef0123456789abcdef-edit-plan"
    answer = page.ask(query=f"ref={served.cases.rich}", page="case", pressed="edit-plan")
    assert "Save plan" not in answer


def test_a_part_that_another_server_drew_is_drawn_with_its_page(served: Served, page_of: Any) -> None:
    links: dict[str, Any] = {"query": f"ref={served.cases.rich}", "page": "links"}
    before = page_of("cora")
    before.ask(**links)
    part = next(number for number in before.fragments.values() if number)
    # as after a restart: the browser still shows the part, and the server has drawn nothing for it
    after = page_of("cora")
    assert "Links" in after.ask(**links, fragment=part)
    assert parts_drawn(after) == [[]]
    after.sent.clear()
    after.ask(**links, fragment=part)
    assert parts_drawn(after) == [[part]]


def parts_drawn(page: Page) -> list[list[str]]:
    """Of each run the parts that were drawn; none where it was the whole page."""
    messages = [ForwardMsg.FromString(raw) for raw in page.sent]
    began = [each for each in messages if each.WhichOneof("type") == "new_session"]
    return [list(each.metadata.run.fragment_ids) for each in began]


@pytest.mark.parametrize("kind", ["debug_shutdown_runtime", "debug_disconnect_websocket", "clear_cache"])
def test_a_message_for_developers_stops_nothing(served: Served, page_of: Any, kind: str) -> None:
    page = page_of()
    message = BackMsg()
    setattr(message, kind, True)
    page.socket.send(message.SerializeToString())
    assert "Sign in" in page.ask()
    assert is_alive(served)


def test_no_message_tells_where_the_files_of_the_app_lie(served: Served, page_of: Any) -> None:
    page = page_of("zhe")
    page.ask(query=f"ref={served.cases.rich}", page="case")
    assert page.sent
    assert not [raw for raw in page.sent if str(ROOT / "dashboard").encode() in raw]


@pytest.mark.parametrize("rubbish", [b"\xff\xff\xff\xff", b"", b"\x00" * 64, "text"])
def test_rubbish_ends_the_connection_or_nothing_and_tells_nothing(
    served: Served, page_of: Any, rubbish: bytes | str
) -> None:
    page = page_of()
    page.socket.send(rubbish)
    try:
        answer = page.ask()
    except ConnectionClosed as closed:
        answer = str(closed)
    assert "Traceback" not in answer
    assert "faults.py" not in answer
    assert is_alive(served)


def test_a_message_that_is_too_large_is_not_read(served: Served, page_of: Any) -> None:
    page = page_of()
    message = BackMsg()
    message.rerun_script.query_string = "x" * 200_000_000
    page.socket.send(message.SerializeToString())
    with pytest.raises(ConnectionClosed):
        page.ask()
    assert is_alive(served)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_another_sites_page_is_not_connected_whatever_its_cookie(
    served: Served, headers: dict[str, str]
) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        socket_of(served, a_cookie(served, "zhe"), **headers).recv(timeout=SECONDS)


def session_of(page: Page) -> str:
    """The session that a page is, as Streamlit names it to its browser."""
    messages = [ForwardMsg.FromString(raw) for raw in page.sent]
    return next(
        str(each.new_session.initialize.session_id) for each in messages if each.HasField("new_session")
    )


@pytest.mark.parametrize("is_left", [False, True], ids=["while its tab is open", "after its tab was closed"])
def test_a_session_goes_on_for_its_own_sign_in_and_no_other(served: Served, is_left: bool) -> None:
    """On a desk that is shared, or with a number that was overheard: what a page stored is of one sign-in."""
    chair = a_cookie(served, "zhe")
    with closing(socket_of(served, chair)) as own:
        page = Page(own)
        assert "Amira" in page.ask(query=f"ref={served.cases.rich}", page="case")
        session = session_of(page)
        if is_left:
            own.close()
        others = [a_cookie(served, "police-worker"), a_cookie(served, "zhe"), None]
        for cookie in others:
            with closing(socket_of(served, cookie, session=session)) as other:
                theirs = Page(other)
                theirs.ask()
                assert session_of(theirs) != session
        forged = {"x-stac-sign-in": sha256(chair.encode()).hexdigest()}
        with closing(socket_of(served, others[0], session=session, **forged)) as other:
            theirs = Page(other)
            theirs.ask()
            assert session_of(theirs) != session
        with closing(socket_of(served, chair, session=session)) as again:
            back = Page(again)
            back.ask(query=f"ref={served.cases.rich}", page="case")
            assert session_of(back) == session


def test_a_browser_cannot_say_that_it_is_on_this_machine(served: Served) -> None:
    answer = {"x-stac-local": "1", "x-forwarded-for": "192.0.2.7"}
    socket = socket_of(served, a_cookie(served, "zhe"), **answer)
    with closing(socket):
        assert "Amira" not in Page(socket).ask(query=f"ref={served.cases.rich}", page="case")


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../../keys/digest.key",
        "/app/static/..%2f..%2fmain.py",
        "/app/static/%2e%2e/main.py",
        "/static/../../../etc/passwd",
        "/component/../main.py",
        "/_stcore/bidi-components/../../main.py",
        "//etc/passwd",
        "/app/static/..\\..\\main.py",
        "/media/0123.pdf",
        "/_stcore/upload_file/a/b",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
    ],
)
def test_no_path_leads_out_of_what_is_for_everybody(served: Served, path: str) -> None:
    connection = HTTPConnection(urlsplit(served.address).netloc)  # which sends a path as it is
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    assert "freeze_heap" not in text
    assert "root:" not in text
    assert answer.status in {303, 400, 403, 404}


def test_an_address_that_is_no_page_but_answered_by_one_carries_the_marking(served: Served) -> None:
    answer = httpx.get(f"{served.address}/no-such-file.html", headers={"accept-encoding": "gzip"})
    assert answer.text.count(">OFFICIAL-SENSITIVE") == 2
