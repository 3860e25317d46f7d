"""A form is a model with labels: its fields, draft, faults beside fields and button follow from the model.

A page declares a form and draws its button. What only some pages need (columns, fields that depend on a
search, tables to type in) is not for here: such a form is written out, and a test holds the list of those.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from typing import (
    Annotated,
    Final,
    Generic,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import streamlit as st
from pydantic import ValidationError

from dashboard import days, errors, markup, record, session, words
from dashboard.form_draft import BUTTONS, FormDraft
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError, StacError
from engine.domain.shown import shown
from engine.domain.vault.marks import MarksOpenError
from engine.services.context import Context

_Given = TypeVar("_Given", bound=Frozen)
_Answer = TypeVar("_Answer")
_SHOWN_AT_ONCE: Final = 8
"""Up to so many choices are shown at once; more open from a list."""


@dataclass(frozen=True)
class Form(Generic[_Given, _Answer]):
    """One form about a case.

    ``done`` is said when it has recorded: a sentence, or what makes one of what was given and of what
    ``records`` answered. ``key`` begins the keys of its fields and names the case, or the part of it.
    ``part`` is of its draft, where one kind of draft is about several parts of a case.
    """

    given: type[_Given]
    draft: DraftForm
    case: str
    key: str
    title: str
    button: str
    records: Callable[[Context, _Given], _Answer]
    done: str | Callable[[_Given, _Answer], str]
    part: str = ""
    asks: Mapping[str, Asked] = field(default_factory=dict)
    """The labels of fields that have none in the model."""
    first: str = ""
    """The field that is drawn before the others, where the model has it later."""
    note: markup.Content = None
    offers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Codes and labels of each field that offers some."""
    begins: Mapping[str, object] = field(default_factory=dict)
    """The value of a date or a choice before a person chooses one."""
    is_large: bool = False
    must_leave: bool = False
    """True where only a button closes it."""

    @property
    def as_draft(self) -> FormDraft:
        """Its draft."""
        return FormDraft(self.draft, self.case, self.key, self.part)

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Its fields, in the order of the model. A TypeError names one that no form can draw or store."""
        asked = {name: self.asks.get(name, column.asked) for name, column in _columns(self.given).items()}
        for name, each in asked.items():
            if each is not None and f"-{each.code or name}".endswith(BUTTONS):
                raise TypeError(f"{self.given.__name__}.{name}: a button ends so; give the field a code")
        return tuple(
            FormField(name, _columns(self.given)[name], each, f"{self.key}-{each.code or name}")
            for name, each in sorted(asked.items(), key=lambda item: item[0] != self.first)
            if each is not None
        )


class FormField(NamedTuple):
    """A field as a form asks for it, and the key under which the session has what is typed in it."""

    name: str
    column: _Column
    asked: Asked
    key: str

    @property
    def asks_yes_or_no(self) -> bool:
        """True for a question to answer; a box may stay empty."""
        return self.column.of is bool and not self.column.has_default

    @property
    def asks_for(self) -> str:
        """The sentence for a person who left it blank."""
        if self.column.of is date:
            return "give the date"
        return "choose one" if self.column.of is not str or self.asked.offered else "write it"

    @property
    def part(self) -> str:
        """The name of the field in refusals."""
        return self.asked.part or self.name.replace("_", " ")


class _Column(NamedTuple):
    """A field of a model: its type without None, and how the model says that it is asked for."""

    of: object
    members: tuple[Enum, ...]
    """The choices, where it is an enumeration."""
    may_be_blank: bool
    asked: Asked | None
    has_default: bool = False


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
    if not _is_pressed(form):
        session.keep(_place(form), None)
    width: Literal["large", "small"] = "large" if form.is_large else "small"
    st.dialog(form.title, width=width, dismissible=not form.must_leave)(draw)(form)


def draw(form: Form[_Given, _Answer]) -> None:
    """Draw the form here. Where its button was pressed, what was typed is recorded first."""
    draft = form.as_draft
    draft.top()
    if form.note is not None:
        is_drawn = isinstance(form.note, markup.Markup)
        markup.draw(form.note if is_drawn else markup.element("p", form.note, class_="sub"))
    refused = _recorded(form) if _is_pressed(form) else None
    faults = session.stored_value(_place(form), _Faults) or _Faults({}, {})
    typed = _typed(form)
    for each in form.fields:
        if each.name in typed:
            _draw_field(form, draft, each, _still(faults, each, typed))
    draft.remember(without=tuple(f"-{name}" for name in form.offers))
    with st.container(horizontal=True):
        st.button(form.button, key=f"{form.key}-save", type="primary")
        if form.must_leave and st.button("Leave without saving", key=f"{form.key}-leave"):
            st.rerun()
    if refused is not None:
        with errors.show_errors():
            raise refused


def read_fields(
    form: Form[_Given, _Answer], typed: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, str]]:
    """Return the values of what was typed, and what is wrong with it by field. A blank field has none."""
    values: dict[str, object] = {}
    faults: dict[str, str] = {}
    for each in form.fields:
        value = typed.get(each.name)
        try:
            if each.column.of is date:
                value = days.read(each.part, str(value or ""))
            elif each.asks_yes_or_no:
                value = dict(zip(each.asked.answers, (True, False), strict=True)).get(str(value))
            elif isinstance(value, str) and not isinstance(value, Enum):
                value = value.strip() or None
        except InvalidInputError as error:
            faults[each.name] = error.reason
            continue
        if value is not None:
            values[each.name] = value
        elif each.name in typed and not each.column.may_be_blank:
            faults[each.name] = each.asked.missing or each.asks_for
    return values, faults


def _recorded(form: Form[_Given, _Answer]) -> StacError | ValidationError | None:
    """Record what was typed, and draw the page again. Return what refused it; faults of fields are stored."""
    typed = _typed(form)
    values, faults = read_fields(form, typed)
    try:
        if not faults:
            given = form.given.model_validate(values)
            answer = form.records(record.runtime().context(session.acting()), given)
            form.as_draft.end()
            session.keep(_place(form), None)
            session.say_after_rerun(form.done if isinstance(form.done, str) else form.done(given, answer))
            st.rerun()
    except (StacError, ValidationError) as error:
        faults = _faults_of(error, form)
        if not faults:
            return error
    session.keep(_place(form), _Faults(faults, typed))
    return None


def _is_pressed(form: Form[_Given, _Answer]) -> bool:
    return bool(session.stored_value(f"{form.key}-save"))


def _typed(form: Form[_Given, _Answer]) -> dict[str, object]:
    """Return the values of the fields that are asked for, by name; a blank field has None or nothing."""
    typed: dict[str, object] = {}
    for each in form.fields:
        if each.asked.only_if is None or typed.get(each.asked.only_if[0]) in each.asked.only_if[1]:
            value = session.stored_value(each.key)
            is_line = each.asked.one_line and isinstance(value, str) and not isinstance(value, Enum)
            typed[each.name] = " ".join(str(value).splitlines()) if is_line else value
    return typed


def _draw_field(form: Form[_Given, _Answer], draft: FormDraft, each: FormField, fault: str | None) -> None:
    asked = each.asked
    if each.column.of is str and not asked.offered:
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
    if each.column.of is date:
        days.field(asked.label, key=each.key, begin=begins if isinstance(begins, date) else None)
    elif each.asks_yes_or_no:
        st.radio(asked.label, asked.answers, index=None, horizontal=True, key=each.key, help=asked.hint)
    elif each.column.of is bool:
        st.checkbox(asked.label, key=each.key, help=asked.hint)
    elif asked.offered:
        labels = form.offers[each.name]
        st.selectbox(
            asked.label,
            list(labels),
            index=_first(list(labels), begins, is_needed=not each.column.may_be_blank),
            format_func=lambda code: shown(labels.get(code, code)),
            key=each.key,
            help=asked.hint,
            accept_new_options=asked.or_typed,
        )
    else:
        _draw_members(each, list(asked.choices or each.column.members), begins)


def _draw_members(each: FormField, choices: list[Enum], begins: object) -> None:
    """Draw the members of an enumeration: a few are shown at once."""
    asked = each.asked
    if len(choices) > _SHOWN_AT_ONCE:
        st.selectbox(asked.label, choices, index=None, format_func=_in_words, key=each.key, help=asked.hint)
        return
    st.radio(
        asked.label,
        choices,
        index=choices.index(begins) if isinstance(begins, Enum) and begins in choices else None,
        horizontal=asked.across,
        format_func=_in_words,
        key=each.key,
        help=asked.hint,
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


def _faults_of(error: StacError | ValidationError, form: Form[_Given, _Answer]) -> dict[str, str]:
    """Return a refusal by the fields that it is about; empty where it is about no single field."""
    if isinstance(error, ValidationError):
        names = {each.name for each in form.fields}
        faults = error.errors(include_input=False, include_url=False)
        is_of_fields = all(fault["loc"] and fault["loc"][0] in names for fault in faults)
        wrong = {each.name: each.asked.wrong for each in form.fields}
        by_field = {str(fault["loc"][0]): errors.sentence_of(fault) for fault in faults if fault["loc"]}
        return {name: wrong.get(name) or said for name, said in by_field.items()} if is_of_fields else {}
    if isinstance(error, MarksOpenError) or not isinstance(error, InvalidInputError):
        return {}
    return {each.name: error.reason for each in form.fields if error.part in (each.name, each.part)}


def _place(form: Form[_Given, _Answer]) -> str:
    return f"faults-of-{form.key}"


@cache
def _columns(given: type[Frozen]) -> Mapping[str, _Column]:
    hints = get_type_hints(given, include_extras=True)
    columns = {
        name: _column(hints[name])._replace(has_default=not field.is_required())
        for name, field in given.model_fields.items()
    }
    for name, column in columns.items():
        choice = next(iter(column.members), None)
        is_of_domain = type(choice).__module__.startswith("engine.domain.")  # others are in no draft
        is_known = is_of_domain or column.of in (str, date, bool)
        if column.asked is not None and not (is_known or column.asked.offered):
            raise TypeError(f"{given.__name__}.{name}: no form draws its type; offer codes, or write it out")
    return columns


def _column(hint: object) -> _Column:
    """Return a type without what is annotated to it and without None, and how a person is asked for it."""
    asked, may_be_blank = None, False
    while True:
        if get_origin(hint) is Annotated:
            hint, *about = get_args(hint)
            asked = next((each for each in about if isinstance(each, Asked)), asked)
        elif get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
            may_be_blank = True
            (hint,) = (each for each in get_args(hint) if each is not type(None))
        else:
            members = tuple(hint) if isinstance(hint, type) and issubclass(hint, Enum) else ()
            return _Column(hint, members, may_be_blank, asked)
