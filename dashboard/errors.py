"""Messages to a person when something fails. The log has a reference and places in the code, no text."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeAlias

import streamlit as st
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dashboard import markup, record, said_of, session
from dashboard.fault_places import places_of
from engine.domain.errors import NotFoundError, NotPermittedError, RecordError, StacError
from engine.domain.system.submissions import RecordedBeforeError
from engine.domain.vault.marks import MarksOpenError

_LOG = logging.getLogger("stac.dashboard")
_Said: TypeAlias = str | MarksOpenError | RecordedBeforeError
_IS_SAFE = "everything you saved is safe"


class OwnProcessError(Exception):
    """An error in another process which no page expected: its kind and its places, without its text.

    The third argument says what to check if something may be recorded; blank if the question records nothing.
    """


@contextmanager
def show_errors(*, asks_whose: bool = True) -> Iterator[None]:
    """Show an expected error where it happened, in its own plain sentence, and draw nothing more here.

    Of a text that may say where a person is it asks whose that is, unless the page asks itself.
    """
    with _each_error(_draw if asks_whose else _draw_sentence):
        yield


@contextmanager
def keep_errors(part: str) -> Iterator[None]:
    """Store an expected error of a callback until this part of the page is drawn, which calls ``draw_kept``.

    What a callback draws is above the page, and stays there while only a part of it is drawn again.
    """
    with _each_error(partial(session.keep, _kept(part))):
        yield


def draw_kept(part: str) -> None:
    """Show the error of a callback of this part of the page, once."""
    found = session.stored_value(_kept(part))
    session.keep(_kept(part), None)
    if isinstance(found, str | MarksOpenError | RecordedBeforeError):
        _draw(found)


def _kept(part: str) -> str:
    return f"error-in-{part}"


_AS_CALLED = {"on": "date", "at_time": "time"}
"""Names of fields on forms, where their own are short."""
_SENTENCES = {
    "date": "give a date, such as 9 March 2026",
    "datetime": "give a date and a time",
    "time": "give a time, such as 14:05",
    "missing": "give it",
    "enum": "choose one",
    "literal": "choose one",
    "bool": "choose yes or no",
    "int": "give a whole number",
}
"""The next step for each kind of fault; the library's own texts are for programs."""


@contextmanager
def _each_error(say: Callable[[_Said], None]) -> Iterator[None]:
    try:
        yield
    except (MarksOpenError, RecordedBeforeError) as error:
        say(error)
    except StacError as error:
        _note(error)
        say(str(error))
    except ValidationError as error:
        say(first_fault(error))


def _draw(said: _Said) -> None:
    if isinstance(said, MarksOpenError):
        said_of.ask(said.marks)
    elif isinstance(said, RecordedBeforeError):
        _ask_whether_another(said)
    else:
        _draw_sentence(said)


def _ask_whether_another(said: RecordedBeforeError) -> None:
    what = (
        f"You recorded the same {said.when}, as {said.answer}. Nothing was recorded again. Close this form "
        "if it is the same. If it is another one, say so and record it again."
    )
    markup.draw(markup.notice("warning", what, heading="Recorded already"))
    st.button(
        "It is another one",
        key=f"another-than-{said.answer}",
        on_click=session.note_another_than,
        args=(said.answer,),
    )


def _draw_sentence(said: _Said) -> None:
    markup.draw(markup.notice("error", str(said)))


def _note(error: StacError) -> None:
    """Log what is refused to a person on a page, even if another made their browser ask for it."""
    acting = session.standing_now().acting()
    if acting is None or not isinstance(error, NotPermittedError | NotFoundError):
        return
    with suppress(StacError), record.runtime().refusals.noted(acting):
        raise error


def first_fault(error: ValidationError) -> str:
    """Return the first fault of a form in one sentence; it never repeats what was typed."""
    fault = error.errors(include_input=False, include_url=False)[0]
    part = ".".join(_AS_CALLED.get(step, step) for step in fault["loc"] if isinstance(step, str))
    sentence = sentence_of(fault)
    return f"{part.replace('_', ' ')}: {sentence}" if part else sentence


def sentence_of(fault: ErrorDetails) -> str:
    """Return one fault of a model as a sentence without its field."""
    sentence = _SENTENCES.get(fault["type"].split("_")[0]) or fault["msg"].removeprefix("Value error, ")
    return sentence.replace("Input should", "it should")


def show_error(error: Exception) -> bool:
    """Show an error that no page expected, the one place for it: a reference for the person,
    the places for the log.

    Return whether it was shown. What the record's database failed by is said in its own sentence: its reader
    can act on it.
    """
    reference = f"F-{secrets.token_hex(3).upper()}"
    kind, places, may_be_recorded = type(error).__name__, places_of(error), ""
    if isinstance(error, OwnProcessError):
        kind, places, may_be_recorded = error.args
    _LOG.error("%s %s at %s", reference, kind, places)
    if isinstance(error, RecordError):
        markup.draw(markup.notice("error", f"{_as_sentence(error)} Reference: {reference}."))
        return True
    markup.draw(
        markup.notice(
            "error",
            (
                f"This page could not be shown. {_first_large(may_be_recorded or _IS_SAFE)}. "
                f"Give your administrator the reference {reference}."
            ),
        )
    )
    return True


def _as_sentence(error: RecordError) -> str:
    return f"{_first_large(str(error).removesuffix('.'))}."


def _first_large(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"
