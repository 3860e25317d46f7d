"""The agencies that are installed, and the one place that asks each. Knows none by name.

An agency's fault never raises here: it becomes ``Failed``, which can never pass for a nil return.
"""

from __future__ import annotations

import os
import signal
import sys
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pydantic import JsonValue

from engine.clock import SystemClock
from engine.domain.agencies.files import AgencyFilesRead, ExtractRead, ExtractSealed, TableRows
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.errors import InvalidInputError, NotFoundError, SetupError
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked
from engine.hooks.calls import InstalledAgency
from engine.hooks.discovery import Announced
from engine.hooks.extracts import INCOMING, Extract
from engine.hooks.forking import ForkingLauncher
from engine.hooks.installed import Installed, read_installed
from engine.hooks.launching import START_SECONDS
from engine.hooks.manifest import (
    Manifest,
    cut_to,
    must_be_released_by_hand,
    releases_by_itself,
    shown_fields,
)
from engine.hooks.questions import ASSESS, Question
from engine.hooks.records import AgencyRecords
from engine.hooks.surroundings import Surroundings
from engine.hooks.verdicts import Errors
from engine.settings import ExtractSettings

__all__ = [
    "INCOMING",
    "Agencies",
    "Manifest",
    "agencies_folder",
    "cut_to",
    "load_agencies",
    "must_be_released_by_hand",
    "releases_by_itself",
]

_ELSEWHERE = Failed(
    reason=FailureReason.ELSEWHERE,
    says="its records are in another home, whose background service asks it",
)
_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")


def agencies_folder(home: Path, code: str) -> Path:
    """Return the folder of an agency's own records."""
    return home / "agencies" / code


def load_agencies(
    home: Path,
    *,
    suspended: Collection[str] = (),
    python: str = sys.executable,
    extra: Mapping[str, Path] | None = None,
    environment: Mapping[str, str] | None = None,
    start_seconds: float = START_SECONDS,
    warm: bool = True,
    extracts: ExtractSettings | None = None,
    today: Callable[[], date] | None = None,
    here: Collection[str] | None = None,
) -> Agencies:
    """Read the manifest of every installed agency; no plugin is imported and no process started.

    ``suspended`` agencies are listed and never asked. ``extra`` adds agencies by code and package folder,
    beside those without Python in the home.
    ``environment`` is where PATH, LANG and the variables that an agency's operator names are taken from.
    ``start_seconds`` is how long a plugin may take to be loaded. Without ``warm`` each process is a fresh
    interpreter, as it is anyway where forks of a warm one cannot be had.
    ``here`` are the agencies whose records are in this home; without it, all.
    ``extracts`` says how old an extract may be on the day that ``today`` gives, and how much it may shrink.

    An agency whose manifest cannot be used is among them and fails whatever it is asked; it costs no other.
    """
    there = read_installed(home, extra=extra)
    return Agencies(
        home=home,
        installed=there.agencies,
        unusable=there.unusable,
        suspended=suspended,
        python=python,
        environment=environment or {},
        start_seconds=start_seconds,
        warm=warm,
        extracts=extracts,
        today=today,
        here=here,
    )


