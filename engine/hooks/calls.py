"""One installed agency and what it can be asked. Its fault never raises: it becomes ``Failed``.

Knows no agency by name, and nothing of how a child is started.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from engine.domain.agencies.files import AgencyFilesRead, ExtractRead
from engine.domain.agencies.scoring import ScoreResult, not_scored
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedExtractTask
from engine.domain.responses.answers import Failed, FailureReason, PluginAnswer
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.allowances import Allowed
from engine.hooks.case_payload import shown
from engine.hooks.extracts import INCOMING
from engine.hooks.launching import CallFailedError
from engine.hooks.manifest import cut_to
from engine.hooks.messaging import Talk
from engine.hooks.questions import ASSESS, IMPORT, READ, SCORE, WRITE, Question, ToWrite
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.seals import ExtractNotWholeError
from engine.hooks.verdicts import answer_or_failure, answered_otherwise, failure_from
from engine.hooks.wire import BESIDE, FAULT

_NOBODY_CAN_BE_ASKED = (
    FailureReason.NOT_RUNNING,
    FailureReason.SUSPENDED,
    FailureReason.EXCHANGED,
    FailureReason.BAD_RECORDS,
)
_READER = "engine.hooks.mapped_extract:read_through"
_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")


class InstalledAgency(Talk):
    """An agency as it can be asked. Calls from several threads take turns."""

    def ask_many(
        self,
        question: Question[_Subject, _Answer],
        subjects: Sequence[_Subject],
        *,
        function: str | None = None,
    ) -> tuple[_Answer | Failed, ...]:
        """Return an answer about each subject, in their order. One that the plugin stalls on costs no other.

        Of a case or a person no more is sent than the manifest asks for.
        """
        arguments = self._arguments(question, subjects)
        manifest = self.allowed_for(question)

        def reader(records: AgencyRecords) -> Callable[[int, bytes], _Answer | Failed]:
            of_extract = question.is_repeatable and self._answers_by_its_extract()

            def read(place: int, reply: bytes) -> _Answer | Failed:
                answer = answer_or_failure(
                    manifest,
                    question,
                    subjects[place],
                    reply,
                    where=function or question.name,
                    errors=self.errors,
                )
                if isinstance(answer, Failed) or not of_extract:
                    return answer
                another = self.before.is_another(arguments[place], records.digest, reply[BESIDE:])
                return answered_otherwise(manifest, question.name) if another else answer

            return read

        return tuple(self.each(question, arguments, reader, function=function))

    def score(self, scorer: str, inputs: Sequence[dict[str, JsonValue]]) -> tuple[ScoreResult, ...] | Failed:
        """Return each input scored by a function of the agency's; a bad one is its own error and no other's.

        The whole is ``Failed`` only when the plugin cannot be asked at all.
        """
        answers = self.ask_many(SCORE, inputs, function=scorer)
        for each in answers:
            if isinstance(each, Failed) and each.reason in _NOBODY_CAN_BE_ASKED:
                return each
        return tuple(not_scored(each.says) if isinstance(each, Failed) else each for each in answers)

    def import_files(self, names: Sequence[str]) -> AgencyFilesRead | Failed:
        """Have it read files in its folder's ``incoming``; it has minutes and gigabytes.

        Raises InvalidInputError for a name that is not the plain name of a file there.
        """
        incoming = self.extract.folder / INCOMING
        for name in names:
            if Path(name).name != name or not (incoming / name).is_file():
                raise InvalidInputError("file", f"{len(names)} were named and one is not in {INCOMING}")
        files = tuple(incoming / name for name in names)
        if not self.manifest.extract:
            return self.ask_many(IMPORT, [files])[0]
        try:
            with self.extract.alone():
                self.extract.require_unspoilt()
                answer = self.ask_many(IMPORT, [files])[0]
                if isinstance(answer, AgencyFilesRead) and any(file.error is None for file in answer.files):
                    self.extract.seal_as_written(self._around.today(), is_new=False)
                return answer
        except (ExtractNotWholeError, RecordsUnreadableError, OSError) as error:
            return self.told_of(error)

    def read_extract(self, records: AgencyRecords) -> ExtractRead | Failed | None:
        """Return what the agency's mapping makes of its extract; None for an agency with code of its own.

        It is read whether it is sealed or not, also while the agency is suspended: this answers no question.
        """
        if self.fault is not None:
            return self._faulty(self.fault)
        if self.place.definition is None:
            return None
        replies: list[bytes] = []
        try:
            request = self.request(READ, function=_READER)
            self._put(READ, request, [READ.written(records)], records, replies.append)
        except (CallFailedError, RecordsUnreadableError, OSError) as error:
            return self.told_of(error)
        manifest = self.allowed_for(READ)
        return answer_or_failure(manifest, READ, records, replies[0], where=READ.name, errors=self.errors)

    def assess_unsealed(self, cases: Sequence[CaseAsked]) -> tuple[PluginAnswer | Failed, ...]:
        """Put cases to it over the extract as it is now, sealed or not: to try it, and for no panel."""
        tried = InstalledAgency(
            self.manifest.model_copy(update={"extract": False}),
            self.place,
            folder=self.extract.folder,
            suspended=(),
            surroundings=self._around,
            fault=self.fault,
        )
        try:
            return tried.ask_many(ASSESS, cases)
        finally:
            tried.close()

    def write_synthetic(self, task: InventedExtractTask) -> Failed | None:
        """Have it write an invented extract of its own, dated ``task.on``; None when it is written.

        It is written aside and put in place when whole. An agency whose manifest names no function for it
        leaves its extract unchanged.
        """
        function = self.manifest.synthetic
        if function is None:
            return None
        with self.extract.alone():
            return self._write_synthetic(task, function)

    def _write_synthetic(self, task: InventedExtractTask, function: str) -> Failed | None:
        try:
            aside = self.extract.make_aside()
        except OSError as error:
            return self.told_of(error)
        process = self.process_for_long(Allowed())
        try:
            request = self.request(WRITE, function=function)
            replies: list[bytes] = []
            self.ask(
                process, request, [WRITE.written(ToWrite(task=task, folder=aside.resolve()))], replies.append
            )
            if replies[0][:1] == FAULT:
                return failure_from(self.allowed_for(WRITE), replies[0], self.errors)
            written_at = datetime.combine(task.on, time(12), tzinfo=UTC).timestamp()
            for file in sorted(aside.iterdir()):
                os.utime(file, (written_at, written_at), follow_symlinks=False)
                file.replace(self.extract.folder / file.name)
            self.extract.seal_as_written(task.on, is_new=True)
        except (CallFailedError, RecordsUnreadableError, ExtractNotWholeError, OSError) as error:
            return self.told_of(error)
        finally:
            process.close()
            shutil.rmtree(aside, ignore_errors=True)
        return None

    def _arguments(self, question: Question[_Subject, _Answer], subjects: Sequence[_Subject]) -> list[bytes]:
        cases = [subject for subject in subjects if isinstance(subject, CaseAsked)]
        if cases:
            return [question.around(view) for view in shown(self.manifest, cases)]
        return [question.written(self._cut(subject)) for subject in subjects]

    def _cut(self, subject: object) -> object:
        """Return what a question is about with each case and person in it cut to the manifest."""
        if isinstance(subject, PersonAsked):
            return self._cut_person(subject)
        if isinstance(subject, CaseAsked):
            return cut_to(self.manifest, subject)
        if isinstance(subject, Frozen):
            parts = {name: getattr(subject, name) for name in type(subject).model_fields}
            asked = {n: self._cut(p) for n, p in parts.items() if isinstance(p, CaseAsked | PersonAsked)}
            return subject.model_copy(update=asked) if asked else subject
        return subject

    def _answers_by_its_extract(self) -> bool:
        """Return whether nothing outside its folder can change what it answers."""
        return not (self.manifest.limits.network or self.allowances.now().reads)

    def _cut_person(self, person: PersonAsked) -> PersonAsked:
        """Return the person with only what the manifest asks to receive about the person."""
        asked = CaseAsked(reference="-", on=date.min, perpetrator=person, victim=person)
        cut = cut_to(self.manifest, asked)
        return (cut.victim if self.manifest.about == "victim" else cut.perpetrator) or PersonAsked()
