"""A command's way to the record: who acts, what is opened, and how a refusal leaves it in one sentence.

Decides nothing about who may do what: the services do.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import typer

from cli.options import CASE_WORK, SUBMITTED, AsJson, AsUser, Purpose
from cli.output import print_json, print_refusal, say
from engine.domain.errors import StacError
from engine.domain.system.submissions import RecordedBeforeError, Submission
from engine.domain.vault.marks import MarkOf, MarksOpenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.accounts.acting import Acting
    from engine.runtime import Runtime
    from engine.services.context import AgencyContext

REFUSED = 1
_LONGEST_PURPOSE = 120
_SAY_WHOSE = 'stac --whose "TEXT=perpetrator" ..., or =public, =other, =neither'


@dataclass(frozen=True)
class Desk:
    """An opened record and the person at it."""

    runtime: Runtime
    acting: Acting
    as_json: bool = False

    @property
    def context(self) -> AgencyContext:
        """Context of use cases."""
        return self.runtime.context(self.acting)


class Answer:
    """The end of a command: a model or plain values for ``--json``, and lines to read without it."""

    def __init__(self, json: object, *lines: str) -> None:
        self.json, self.lines = json, lines


Command: TypeAlias = Callable[..., Answer | None]
"""A function that opens for itself what it reads, or one that takes a ``Desk`` first and answers."""


class AtDesk:
    """A command that takes a ``Desk`` first, as one with ``--as``, ``--purpose`` and ``--json``.

    It runs while the record is open; what it answers is printed once the record is closed.
    """

    def __init__(self, command: Command) -> None:
        self.__name__, self.__doc__ = command.__name__, command.__doc__
        self._command = command
        self.__annotations__: dict[str, object] = {}  # Typer reads them, and the signature has them

    @property
    def __signature__(self) -> inspect.Signature:
        """The options of the command, then a desk's; worked out when it is run: those of all take 70 ms."""
        _, *own = inspect.signature(self._command, eval_str=True).parameters.values()
        return inspect.Signature([*own, *_OF_A_DESK])

    def __call__(self, *, user: str | None, purpose: str, as_json: bool, **given: object) -> None:
        """Open the record, run the command and print its answer."""
        with at_desk(user, purpose, as_json) as desk:
            answer = self._command(desk, **given)
        if answer is not None and as_json:
            print_json(_plain(answer.json))
        elif answer is not None:
            for line in answer.lines:
                say(line)


def _plain(answer: object) -> object:
    from pydantic import BaseModel  # loaded by now: it would slow `stac --help`

    return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer


_OF_A_DESK = tuple(
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
    for name, annotation, default in (
        ("user", AsUser, None),
        ("purpose", Purpose, CASE_WORK),
        ("as_json", AsJson, False),
    )
)


def refuse(sentence: str, *, as_json: bool) -> NoReturn:
    """Say what was refused, and end with exit code 1."""
    if as_json:
        print_json({"error": sentence})
    else:
        print_refusal(sentence)
    raise typer.Exit(REFUSED)


@contextmanager
def answering(as_json: bool) -> Iterator[None]:
    """Turn a refusal of the engine into one sentence and exit code 1."""
    try:
        yield
    except MarksOpenError as error:
        refuse(f"{error}: {_SAY_WHOSE}", as_json=as_json)
    except RecordedBeforeError as error:
        if error.same_key:
            _print_recorded_before(error, as_json=as_json)
            raise typer.Exit from None
        refuse(str(error), as_json=as_json)
    except StacError as error:
        refuse(str(error), as_json=as_json)


@contextmanager
def at_desk(user: str | None, purpose: str, as_json: bool) -> Iterator[Desk]:
    """Open the record for a known user at a task."""
    task = _task(purpose)
    from cli.accounts.sign_in import SAY_WHO, acting_now, may_have_signed_in

    if not user and not may_have_signed_in(os.environ):
        raise typer.BadParameter(SAY_WHO)
    from engine.runtime import open_runtime  # loads the database's library, which --help need not

    with answering(as_json), open_runtime() as runtime:
        given = Submission(said_of=_given_whose(), again=SUBMITTED.again, key=SUBMITTED.key)
        runtime.submission = lambda: given
        with runtime.refusals.noted():
            acting = acting_now(runtime, user, task)
        with runtime.refusals.noted(acting):
            yield Desk(runtime=runtime, acting=acting, as_json=as_json)


@contextmanager
def record_only(as_json: bool) -> Iterator[Runtime]:
    """Open the record for a command that shows nothing of a case and so asks for no user."""
    from engine.runtime import open_runtime  # loads the database's library, which --help need not

    with answering(as_json), open_runtime() as runtime:
        yield runtime


@contextmanager
def agencies_only(as_json: bool) -> Iterator[Runtime]:
    """Open the installed agencies without any record: an empty database in memory replaces it."""
    from engine.runtime import open_runtime  # loads the database's library, which --help need not

    with answering(as_json), open_runtime(without_record(os.environ)) as runtime:
        yield runtime


def without_record(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the same environment with an empty database in memory instead of the record."""
    return {**environ, "STAC_DATABASE_URL": "sqlite://"}


def _print_recorded_before(error: RecordedBeforeError, *, as_json: bool) -> None:
    """Print what the act was recorded as: for its client it has succeeded."""
    if as_json:
        print_json({"recorded_before": error.answer, "recorded_at": error.at.isoformat()})
    else:
        typer.echo(f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _given_whose() -> dict[str, MarkOf]:
    """Return what ``--whose`` says, by the text as it was typed."""
    said = {}
    for each in SUBMITTED.whose:
        text, _, whose = each.rpartition("=")
        if not text or whose.upper() not in MarkOf.__members__:
            raise typer.BadParameter("--whose is TEXT=WHOSE: perpetrator, public, other or neither")
        said[text] = MarkOf[whose.upper()]
    return said


def _task(purpose: str) -> str:
    task = purpose.strip()
    if not task or len(task) > _LONGEST_PURPOSE or not task.isprintable():
        raise typer.BadParameter(f"--purpose is one line of at most {_LONGEST_PURPOSE} characters")
    return task
