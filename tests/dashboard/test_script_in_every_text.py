"""Script and markup in every text that a page shows: it is text there, and nothing else.

The parts of pages and the texts of their views are found by looking at them, not by a list: a part that is
added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from dashboard import views
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting
from engine.domain.drafts import DraftForm
from tests.attacks.counted import ran
from tests.attacks.spoiled import MARKS, Spoiler
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits

SAMPLE = (
    "agencies.draw",
    "cases.page.draw",
    "cases.listing.draw",
    "responses.corrections._draw_one",
    "outcomes.follow_up.draw_others",
    "access.log._draw_page",
    "access.need_to_know._draw_connections",
    "access.need_to_know._draw_restriction",
    "access.need_to_know._draw_urgent_looks",
    "responses.release._dialog",
    "rights.subject_access._draw_one_to_clear",
    "rights.retention._draw_certificates",
    "people.same_person.draw",
    "referrals.screening.draw",
    "people.search._draw_search",
    "sharing.log._draw_lines",
    "sharing.log._draw_rules",
    "referrals.imports.draw_report",
    "vault.protected_details._draw_asks",
    "vault.protected_details._draw_openings",
    "rights.victim_rights._draw_request",
    "rights.victim_rights._draw_roles",
    "responses.withdrawal.draw",
    "cases.worklist.draw",
)
"""The parts in which most others are; all of them in ``scripts/test --full``."""
DRAWS_NOTHING = {"_after", "_fill_with", "_save", "_set", "_erase", "_common"}
"""These keep what was given: the services refuse it, and other tests ask them to."""
ASKS_FIRST = {
    "links.filters._choose": "asks for a map by its middle, which no reference like ours is",
    "links.steps.tools": "the same",
    "conference.conferences.draw_one": "asks for the conference by a reference like ours",
    "conference.item.draw_with_decision": "asks for the case of its item by a reference like ours",
    "conference.meeting._review": "shows a decision that was filled in, with a day among its texts",
    "links.patterns._draw_pattern": "counts the cases of a pattern by its key, which is one of ours",
    "links.explore._graph": "draws a map by the names of its nodes, which are references of ours",
    "links.network_wizard._import": "imports what was typed, with a day among its texts",
    "links.networks._draw_found": "searches a network by a reference like ours",
    "links.panel._draw": "draws a map by the names of its nodes, which are references of ours",
    "links.explore._table": "the same",
    "links.tools._act": "labels a button with words of ours",
    "links.tools._step": "the same",
    "links.tools._look": "offers the members of an enumeration, whichever it is given",
    "links.path._draw": "the same",
    "access.need_to_know._draw_reasons": "asks for the reasons of a case by its reference",
    "rights.informing_victims._decide": "keeps what was decided",
    "rights.subject_access._draw_request": "for the officer alone, who is not who looks here",
    "rights.subject_access._draw_ends": "the same",
    "rights.subject_access._draw_items": "shows each item by its place",
    "orders.reported.begin": "fills in the type of an order by its code, which is one of ours",
    "outcomes.process.draw": "draws each table by its name, which is one of ours",
    "outcomes.reoffending._curve": "the same",
    "outcomes.reoffending.draw": "draws each filter by its name, which is one of ours",
    "outcomes.victims.draw": "draws each table by its name, which is one of ours",
    "plans.editor._draw_open": "is given what is typed on the page, which is no view of the record",
    "plans.editor._draw_side": "the same",
    "plans.gate._approve": "asks for the conflicts of a case by its reference",
    "orders.recording._draw_with_terms": "asks for terms of a type by its code, which is one of ours",
    "orders.reported.new_order": "the same",
    "vault.protected_details._say": "says a word on an ask, by a reference like ours",
}
TYPED = ("text_area", "text_input", "number_input", "date_input")
ADDRESSES = ("id", "form_id", "url")
"""By these the browser names an element; nobody reads them."""
VALUE = re.compile(' (?:value|id)="[^"]*"')
"""What a form sends back, and by what a link leads, is no text to read and stays as it is."""
LABELLED = (
    "button",
    "checkbox",
    "expander",
    "multiselect",
    "radio",
    "selectbox",
    "text_area",
    "text_input",
    "toggle",
)


def models_in(hint: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        yield hint
    for each in typing.get_args(hint):
        yield from models_in(each)


def parts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every function of the views that draws something of the record, with what it is given."""
    for found in pkgutil.walk_packages(views.__path__, "dashboard.views."):
        module = importlib.import_module(found.name)
        for name, part in inspect.getmembers(module, inspect.isfunction):
            part = inspect.unwrap(part)
            if part.__module__ != module.__name__ or name in DRAWS_NOTHING:
                continue
            hints = typing.get_type_hints(part)
            draws = hints.pop("return", None) is type(None)
            if draws and any(model is not Acting for hint in hints.values() for model in models_in(hint)):
                yield f"{found.name.removeprefix('dashboard.views.')}.{name}", hints


PARTS = dict(parts())


def _part(name, given):
    import importlib

    module, _, function = name.rpartition(".")
    getattr(importlib.import_module(f"dashboard.views.{module}"), function)(**given)


def sent_for_show(visit: Visit) -> Iterator[tuple[str, str]]:
    """Everything that is sent to be shown and not to be typed on: each text of each element, by its kind."""
    for each in visit.app:
        proto = getattr(each, "proto", None)
        if each.type in TYPED or proto is None or each.type == "arrow_data_frame":
            continue
        for name, sent in strings_in(proto):
            if name not in ADDRESSES:
                yield f"{each.type} {name}", VALUE.sub("", sent)


def strings_in(message: Any) -> Iterator[tuple[str, str]]:
    """Every text of a message of Streamlit's, however deep."""
    for field, value in message.ListFields():
        for each in value if field.is_repeated else (value,):
            if field.message_type is not None and hasattr(each, "ListFields"):
                yield from strings_in(each)
            elif isinstance(each, str):
                yield field.name, each


def shown_by(name: str, visits: Visits, acting: Acting) -> set[str]:
    """Which fields a part shows with hostile texts in all of them; none runs, loads or leads anywhere."""
    draft = FormDraft(DraftForm.CORRECTION, "R-2222222", "draft-of-a-part")
    spoiler = Spoiler({Acting: acting, FormDraft: draft})
    given = {key: spoiler.of(hint, key) for key, hint in PARTS[name].items()}
    visit = visits.show(acting, _part, name, given)
    assert "<script>bad(" not in visit.source, name
    assert "onerror=bad(" not in visit.source.replace("&lt;img src=x onerror=bad(", ""), name
    texts = [str(getattr(each, "label", "")) for kind in LABELLED for each in visit.app.get(kind)]
    assert not [label for label in texts if "bad(" in label], f"{name}: a label is read as markup"
    assert not [kind for kind, sent in sent_for_show(visit) if any(mark in sent for mark in MARKS)], name
    return {field for number, field in spoiler.texts.items() if f"bad({number})" in visit.source}


def test_script_and_markup_in_a_text_is_text_on_every_page(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    assert set(SAMPLE) <= PARTS.keys()
    shown: set[str] = set()
    for name in SAMPLE:
        shown |= shown_by(name, visits, desk.coordinator)
    ran("texts that pages show, as script and markup", len(shown))


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in PARTS if name not in ASKS_FIRST])
def test_script_and_markup_in_a_text_is_text_in_every_part(
    desk: Desk, workers: dict[str, Acting], visits: Visits, name: str
) -> None:
    shown_by(name, visits, desk.coordinator)
