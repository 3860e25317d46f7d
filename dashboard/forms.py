"""A form is a model with labels: its fields, draft, faults beside fields and button follow from the model.

A page declares a form and draws its button. What only some pages need (columns, fields that depend on a
search, tables to type in) is not for here: such a form is written out, and a test holds the list of those.
What nothing undoes is shown to its author before it is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import partial
from typing import Final, Literal, NamedTuple, TypeVar

import streamlit as st
from pydantic import ValidationError

from dashboard import days, errors, markup, record, review_step, session, words
from dashboard.form_draft import FormDraft
from dashboard.form_model import SHORT, Form, FormField, faults_of, read_fields
from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.errors import StacError
from engine.domain.shown import shown

_Given = TypeVar("_Given", bound=Frozen)
_Answer = TypeVar("_Answer")
_Choice = TypeVar("_Choice")
_SHOWN_AT_ONCE: Final = 8
"""Up to so many choices are shown at once; more open from a list."""


class _Faults(NamedTuple):
    """The faults of the last press by field, and what was typed then: a fault goes when its field changes."""

    by_field: Mapping[str, str]
    typed: Mapping[str, object]


def button(form: Form[_Given, _Answer], label: str, *, key: str) -> None:
    """Draw the button that opens the form, with what its author typed before and did not record."""
    if st.button(label, key=key):
        begin(form)


def begin(form: Form[_Given, _Answer]) -> None:
    """Open the form."""
    form.as_draft.begin()
    for each in form.fields:
        if each.is_text and each.name in form.begins and session.stored_value(each.key) is None:
            session.keep(each.key, form.begins[each.name])
    if not _is_pressed(form):
        session.keep(_place(form), None)
    width: Literal["large", "small"] = "large" if form.is_large else "small"
    can_close = not form.must_leave and bool(form.undone_by)
    dialog = partial(st.dialog(form.title, width=width, dismissible=can_close)(draw), form)
    if form.undone_by:
        dialog()
    else:
        review_step.begin(form.key, dialog)


def draw(form: Form[_Given, _Answer]) -> None:
    """Draw the form here. Where its button was pressed, what was typed is recorded or confirmed first."""
    if form.undone_by:
        _draw_fields(form)
    else:
        fields, review = partial(_draw_fields, form), partial(_draw_review, form)
        review_step.fill_in_and_confirm(form.key, form.given, fields=fields, review=review)


def _draw_fields(form: Form[_Given, _Answer]) -> _Given | None:
    """Draw the form to fill in; return what its author has to confirm."""
    draft = form.as_draft
    draft.top()
    if form.note is not None:
        is_drawn = isinstance(form.note, markup.Markup)
        markup.draw(form.note if is_drawn else markup.element("p", form.note, class_="sub"))
    given, refused = _read(form) if _is_pressed(form) else (None, None)
    if given is not None and form.undone_by:
        refused = _recorded(form, given)
    by_field = faults_of(refused, form)
    if by_field:
        session.keep(_place(form), _Faults(by_field, _typed(form)))
    faults = session.stored_value(_place(form), _Faults) or _Faults({}, {})
    typed = _typed(form)
    wrong: list[str] = []
    for each in form.fields:
        if each.name in typed:
            fault = _still(faults, each, typed)
            wrong += [each.asked.label.rstrip("?")] if fault else []
            _draw_field(form, draft, each, fault)
        if each.name in form.also:
            form.also[each.name](typed)
    draft.remember(without=tuple(f"-{name}" for name in form.offers))
    with st.container(horizontal=True):
        st.button(form.button if form.undone_by else form.reviews, key=f"{form.key}-save", type="primary")
        may_leave = form.must_leave or not form.undone_by
        if may_leave and st.button("Leave without saving", key=f"{form.key}-leave"):
            review_step.end(form.key)
            st.rerun()
    if wrong:  # a field of a long form may be out of the window
        sentence = f"Not recorded. To correct: {'; '.join(wrong)}."
        markup.draw(markup.element("p", sentence, class_="fault", role="alert"))
    if refused is not None and not by_field:
        _show(refused)
    return None if form.undone_by else given


def _draw_review(form: Form[_Given, _Answer], given: _Given) -> None:
    """Draw what was filled in, and record it once its author confirms it."""
    there = ((each, getattr(given, each.name)) for each in form.fields)
    pairs = [(each.asked.label, _as_read(form, each, value)) for each, value in there if value is not None]
    if not review_step.confirmed(form.key, markup.definitions([*form.facts, *pairs]), record=form.button):
        return
    refused = _recorded(form, given)
    if by_field := faults_of(refused, form):
        review_step.fill_in_again(form.key)
        session.keep(_place(form), _Faults(by_field, _typed(form)))
        review_step.run_part_again()
    _show(refused)


def _as_read(form: Form[_Given, _Answer], each: FormField, value: object) -> str:
    if isinstance(value, bool):
        return each.asked.answers[not value]
    if isinstance(value, date):
        return words.day(value, year=True)
    if isinstance(value, PartialDate):
        return value.in_words()
    if isinstance(value, Enum):
        return _in_words(value)
    return form.offers.get(each.name, {}).get(str(value), str(value))


def _show(refused: StacError | ValidationError) -> None:
    with errors.show_errors():
        raise refused


def _read(form: Form[_Given, _Answer]) -> tuple[_Given | None, StacError | ValidationError | None]:
    """Return what was typed as the model, or what refused it."""
    values, faults = read_fields(form, _typed(form))
    session.keep(_place(form), _Faults(faults, _typed(form)) if faults else None)
    try:
        return None if faults else form.given.model_validate(values), None
    except ValidationError as error:
        return None, error


def _recorded(form: Form[_Given, _Answer], given: _Given) -> StacError | ValidationError:
    """Record what was given, and draw the page again. Return what refused it."""
    try:
        answer = form.records(record.runtime().context(session.acting()), given)
    except (StacError, ValidationError) as error:
        return error
    form.as_draft.end()
    session.keep(_place(form), None)
    review_step.end(form.key)
    session.say_after_rerun(form.done if isinstance(form.done, str) else form.done(given, answer))
    st.rerun()


def _is_pressed(form: Form[_Given, _Answer]) -> bool:
    return bool(session.stored_value(f"{form.key}-save"))


def _typed(form: Form[_Given, _Answer]) -> dict[str, object]:
    """Return the values of the fields that are asked for, by name; a blank field has None or nothing."""
    typed: dict[str, object] = {}
    for each in form.fields:
        if each.asked.is_asked(typed):
            value = session.stored_value(each.key)
            is_line = each.asked.one_line and isinstance(value, str) and not isinstance(value, Enum)
            typed[each.name] = " ".join(str(value).splitlines()) if is_line else value
    return typed


def _draw_field(form: Form[_Given, _Answer], draft: FormDraft, each: FormField, fault: str | None) -> None:
    asked = each.asked
    if each.is_text:
        draft.text(
            asked.code or each.name,
            asked.label,
            rows=asked.rows,
            longest=asked.longest,
            one_line=asked.one_line,
            hint=asked.hint,
            error=fault and f"{words.sentence(fault)}.",
        )
        return
    if fault is not None:
        label = asked.label.rstrip("?")
        markup.draw(markup.element("p", f"{label}: {fault}.", class_="fault", role="alert"))
    _draw_choice(form, each)


def _draw_choice(form: Form[_Given, _Answer], each: FormField) -> None:
    asked, begins = each.asked, form.begins.get(each.name)
    if asked.offered:
        labels = form.offers[each.name]
        _draw_choices(
            each,
            list(labels),
            in_words=lambda code: shown(labels.get(code, code)),
            index=_first(list(labels), begins, is_needed=not each.column.may_be_blank),
        )
    elif each.column.of is date:
        days.field(asked.label, key=each.key, begin=begins if isinstance(begins, date) else None)
    elif each.column.of in SHORT:
        text = str(begins or "")
        hint, example = asked.hint, asked.example
        st.text_input(asked.label, text, max_chars=40, key=each.key, help=hint, placeholder=example)
    elif each.asks_yes_or_no:
        st.radio(asked.label, asked.answers, index=None, horizontal=True, key=each.key, help=asked.hint)
    elif each.column.of is bool:
        st.checkbox(asked.label, key=each.key, help=asked.hint)
    else:
        choices = list(asked.choices or each.column.members)
        index = choices.index(begins) if isinstance(begins, Enum) and begins in choices else None
        _draw_choices(each, choices, in_words=_in_words, index=index)


def _draw_choices(
    each: FormField, choices: list[_Choice], *, in_words: Callable[[_Choice], str], index: int | None
) -> None:
    """Draw members of an enumeration, a few of which are shown at once, or codes, which open from a list."""
    asked = each.asked
    can_open = asked.offered or each.column.may_be_blank  # a list can be cleared
    if len(choices) <= _SHOWN_AT_ONCE and (asked.across or asked.at_once or not can_open):
        st.radio(
            asked.label,
            choices,
            index=index,
            horizontal=asked.across,
            format_func=in_words,
            key=each.key,
            help=asked.hint,
        )
        return
    st.selectbox(
        asked.label,
        choices,
        index=index,
        format_func=in_words,
        key=each.key,
        help=asked.hint,
        accept_new_options=asked.or_typed,
        placeholder="Not recorded" if each.column.may_be_blank else None,
    )


def _first(codes: list[str], begins: object, *, is_needed: bool) -> int | None:
    """Return which code is chosen at the beginning: the one given, or the only one there is."""
    if begins in codes:
        return codes.index(str(begins))
    return 0 if len(codes) == 1 and is_needed else None


def _in_words(choice: Enum) -> str:
    return words.sentence(str(choice.value))


def _still(faults: _Faults, each: FormField, typed: Mapping[str, object]) -> str | None:
    """Return the fault of a field that has not changed since the press that found it."""
    is_as_it_was = faults.typed.get(each.name) == typed[each.name]
    return faults.by_field.get(each.name) if is_as_it_was else None


def _place(form: Form[_Given, _Answer]) -> str:
    return f"faults-of-{form.key}"
