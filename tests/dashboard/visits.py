"""What a visitor of the dashboard does and reads: pages by place, words as they stand on the screen."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from dashboard import record
from dashboard.arrivals import LOCAL
from dashboard.pages import Place
from dashboard.sign_in import COOKIE, standing
from dashboard.views.cases.page import Part
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.responses.answers import DomainView, Professional
from engine.services.conference import decisions
from engine.services.drafts import save_draft
from engine.services.plans import versions as plan_versions
from engine.services.referrals.screening import screen
from engine.services.responses import requests as response_requests
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import Desk, a_contribution, a_decision, a_plan, a_referral, a_screening, approve
from tests.dashboard.arriving import a_sign_in

MAIN = Path(dashboard.__file__).with_name("main.py")


@dataclass
class Connection:
    """What comes with a browser's connection."""

    headers: dict[str, str] = field(default_factory=lambda: {LOCAL: "1"})
    cookies: dict[str, str] = field(default_factory=dict)


@contextmanager
def deltas() -> Iterator[list[tuple[tuple[int, ...], Delta]]]:
    """What runs of a page draw meanwhile, each with its place: Streamlit makes one message of two for a place
    while neither is sent, so they are noted before that.
    """
    came: list[tuple[tuple[int, ...], Delta]] = []
    send = ForwardMsgQueue.enqueue

    def note(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        if message.HasField("delta"):
            came.append((tuple(message.metadata.delta_path), message.delta))
        send(queue, message)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ForwardMsgQueue, "enqueue", note)
        yield came


@dataclass
class Visits:
    """Opens pages as different people, each in a browser of their own."""

    desk: Desk
    connection: Connection
    parts: tuple[Part, ...] = tuple(Part)
    """The parts of the case page that are open: those that a person opens stay open."""

    def __call__(
        self,
        acting: Acting | None,
        place: Place | None = None,
        ref: str | None = None,
        *,
        codes: Mapping[str, str] | None = None,
    ) -> Visit:
        """Open a page; without a place whatever comes first, without a person signed out."""
        token = a_sign_in(self.desk, acting.user) if acting else None
        visit = Visit(AppTest.from_file(str(MAIN), default_timeout=30), self.connection, token)
        if place is not None:
            visit.app._page_hash = calc_hash(place.address)
        if ref is not None:
            visit.app.query_params["ref"] = ref
        for name, code in (codes or {}).items():
            visit.app.query_params[name] = code
        if place is Place.CASE:
            visit.app.session_state["case-parts"] = list(self.parts)
        return visit.run()

    def show(self, acting: Acting, part: Callable[..., None], *given: object) -> Visit:
        """Show one part of a page with what it was given when it was opened, as an open dialog stays."""
        token = a_sign_in(self.desk, acting.user)
        app = AppTest.from_function(part, default_timeout=30, args=given)
        return Visit(app, self.connection, token).run()


