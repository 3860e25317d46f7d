"""Asking of one agency's process: one question, or many in messages, and what becomes of a fault.

Knows the process, its limits and the agency's extract; knows no question and no agency by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

import engine
from engine.domain.responses.answers import Failed, FailureReason
from engine.gc_pause import collector_at_rest
from engine.hooks.allowances import Allowances, Allowed
from engine.hooks.determinism import AnswersBefore
from engine.hooks.discovery import Announced
from engine.hooks.extracts import Extract
from engine.hooks.failing import CallFault, failure_of
from engine.hooks.isolation import AgencyProcess
from engine.hooks.launching import CallFailedError, Launch
from engine.hooks.manifest import Manifest, version_in
from engine.hooks.questions import Question
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.seals import ExtractNotWholeError
from engine.hooks.surroundings import Surroundings
from engine.hooks.verdicts import Errors, failed
from engine.hooks.wire import ANSWER, BESIDE, TAKEN, Request

MESSAGE_ITEMS = 32
"""Number of items in one message: 32 cases fit the pipe and the cache, and a stall costs one of them."""
GIVES_UP_AFTER = 5
"""So many failures one after another, and the rest of what was to be asked is not put to the plugin."""
_MESSAGE_BYTES = 64_000_000
_FILE_MB = 64
_LONG_SECONDS = 300.0
_LONG_MEMORY_MB = 4096
_LONG_FILE_MB = 4096
_ENGINE_ROOT = Path(engine.__path__[0]).resolve().parent
_EXCHANGED = "its plugin was exchanged after this program started, so it was not asked; start it again"
_PASSED_ON = ("PATH", "LANG")
_OF_ONE_ITEM = (
    FailureReason.TIME_LIMIT,
    FailureReason.CRASHED,
    FailureReason.TOO_LARGE,
    FailureReason.BAD_ANSWER,
)
_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")


class Talk:
    """The talk with one agency, through one long-lived process. Calls from several threads take turns."""

    def __init__(
        self,
        manifest: Manifest,
        place: Announced,
        *,
        folder: Path,
        suspended: Collection[str],
        surroundings: Surroundings,
        fault: str | None = None,
    ) -> None:
        self.manifest, self._all_suspended, self.fault = manifest, suspended, fault
        self.extract = Extract(folder, terms=surroundings.extracts, today=surroundings.today)
        self.allowances = Allowances(folder.absolute())
        self.seconds_in_plugin = 0.0
        self.before = AnswersBefore()
        self.place, self._around = place, surroundings
        self._process: AgencyProcess | None = None
        self._lock = threading.Lock()

    @property
    def errors(self) -> Errors:
        """Receiver of the text of its errors; None where it is asked about real people."""
        return self._around.errors

    @property
    def is_suspended(self) -> bool:
        """True if it is suspended at this moment: read again each time, since that may change at any time."""
        return self.manifest.code in self._all_suspended

    @property
    def pid(self) -> int | None:
        """The number of its process, or None while none runs."""
        return self._process.pid if self._process else None

    def start(self) -> Failed | None:
        """Start the process if none runs; return what prevents the agency from being asked, if anything does.

        That an extract is missing, or is not whole, is not a fault of its plugin.
        """
        if self.fault is not None:
            return self._faulty(self.fault)
        try:
            self.extract.records()
            self._running().start()
        except (CallFailedError, RecordsUnreadableError, OSError) as error:
            return self.told_of(error)
        return None

    def end(self) -> None:
        """End the process after the call that it is making; the next call starts another."""
        if self._process is not None:
            self._process.end()

    def close(self) -> None:
        """End the process for good, after the call that it is making."""
        if self._process is not None:
            self._process.close()

    def each(
        self,
        question: Question[_Subject, _Answer],
        arguments: Sequence[bytes],
        reader: Callable[[AgencyRecords], Callable[[int, bytes], _Answer | Failed]],
        *,
        function: str | None = None,
    ) -> list[_Answer | Failed]:
        """Return an answer for each time that the question is put. After a fault the process is replaced.

        ``reader`` is given the records that a message is about, and makes what reads a reply to it by its
        place. What is said of an extract needs one that is whole, and that stays so until it is said.
        """
        if len(arguments) == 1:
            return self._each(question, arguments, reader, function)
        with collector_at_rest():
            return self._each(question, arguments, reader, function)

    def _each(
        self,
        question: Question[_Subject, _Answer],
        arguments: Sequence[bytes],
        reader: Callable[[AgencyRecords], Callable[[int, bytes], _Answer | Failed]],
        function: str | None,
    ) -> list[_Answer | Failed]:
        answers: list[_Answer | Failed] = []
        request = self.request(question, function=function)
        at_once = max(1, min(MESSAGE_ITEMS, _MESSAGE_BYTES // request.most_bytes))
        in_a_row = 0
        while len(answers) < len(arguments):
            cannot = self._cannot_be_asked()
            if cannot is not None:
                return [*answers, *([cannot] * (len(arguments) - len(answers)))]
            before = len(answers)
            some = arguments[before : before + at_once]
            try:
                records = self._records(of_extract=question.of_extract)
                self._put(question, request, some, records, _taker(answers, reader(records)))
                self._require_still(records, of_extract=question.of_extract)
            except ExtractNotWholeError as error:
                was_asked = len(answers) > before
                answers[before:] = [self.told_of(error)] * len(some if was_asked else arguments[before:])
                if was_asked:
                    self._forget_what_was_read()
            except (CallFailedError, RecordsUnreadableError, OSError) as error:
                failure = self.told_of(error)
                in_a_row = in_a_row + 1 if len(answers) == before else 1
                answers.append(failure)
                if failure.reason not in _OF_ONE_ITEM:
                    answers += [failure] * (len(arguments) - len(answers))
                elif in_a_row == GIVES_UP_AFTER:
                    answers += [self._given_up(failure)] * (len(arguments) - len(answers))
            else:
                in_a_row = 0
                if not question.takes_long and any(map(_may_have_left_something, answers[before:])):
                    self.end()
        return answers

    def _put(
        self,
        question: Question[_Subject, _Answer],
        request: Request,
        arguments: Sequence[bytes],
        records: AgencyRecords,
        take: Callable[[bytes], None],
    ) -> None:
        if question.of_records:
            request = request.model_copy(update={"records": records})
        if not question.takes_long:
            self.ask(self._running(), request, arguments, take)
            return
        process = self.process_for_long(self.allowances.now())
        try:
            self.ask(process, request, arguments, take)
        finally:
            process.close()

    def request(self, question: Question[_Subject, _Answer], *, function: str | None = None) -> Request:
        """Return what goes before the arguments of a question: the limits of one answer, and no records."""
        limits = self.allowed_for(question).limits
        most_bytes = round(limits.answer_mb * 1_000_000)
        return Request(
            question=question.name, function=function, seconds=limits.seconds, most_bytes=most_bytes
        )

    def allowed_for(self, question: Question[_Subject, _Answer]) -> Manifest:
        """Return the manifest with the limits that one question has, so that its failure names those."""
        more: dict[str, float] = {}
        if question.takes_long:
            more = {"seconds": _LONG_SECONDS, "memory_mb": _LONG_MEMORY_MB}
        if question.most_bytes is not None:
            more["answer_mb"] = question.most_bytes / 1_000_000
        if not more:
            return self.manifest
        return self.manifest.model_copy(update={"limits": self.manifest.limits.model_copy(update=more)})

    def ask(
        self,
        process: AgencyProcess,
        request: Request,
        arguments: Sequence[bytes],
        take: Callable[[bytes], None],
    ) -> None:
        """Put a request to a process, hand on its replies and count what the plugin's own code took."""

        def measured(reply: bytes) -> None:
            if reply[:1] == ANSWER and len(reply) > BESIDE:
                self.seconds_in_plugin += TAKEN.unpack_from(reply, len(ANSWER))[0] / 1e9
            take(reply)

        process.ask(
            request.sent(arguments),
            seconds=request.seconds,
            most_bytes=request.most_bytes,
            replies=len(arguments),
            take=measured,
        )

    def _running(self) -> AgencyProcess:
        self.extract.make()
        limits = self.manifest.limits
        launch = self._launch(self.allowances.now(), memory_mb=limits.memory_mb, file_mb=_FILE_MB)
        with self._lock:
            if self._process is None:
                self._process = self._process_as(launch)
        self._process.launch_as(launch)  # the operator may allow it more, or less, than before
        return self._process

    def process_for_long(self, allowed: Allowed) -> AgencyProcess:
        """Return a process for one long task, not started yet, with gigabytes; close it after the task."""
        self.extract.make()
        launch = self._launch(allowed, memory_mb=_LONG_MEMORY_MB, file_mb=_LONG_FILE_MB)
        return self._process_as(launch)

    def _process_as(self, launch: Launch) -> AgencyProcess:
        return AgencyProcess(
            launch, launcher=self._around.launcher, once_loaded=self._require_version_of_manifest
        )

    def _require_version_of_manifest(self) -> None:
        """Refuse code that was exchanged: its answers would bear the version that was read at the start."""
        if version_in(self.place.folder) != self.manifest.version:
            raise CallFailedError(FailureReason.EXCHANGED, _EXCHANGED)

    def _launch(self, allowed: Allowed, *, memory_mb: int, file_mb: int) -> Launch:
        place, around = self.place, self._around
        wanted = {*_PASSED_ON, *allowed.environment}
        passed = {name: value for name, value in around.environment.items() if name in wanted}
        return Launch(
            python=around.python,
            package=place.package,
            package_folder=place.folder,
            import_roots=tuple(dict.fromkeys((_ENGINE_ROOT, place.import_root))),
            folder=self.extract.folder,
            environment={**passed, **place.environment},
            reads=allowed.reads,
            network=self.manifest.limits.network,
            memory_mb=memory_mb,
            file_mb=file_mb,
            start_seconds=around.start_seconds,
            shows_errors=around.errors is not None,
        )

    def _records(self, *, of_extract: bool) -> AgencyRecords:
        checked = of_extract and self.manifest.extract
        return self.extract.whole() if checked else self.extract.records()

    def _forget_what_was_read(self) -> None:
        """Forget what was read: the process may have half of it,
        and what it said of that is not a measure.
        """
        self.before.forget()
        self.end()

    def _require_still(self, records: AgencyRecords, *, of_extract: bool) -> None:
        """Require that records are unchanged: what was replaced while the plugin read it may be half read."""
        if of_extract and self.manifest.extract and not self.extract.is_still(records):
            raise ExtractNotWholeError("it was changed while it was read; ask again")

    def _cannot_be_asked(self) -> Failed | None:
        """Return why nothing is put to its plugin at all; None when it is asked."""
        if self.is_suspended:
            return self._suspended()
        return self._faulty(self.fault) if self.fault is not None else None

    def _faulty(self, fault: str) -> Failed:
        return failed(self.manifest.code, FailureReason.NOT_RUNNING, fault)

    def _suspended(self) -> Failed:
        sentence = "the plugin is suspended and was not asked"
        return failed(self.manifest.code, FailureReason.SUSPENDED, sentence)

    def _given_up(self, failure: Failed) -> Failed:
        sentence = f"it was not asked, after {GIVES_UP_AFTER} failures in a row ({failure.reason.value})"
        return failed(self.manifest.code, failure.reason, sentence)

    def told_of(self, error: CallFault) -> Failed:
        """Return the failure that an error comes to."""
        return failure_of(self.manifest, error, self.errors)


def _may_have_left_something(answer: object) -> bool:
    """Return whether the plugin's code was run and failed: what it left in its process is not known."""
    return isinstance(answer, Failed) and answer.reason is not FailureReason.NOT_ANSWERED


def _taker(
    answers: list[_Answer | Failed], read: Callable[[int, bytes], _Answer | Failed]
) -> Callable[[bytes], None]:
    """Return what puts each reply with those before it, read as the reply of its place."""
    return lambda reply: answers.append(read(len(answers), reply))
