"""A form by its model: every kind of field, faults beside those that are wrong, the draft of each."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest

import dashboard
from dashboard.form_model import Form, read_fields
from engine.domain.accounts.acting import Acting
from engine.domain.asked import Asked, Because
from engine.domain.base import Frozen
from engine.domain.cases.complaints import FoundBy
from engine.domain.dates import PartialDate
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.errors import InvalidInputError
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, screened


class Everything(Frozen):
    """A model with every kind of field that a form draws, and one that no person is asked for."""

    text: Annotated[str, Asked("Text", part="what was written")]
    note: Annotated[str | None, Asked("Note", one_line=False)] = None
    kind: Annotated[FoundBy, Asked("Kind", missing="choose the kind")]
    on: Annotated[date, Asked("Date", code="day")]
    code: Annotated[str, Asked("Code", offered=True)]
    sure: Annotated[bool, Asked("Sure")] = False
    why: Annotated[str | None, Asked("Why the panel", only_if=("kind", (FoundBy.PANEL,)))] = None
    number: int = 0


def form(case: str = "R-7K3M9QV", **changes: object) -> Form[Everything, object]:
    """A form of it, which records nothing."""
    given = {
        "offers": {"code": {"a": "Alpha", "b": "Beta"}},
        "records": lambda *_: None,
        "done": "Recorded.",
        "undone_by": "a newer entry",
        **changes,
    }
    return Form(
        Everything,
        draft=DraftForm.STEP_UP,
        case=case,
        key=f"all-{case}",
        title="Everything",
        button="Record",
        **given,  # type: ignore[arg-type]
    )


WHOLE: Mapping[str, object] = {"text": " A text. ", "kind": FoundBy.COURT, "on": "9 March 2026", "code": "a"}


def test_fields_have_the_order_of_the_model_and_only_those_that_a_person_is_asked_for() -> None:
    names = [each.name for each in form().fields]
    assert names == ["text", "note", "kind", "on", "code", "sure", "why"]
    assert form().fields[3].key == "all-R-7K3M9QV-day"


def test_a_form_may_ask_in_words_of_its_own() -> None:
    asks = {"number": Asked("Number", offered=True), "text": Asked("Reason")}
    there = {each.name: each.asked.label for each in form(asks=asks).fields}
    assert (there["text"], there["number"], there["kind"]) == ("Reason", "Number", "Kind")


def test_what_is_typed_becomes_the_values_of_the_model() -> None:
    values, faults = read_fields(form(), {**WHOLE, "note": "  ", "sure": True})
    assert faults == {}
    given = Everything.model_validate(values)
    assert (given.text, given.note, given.on, given.sure) == ("A text.", None, date(2026, 3, 9), True)


@pytest.mark.parametrize(
    ("name", "typed", "fault"),
    [
        ("text", "  ", "write it"),
        ("kind", None, "choose the kind"),
        ("on", "", "give the date"),
        ("on", "March 2026", "give the full date, such as 9 March 2026"),
        ("code", None, "choose one"),
        ("note", "", None),
        ("why", "", None),
    ],
)
def test_a_blank_field_is_a_fault_unless_it_may_be_blank(name: str, typed: object, fault: str | None) -> None:
    _, faults = read_fields(form(), {**WHOLE, name: typed})
    assert faults == ({name: fault} if fault else {})


class Short(Frozen):
    """A model with what is typed in one short line, and a field for two choices of another."""

    at: Annotated[time, Asked("Time", example="14:05")]
    off: Annotated[int | None, Asked("Minutes", wrong="give a number of minutes")] = None
    happened: Annotated[PartialDate | None, Asked("When")] = None
    extra: Annotated[str | None, Asked("Extra", only_if=(("off", "happened"), ("5",)))] = None
    which: Annotated[int, Asked("Which", offered=True, at_once=True)]


def short(undone_by: str = "a newer entry") -> Form[Short, object]:
    """A form of it, which refuses five minutes."""

    def records(_: object, given: Short) -> None:
        if given.off == 5:
            raise InvalidInputError("off", "give another number")

    return Form(
        Short,
        DraftForm.STEP_UP,
        ABOUT_NO_CASE,
        "short",
        "Short",
        "Record",
        records,
        "Recorded.",
        undone_by,
        offers={"which": {"0": "One", "1": "Two"}},
        facts=(("About", "a test"),),
    )


def test_short_values_are_read_when_the_button_is_pressed() -> None:
    typed = {"at": "14:05", "off": "5", "happened": "March 2026", "which": "1"}
    values, faults = read_fields(short(), typed)
    assert faults == {}
    given = Short.model_validate(values)
    assert (given.at, given.off, given.happened, given.which) == (time(14, 5), 5, "2026-03", 1)
    _, faults = read_fields(short(), {**typed, "happened": "soon", "at": ""})
    assert faults == {
        "happened": "not a date; write 09/03/2024, 2024-03-09, March 2024 or 2024",
        "at": "give it",
    }


@pytest.mark.parametrize(
    ("typed", "is_asked"), [({"off": "5"}, True), ({"happened": "5"}, True), ({}, False)]
)
def test_a_field_may_be_asked_for_one_of_two_others(typed: dict[str, object], is_asked: bool) -> None:
    assert short().fields[3].asked.is_asked(typed) is is_asked


class Own(StrEnum):
    """A choice that is not of the domain: a draft would not read it again."""

    ONE = "one"


class Many(Frozen):
    """A field of a type that no form draws."""

    bad: Annotated[tuple[str, ...], Asked("Many")]


class OfOwn(Frozen):
    """A field of a choice that is not of the domain."""

    bad: Annotated[Own, Asked("One")]


class Change(Frozen):
    """A field whose key would end as that of a button."""

    change: Annotated[str, Asked("Change")]


def test_a_field_that_would_be_taken_for_a_button_is_refused() -> None:
    bad = Form(
        Change, DraftForm.STEP_UP, "R-7K3M9QV", "bad", "Bad", "Record", lambda *_: None, "Recorded.", ""
    )
    with pytest.raises(TypeError, match=r"Change\.change: a button ends so"):
        _ = bad.fields


@pytest.mark.parametrize("given", [Many, OfOwn])
def test_a_field_that_no_form_can_draw_is_refused_with_its_name(given: type[Frozen]) -> None:
    bad = Form(
        given, DraftForm.STEP_UP, "R-7K3M9QV", "bad", "Bad", "Record", lambda *_: None, "Recorded.", ""
    )
    with pytest.raises(TypeError, match=rf"{given.__name__}\.bad: no form draws its type"):
        _ = bad.fields


def everything(reference: str, log: list[str]) -> None:
    """Draw the form on a page of its own."""
    from dashboard import forms
    from engine.domain.errors import ConflictError, InvalidInputError
    from tests.dashboard import test_forms

    def records(_: object, given: test_forms.Everything) -> None:
        if given.text == "refused":
            raise InvalidInputError("what was written", "write something else")
        if given.text == "changed":
            raise ConflictError("the case", "reload the page")
        log.append(given.text)

    made = test_forms.form(reference, records=records)
    forms.draw(made)


@pytest.fixture
def visit(desk: Desk, workers: dict[str, Acting], visits: Visits) -> Visit:
    """The form as the coordinator has it open, on a real case."""
    reference = screened(desk)
    visit = visits.show(desk.coordinator, everything, reference, [])
    visit.app.session_state["reference"] = reference
    return visit


def for_good() -> None:
    """Draw a form whose record nothing undoes, on a page of its own."""
    from dashboard import forms
    from tests.dashboard import test_forms

    forms.draw(test_forms.short(undone_by=""))


def test_what_nothing_undoes_is_read_through_and_a_refusal_of_a_field_brings_the_fields_back(
    desk: Desk, visits: Visits
) -> None:
    visit = visits.show(desk.chair, for_good)
    visit.app.text_input(key="short-at").set_value("late")
    visit.app.text_input(key="short-off").set_value("5")
    visit.app.radio(key="short-which").set_value("Two")
    visit.press("short-save")
    assert "Time: give a time, such as 14:05." in visit.words
    visit.app.text_input(key="short-at").set_value("14:05")
    visit.press("short-save")
    assert "This will be recorded" in visit.words
    assert "About a test Time 14:05:00 Minutes 5 Which Two" in visit.words
    visit.press("short-record")
    assert "Minutes: give another number." in visit.words
    assert visit.app.text_input(key="short-at").value == "14:05"
    visit.app.text_input(key="short-off").set_value("6")
    visit.press("short-save").press("short-record")
    assert "This will be recorded" not in visit.words
    assert visit.app.text_input(key="short-at").value == ""


def fill_in(visit: Visit, text: str) -> str:
    """Fill in the whole form and return the beginning of its keys."""
    key = f"all-{visit.app.session_state['reference']}"
    visit.type(f"{key}-text", text)
    visit.app.radio(key=f"{key}-kind").set_value(FoundBy.COURT)
    visit.app.text_input(key=f"{key}-day").set_value("9 March 2026")
    visit.app.selectbox(key=f"{key}-code").set_value("b")
    return key


def test_each_fault_stands_beside_its_field_until_that_field_changes(visit: Visit) -> None:
    key = f"all-{visit.app.session_state['reference']}"
    assert "Why the panel" not in visit.words, "near miss: another field has no value yet"
    assert "Not recorded." not in visit.words, "near miss: no button was pressed"
    visit.press(f"{key}-save")
    assert "Not recorded. To correct: Text; Kind; Date; Code." in visit.words, (
        "also where that field is out of the window"
    )
    assert all(
        each in visit.words
        for each in ("Kind: choose the kind.", "Date: give the date.", "Code: choose one.", "Write it.")
    )
    visit.app.radio(key=f"{key}-kind").set_value(FoundBy.PANEL)
    visit.run()
    assert "choose the kind" not in visit.words
    assert "To correct: Text; Date; Code." in visit.words
    assert "Date: give the date" in visit.words, "near miss: the others stay"
    assert "Why the panel" in visit.words, "asked for this kind only"


def test_a_refusal_of_the_use_case_stands_beside_the_field_that_it_names(visit: Visit) -> None:
    key = fill_in(visit, "refused")
    visit.press(f"{key}-save")
    assert "Write something else." in visit.words
    assert "what was written: write something else" not in visit.words
    assert visit.typed(f"{key}-text") == "refused"


def test_a_refusal_that_names_no_field_stands_under_the_button(visit: Visit) -> None:
    key = fill_in(visit, "changed")
    visit.press(f"{key}-save")
    assert "reload the page" in visit.words
    assert visit.typed(f"{key}-text") == "changed"


def test_what_was_chosen_and_typed_comes_back_to_a_new_sign_in(
    desk: Desk, visit: Visit, visits: Visits
) -> None:
    key = fill_in(visit, "A text.")
    visit.run()
    again = visits.show(desk.coordinator, everything, visit.app.session_state["reference"], [])
    assert again.typed(f"{key}-text") == "A text."
    assert again.app.radio(key=f"{key}-kind").value is FoundBy.COURT
    assert again.app.text_input(key=f"{key}-day").value == "9 March 2026"


def test_what_is_given_reaches_the_use_case(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference, log = screened(desk), list[str]()
    visit = visits.show(desk.coordinator, everything, reference, log)
    visit.app.session_state["reference"] = reference
    visit.press(f"{fill_in(visit, 'A text.')}-save")
    assert log == ["A text."]


WRITTEN_OUT = 44
"""Dialogs that are no form by a model: it only falls. Some show and ask nothing."""
WITHOUT_DRAFT = {
    "access.need_to_know": "reasons of one line; a restriction destroys the drafts of who loses the case",
    "conference.conferences": "a date and a name, before there is a case to draft about",
    "conference.planning": "minutes and names of one item, set in the room and shown to all in it",
    "links.networks": "nothing is typed in its dialog: it deletes",
    "rights.subject_access": "of no case: its officer's reason is read through in the dialog that erases",
    "vault.protected_details": "reasons of one line, beside details that are shown for a moment",
}
"""Modules whose dialogs take typed text, or are beside a field that does, and store none of it: why."""
_TYPED = ("st.text_input", "st.text_area", "st.number_input", "st.time_input", "days.field")
_VIEWS = Path(dashboard.__file__).parent


def _written_out() -> dict[str, ast.Module]:
    """Return the modules with a dialog that is no form by a model."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _VIEWS.rglob("*.py")}
    return {
        ".".join(path.relative_to(_VIEWS / "views").with_suffix("").parts): tree
        for path, tree in trees.items()
        if _dialogs(tree)
    }


def _dialogs(tree: ast.Module) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("st.dialog" in ast.unparse(each) for each in node.decorator_list)
    ]


def test_no_more_dialogs_are_written_out_than_before() -> None:
    found = [f"{name}.{each}" for name, tree in _written_out().items() for each in _dialogs(tree)]
    assert len(found) == WRITTEN_OUT, found


def test_each_dialog_that_takes_typed_text_has_a_draft_or_a_reason_why_not() -> None:
    without = set()
    for name, tree in _written_out().items():
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        has_draft = any(each == "FormDraft" or each.endswith("draft.text") for each in called)
        if called & {*_TYPED} and not has_draft:
            without.add(name)
    assert without == WITHOUT_DRAFT.keys()


def test_one_text_is_asked_for_by_one_model() -> None:
    (only,) = Form(
        Because, DraftForm.STEP_UP, "R-7K3M9QV", "why", "Why", "Record", lambda *_: None, "Recorded.", ""
    ).fields
    assert (only.asked.label, only.part) == ("Reason", "reason")
