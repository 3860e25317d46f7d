"""A declared form, its fields by the model of what is given, and what is typed in them. Draws nothing."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Final, Generic, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from dashboard import days, errors, markup
from dashboard.form_draft import BUTTONS, FormDraft
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError, StacError
from engine.domain.vault.marks import MarksOpenError
from engine.services.context import AgencyContext

_Given = TypeVar("_Given", bound=Frozen)
_Answer = TypeVar("_Answer")
SHORT: Final = (date, PartialDate, time, int, Decimal)
"""Types of a field of one short line, which is read when the button is pressed."""


@dataclass(frozen=True)
class Form(Generic[_Given, _Answer]):
    """One form about a case, or about none.

    ``done`` is said when it has recorded: a sentence, or what makes one of what was given and of what
    ``records`` answered. ``key`` begins the keys of its fields and names the case, or the part of it.
    ``part`` is of its draft, where one kind of draft is about several parts of a case.
    ``undone_by`` is the act that undoes or corrects what it records. Without one it records for good: then
    its author reads what was filled in, and confirms it.
    """

    given: type[_Given]
    draft: DraftForm
    case: str
    key: str
    title: str
    button: str
    records: Callable[[AgencyContext, _Given], _Answer]
    done: str | Callable[[_Given, _Answer], str]
    undone_by: str
    part: str = ""
    asks: Mapping[str, Asked] = field(default_factory=dict)
    """The labels of fields that have none in the model."""
    first: str = ""
    """The field that is drawn before the others, where the model has it later."""
    note: markup.Content = None
    offers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Codes and labels of each field that offers some."""
    begins: Mapping[str, object] = field(default_factory=dict)
    """The value of a field before a person chooses or writes another."""
    also: Mapping[str, Callable[[Mapping[str, object]], object]] = field(default_factory=dict)
    """More that is drawn after the field of this name, by what is typed; ``records`` reads it itself."""
    facts: tuple[tuple[str, markup.Content], ...] = ()
    """Lines that its author reads before the fields, where they confirm it."""
    reviews: str = "Review"
    """The label of the button that leads there."""
    is_large: bool = False
    must_leave: bool = False
    """True where only a button closes it, as wherever what is filled in is confirmed."""

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
    def is_text(self) -> bool:
        """True for text that a person writes."""
        return self.column.of is str and not self.asked.offered

    @property
    def asks_yes_or_no(self) -> bool:
        """True for a question to answer; a box may stay empty."""
        return self.column.of is bool and not self.column.has_default

    @property
    def asks_for(self) -> str:
        """The sentence for a person who left it blank."""
        if self.column.of in SHORT:
            return "give the date" if self.column.of in (date, PartialDate) else "give it"
        return "write it" if self.is_text else "choose one"

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
            elif each.column.of is PartialDate:
                value = days.read_partial(each.part, str(value or ""))
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


def faults_of(error: StacError | ValidationError | None, form: Form[_Given, _Answer]) -> dict[str, str]:
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
        is_known = is_of_domain or column.of in (str, bool, *SHORT)
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