class Agencies:
    """The installed agencies. Safe to use from several threads; calls to one agency take turns.

    Close it, or use it as a context manager: then no agency's process is left. Every question raises
    NotFoundError for a code that is not installed; an agency's own fault is a ``Failed`` with a sentence, and
    its process is replaced. ``errors`` takes the text of plugins' errors: give it only where all whom they
    are asked about are invented.
    """

    def __init__(
        self,
        *,
        home: Path,
        installed: Mapping[str, Installed],
        suspended: Collection[str],
        python: str,
        environment: Mapping[str, str],
        start_seconds: float,
        warm: bool = True,
        extracts: ExtractSettings | None = None,
        today: Callable[[], date] | None = None,
        errors: Errors = None,
        unusable: Sequence[str] = (),
        here: Collection[str] | None = None,
    ) -> None:
        self.unusable = tuple(unusable)
        self._here = here
        launcher = ForkingLauncher(warm=warm)
        surroundings = Surroundings(
            python=python,
            environment=dict(environment),
            start_seconds=start_seconds,
            launcher=launcher,
            extracts=extracts or ExtractSettings(),
            today=today or SystemClock().today,
            errors=errors,
        )
        self._installed = {
            code: InstalledAgency(
                installed[code].manifest,
                installed[code].place,
                fault=installed[code].fault,
                folder=agencies_folder(home, code),
                suspended=suspended,
                surroundings=surroundings,
            )
            for code in sorted(installed)
        }
        self._closed = False
        self._launcher = launcher
        self._close_all = weakref.finalize(self, _close_all, self._installed, launcher)

    def __enter__(self) -> Agencies:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every installed agency, suspended ones too, in the order of the alphabet."""
        return tuple(self._installed)

    def fault(self, code: str) -> str | None:
        """Return why the agency's manifest cannot be used; None for one that can be asked."""
        return self._known(code).fault

    def manifest(self, code: str) -> Manifest:
        """Return the agency's own description; of one whose manifest cannot be used, who it is at most."""
        return self._known(code).manifest

    def place(self, code: str) -> Announced:
        """Return the place of the agency's own files."""
        return self._known(code).place

    def version(self, code: str) -> str:
        """Return the plugin's version, to be stored with each of its answers."""
        return self.manifest(code).version

    def is_suspended(self, code: str) -> bool:
        """Return whether the operator has suspended it."""
        return code in self._installed and self._installed[code].is_suspended

    def is_here(self, code: str) -> bool:
        """Return whether its records are in this home, so that it can be asked from here."""
        return self._here is None or code in self._here

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The agencies that only the runner of another home can ask."""
        return tuple(code for code in self.codes if not (self.is_here(code) or self.is_suspended(code)))

    def was_shown(self, code: str) -> tuple[str, ...]:
        """Return what of a case the agency is shown."""
        return () if self.fault(code) else shown_fields(self.manifest(code))

    def records(self, code: str) -> AgencyRecords:
        """Return the place of its records, with the extract's digest and date.

        Raises RecordsUnreadableError.
        """
        return self._known(code).extract.records()

    def extract_as_of(self, code: str) -> date | None:
        """Return the day of its sealed extract; None for an agency that has none, or none yet.

        Raises ExtractNotWholeError when nothing may be said from it, and RecordsUnreadableError.
        """
        agency = self._known(code)
        return agency.extract.as_of() if agency.manifest.extract else None

    def extract_tables(self, code: str) -> tuple[TableRows, ...]:
        """Return the rows of each table of its sealed extract, and how many can be matched on."""
        agency = self._known(code)
        return agency.extract.tables() if agency.manifest.extract else ()

    def seal(
        self,
        code: str,
        *,
        as_of: date | None = None,
        accept_fewer: bool = False,
        reason: str | None = None,
    ) -> ExtractSealed:
        """Seal its extract as it is there, as whole, which its sealer confirms. A mapping reads it first.

        Raises InvalidInputError for what cannot be read or sealed, for tables that shrank unless accepted,
        and for fewer rows than before without a reason.
        """
        agency = self._known(code)
        with agency.extract.alone():
            records = agency.extract.records()
            read = agency.read_extract(records)
            if isinstance(read, Failed):
                raise InvalidInputError("extract", f"it cannot be read, so it is not sealed: {read.says}")
            return agency.extract.seal(
                as_of=as_of, accept_fewer=accept_fewer, reason=reason, read=read, read_of=records.digest
            )

    def read_extract(self, code: str) -> ExtractRead | Failed | None:
        """Return what its mapping makes of its extract, sealed or not; None without a mapping.

        Raises RecordsUnreadableError.
        """
        agency = self._known(code)
        return agency.read_extract(agency.extract.records())

    def extract(self, code: str) -> Extract:
        """Return its extract, sealed or not."""
        return self._known(code).extract

    def assess_unsealed(
        self, code: str, cases: Sequence[CaseAsked]
    ) -> tuple[Contribution | NilReturn | Refused | Failed, ...]:
        """Put cases to one agency over its extract as it is now: to try it, and for no panel."""
        if not self.is_here(code):
            return (_ELSEWHERE,) * len(cases)
        return self._asked(code).assess_unsealed(cases)

    def process_number(self, code: str) -> int | None:
        """Return the number of the agency's process, or None while none runs."""
        return self._known(code).pid

    def seconds_in_plugin(self, code: str) -> float:
        """Return how long the agency's own code has taken for its answers so far,
        as its process measured it.
        """
        return self._known(code).seconds_in_plugin

    def ask(self, code: str, question: Question[_Subject, _Answer], subject: _Subject) -> _Answer | Failed:
        """Put one question of the table to one agency.

        Of a case or a person it is sent only what it may know.
        """
        return self.ask_many(code, question, (subject,))[0]

    def ask_many(
        self, code: str, question: Question[_Subject, _Answer], subjects: Sequence[_Subject]
    ) -> tuple[_Answer | Failed, ...]:
        """Return the same of many: an answer for each, in their order; a stall costs one of them.

        An agency whose records are in another home fails: an empty folder here is not its answer.
        """
        if question.of_records and not self.is_here(code):
            self._known(code)
            return (_ELSEWHERE,) * len(subjects)
        return self._asked(code).ask_many(question, subjects)

    def assess(self, code: str, case: CaseAsked) -> Contribution | NilReturn | Refused | Failed:
        """Put a case to one agency, cut to what its manifest declares."""
        return self.ask(code, ASSESS, case)

    def assess_many(
        self, code: str, cases: Sequence[CaseAsked]
    ) -> tuple[Contribution | NilReturn | Refused | Failed, ...]:
        """Put many cases to one agency: an answer for each, in their order; a stall costs one case."""
        return self.ask_many(code, ASSESS, cases)

    def import_files(self, code: str, names: Sequence[str]) -> AgencyFilesRead | Failed:
        """Have the agency read files that the caller put in its folder, under ``incoming``.

        Raises InvalidInputError for a name that is not a file there.
        """
        return self._asked(code).import_files(names)

    def score(
        self, code: str, scorer: str, inputs: Sequence[dict[str, JsonValue]]
    ) -> tuple[ScoreResult, ...] | Failed:
        """Return each input scored by the agency's function "package.module:function", in its own process."""
        return self._asked(code).score(scorer, inputs)

    def write_synthetic(self, code: str, task: InventedExtractTask) -> Failed | None:
        """Have the agency write an invented extract of its own; None when it is written or it has none."""
        return self._asked(code).write_synthetic(task)

    def faults(self) -> tuple[Failed, ...]:
        """Start every agency that can be asked from here; return what prevents any from being asked."""
        asked = (code for code in self.codes if self.is_here(code) and not self.is_suspended(code))
        started = (self._asked(code).start() for code in asked)
        return tuple(fault for fault in started if fault is not None)

    def close(self) -> None:
        """End every agency's process, after the call that it is making."""
        self._closed = True
        self._close_all()

    def kill(self) -> None:
        """End every agency's process at once, whatever it is at; only for the last exit of this process."""
        self._closed = True
        for agency in self._installed.values():
            if agency.pid is not None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(agency.pid, signal.SIGKILL)
        self._launcher.kill()

    def _known(self, code: str) -> InstalledAgency:
        if code not in self._installed:
            raise NotFoundError("agency", code, instead=f"installed are {', '.join(self.codes) or 'none'}")
        return self._installed[code]

    def _asked(self, code: str) -> InstalledAgency:
        agency = self._known(code)
        if self._closed:
            raise SetupError("the agencies were closed; load them again")
        return agency


def _close_all(installed: Mapping[str, InstalledAgency], launcher: ForkingLauncher) -> None:
    for agency in installed.values():
        agency.close()
    launcher.close()