@dataclass
class Visit:
    """One browser at one page."""

    app: AppTest
    connection: Connection
    token: str | None

    dialog: str | None = None

    def run(self) -> Visit:
        """Draw the page as it now stands."""
        self.connection.cookies = {COOKIE: self.token} if self.token else {}
        if self.dialog is not None:
            self.app.button(
                key=self.dialog
            ).click()  # AppTest draws whole pages: an open dialog is opened again
        self.app.run()
        assert not self.app.exception, self.app.exception
        return self

    def press(self, key: str) -> Visit:
        """Press the button with this key."""
        self.app.button(key=key).click()
        return self.run()

    def open(self, key: str) -> Visit:
        """Press the button that opens a dialog, which stays open."""
        self.dialog = key
        return self.run()

    def finish(self, key: str) -> Visit:
        """Press the button that ends the open dialog, and look at the page behind it."""
        self.app.button(key=key).click()
        self.run()
        self.dialog = None
        return self

    def type(self, key: str, text: str) -> Visit:
        """Type into a field of long text: its draft is saved, and the next run of the page has it."""
        (there,) = [each for proto, each in self._drafts() if proto.id.endswith(f"-draft:{key}")]
        user = standing(self.token, local=True).user
        assert user is not None
        runtime = record.runtime()
        save_draft(
            uow=runtime.uow,
            clock=runtime.clock,
            key=runtime.key,
            user=user,
            signed_pass=there["signed_pass"],
            fields={there["id"].rsplit("|", 1)[1]: text},
        )
        self.app.session_state[key] = text
        return self

    def typed(self, key: str) -> str:
        """What stands in a field of long text."""
        (there,) = [each for proto, each in self._drafts() if proto.id.endswith(f"-draft:{key}")]
        return str(there["text"])

    def _drafts(self) -> list[tuple[Any, dict[str, Any]]]:
        """The fields of long text, each with what the browser is given for it."""
        protos: list[Any] = [each.proto for each in self.app.get("bidi_component")]
        return [
            (each, json.loads(each.json)) for each in protos if each.component_name.endswith(".draft_text")
        ]

    def offers(self, key: str) -> bool:
        """Whether there is a button with this key."""
        return key in {str(button.key) for button in self.app.button}

    @property
    def words(self) -> str:
        """Everything that can be read, in the order of the page."""
        parts = [_text(each.value) for each in self.app.html]
        for kind in ("button", "radio", "checkbox", "toggle", "text_input", "text_area", "selectbox", "code"):
            parts += [
                str(getattr(each, "label", None) or getattr(each, "value", "")) for each in self.app.get(kind)
            ]
        for _, there in self._drafts():
            parts += [str(there[part]) for part in ("label", "hint", "error") if there[part]]
        return re.sub(r"\s+", " ", " ".join(parts))

    @property
    def source(self) -> str:
        """The HTML as it is sent to the browser."""
        return "".join(each.value for each in self.app.html if not each.value.startswith("<style>"))


def _text(body: str) -> str:
    if body.startswith("<style>"):
        return ""
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def a_view(level: Level, domain: Domain = Domain.VIOLENCE, **changes: object) -> DomainView:
    """A professional's view on one domain."""
    given: dict[str, object] = {
        "domain": domain,
        "level": level,
        "reasons": f"Said to be {level.value} at the last review.",
        "how_soon": HowSoon.WEEKS if domain is Domain.VIOLENCE else None,
        "recorded_by": Professional(name="Robin Marsh", post="senior practitioner"),
        "recorded_on": "2026-02-26",
        **changes,
    }
    return DomainView.model_validate(given)


def referred(desk: Desk, number: str = "1", **changes: Any) -> str:
    """One referral that nobody has screened."""
    return desk.refer(a_referral(number, **changes)).referrals[0]


def screened(
    desk: Desk, number: str = "1", outcome: TriageOutcome = TriageOutcome.CONFERENCE, **changes: Any
) -> str:
    """One referral that was screened, with every agency's practitioners on the case."""
    reference = referred(desk, number, **changes)
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
    return reference


def asked(desk: Desk, number: str = "1", **changes: Any) -> str:
    """A case for the conference, whose agencies are asked and have not answered."""
    reference = screened(desk, number, **changes)
    response_requests.open_requests(desk.context(desk.coordinator), reference=reference)
    return reference


def answers(desk: Desk, worker: Acting, reference: str, *views: DomainView, **changes: object) -> None:
    """A practitioner answers by hand."""
    answer_by_hand(
        desk.context(worker),
        reference=reference,
        agency=str(worker.agency),
        answer=a_contribution(f"Two visits were recorded by {worker.agency}.", views=views, **changes),
    )


def opened(desk: Desk, reference: str) -> None:
    """The chair opens the conference."""
    decisions.open_conference(desk.context(desk.chair), reference=reference)


def decided(desk: Desk, reference: str, **changes: Any) -> None:
    """The panel decides."""
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision(**changes))


def planned(desk: Desk, reference: str, *, base_version: int = 0, due: str = "2026-03-20") -> None:
    """A plan with one action for one of the toys, approved."""
    plan_versions.make_plan(
        desk.context(desk.chair),
        reference=reference,
        plan=a_plan(agency="harbour", base_version=base_version, due=due),
        agencies=[agency.code for agency in desk.runtime.agencies_known],
    )
    approve(desk, reference)
