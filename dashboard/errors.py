"""Messages to a person when something fails. The log has a reference and places in the code, no text."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from pydantic import ValidationError

from dashboard import markup, record, session
from dashboard.fault_places import places_of
from engine.domain.errors import NotFoundError, NotPermittedError, RecordError, StacError

_LOG = logging.getLogger("stac.dashboard")
_IS_SAFE = "everything you saved is safe"


class OwnProcessError(Exception):
    """An error in another process which no page expected: its kind and its places, without its text.

    The third argument says what to check if something may be recorded; blank if the question records nothing.
    """


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an expected error where it happened, in its own plain sentence, and draw nothing more here."""
    with _each_error(_draw):
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
    said = session.stored_value(_kept(part), str)
    session.keep(_kept(part), None)
    if said is not None:
        _draw(said)


def _kept(part: str) -> str:
    return f"error-in-{part}"


@contextmanager
def _each_error(say: Callable[[str], None]) -> Iterator[None]:
    try:
        yield
    except StacError as error:
        _note(error)
        say(str(error))
    except ValidationError as error:
        say(first_fault(error))


def _draw(said: str) -> None:
    markup.draw(markup.notice("error", said))


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
    part = ".".join(str(step) for step in fault["loc"] if isinstance(step, str)).replace("_", " ")
    sentence = fault["msg"].removeprefix("Value error, ")
    return f"{part}: {sentence}" if part else sentence


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
