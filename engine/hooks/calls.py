"""One installed agency and every question that it can be put. Its fault never raises: it becomes ``Failed``.

Knows no agency by name, and nothing of how a child is started.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from pydantic import JsonValue

from engine.domain.agency_files import AgencyFilesRead
from engine.domain.agency_people import PeopleFound, SubjectAccessTold
from engine.domain.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.domain.asking import CaseAsked, PersonAsked
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedExtractTask
from engine.domain.scoring import ScoreTold, not_scored
from engine.domain.sharing import Audience, MayShare, Shareable
from engine.hooks.allowances import Allowed
from engine.hooks.extracts import INCOMING
from engine.hooks.launching import CallFailedError
from engine.hooks.manifest import Manifest, cut_to
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.seals import ExtractNotWholeError
from engine.hooks.shown import shown
from engine.hooks.talking import LONG_MEMORY_MB, Asking, Talk
from engine.hooks.verdicts import answer_or_failure, answered_otherwise, failure_told, told_or_failure
from engine.hooks.wire import (
    BESIDE,
    FAULT,
    AssessRequest,
    FindPeopleRequest,
    ImportRequest,
    MayShareRequest,
    Request,
    ScoreRequest,
    SubjectAccessRequest,
    WriteRequest,
)

_LONG_SECONDS = 300.0
_TOLD_BYTES = 8_000_000
_LONG = {"memory_mb": LONG_MEMORY_MB, "answer_mb": _TOLD_BYTES / 1_000_000}
_NOBODY_CAN_BE_ASKED = (FailureReason.NOT_RUNNING, FailureReason.SUSPENDED, FailureReason.BAD_RECORDS)
_Shown = tuple[CaseAsked, bytes]
"""A case, and the bytes of it that the agency is shown."""


class InstalledAgency(Talk):
    """An agency as it can be asked. Calls from several threads take turns."""

    def assess_many(
        self, cases: Sequence[CaseAsked]
    ) -> tuple[Contribution | NilReturn | Refused | Failed, ...]:
        """An answer for each case, in their order. A case on which the plugin hangs costs no other."""
        limits = self.manifest.limits
        read_over = ""

        def request(some: Sequence[_Shown], records: AgencyRecords) -> Asking:
            nonlocal read_over
            read_over = records.digest if self._answers_by_its_extract() else ""
            asked = AssessRequest(records=records, seconds=limits.seconds, most_bytes=self.most_bytes)
            return Asking.of(asked, asked.with_views([view for _, view in some]))

        def read(item: _Shown, told: bytes) -> Contribution | NilReturn | Refused | Failed:
            case, view = item
            answer = answer_or_failure(self.manifest, case, told, self.errors)
            if isinstance(answer, Failed) or not read_over:
                return answer
            another = self.before.is_another(view, read_over, told[BESIDE:])
            return answered_otherwise(self.manifest) if another else answer

        items = list(zip(cases, shown(self.manifest, cases), strict=True))
        return tuple(self.each(items, request, read))

    def score(self, scorer: str, inputs: Sequence[dict[str, JsonValue]]) -> tuple[ScoreTold, ...] | Failed:
        """Each input scored by a function of the agency's; a bad one is its own error and no other's.

        The whole is ``Failed`` only when the plugin cannot be asked at all.
        """

        def request(some: Sequence[dict[str, JsonValue]], _: AgencyRecords) -> Asking:
            asked = ScoreRequest(
                function=scorer,
                inputs=tuple(some),
                seconds=self.manifest.limits.seconds,
                most_bytes=self.most_bytes,
            )
            return Asking.of(asked)

        def read(_: dict[str, JsonValue], told: bytes) -> ScoreTold | Failed:
            return told_or_failure(self.manifest, scorer, ScoreTold, told, self.errors)

        told = self.each(list(inputs), request, read, of_extract=False)
        for each in told:
            if isinstance(each, Failed) and each.reason in _NOBODY_CAN_BE_ASKED:
                return each
        return tuple(not_scored(each.says) if isinstance(each, Failed) else each for each in told)

    def find_people(self, query: PersonAsked) -> PeopleFound | Failed:
        """Which of its records could be the person's, for its own staff."""
        person = self._cut_person(query)

        def request(records: AgencyRecords) -> Request:
            seconds, most = self.manifest.limits.seconds, self.most_bytes
            return FindPeopleRequest(query=person, records=records, seconds=seconds, most_bytes=most)

        def read(reply: bytes) -> PeopleFound | Failed:
            return told_or_failure(self.manifest, "stac_find_people", PeopleFound, reply, self.errors)

        return self.one(request, read)

    def subject_access(self, person: PersonAsked) -> SubjectAccessTold | Failed:
        """All that it holds about the person who asks."""
        cut = self._cut_person(person)

        def request(records: AgencyRecords) -> Request:
            return SubjectAccessRequest(
                person=cut, records=records, seconds=self.manifest.limits.seconds, most_bytes=_TOLD_BYTES
            )

        def read(reply: bytes) -> SubjectAccessTold | Failed:
            allowed = self._allowed(answer_mb=_TOLD_BYTES / 1_000_000)
            return told_or_failure(allowed, "stac_subject_access", SubjectAccessTold, reply, self.errors)

        return self.one(request, read)

    def may_share(
        self, items: Sequence[Shareable], audience: Audience, purpose: str
    ) -> tuple[MayShare | Failed, ...]:
        """How far each item may go by the agency's own rule."""

        def request(some: Sequence[Shareable], _: AgencyRecords) -> Asking:
            asked = MayShareRequest(
                items=tuple(some),
                audience=audience,
                purpose=purpose,
                seconds=self.manifest.limits.seconds,
                most_bytes=self.most_bytes,
            )
            return Asking.of(asked)

        def read(_: Shareable, told: bytes) -> MayShare | Failed:
            return told_or_failure(self.manifest, "stac_may_share", MayShare, told, self.errors)

        return tuple(self.each(list(items), request, read, of_extract=False))

    def import_files(self, names: Sequence[str]) -> AgencyFilesRead | Failed:
        """Have it read files that lie in its folder under ``incoming``; it has minutes and gigabytes.

        Raises InvalidInputError for a name that is no plain name of a file that lies there.
        """
        incoming = self.extract.folder / INCOMING
        for name in names:
            if Path(name).name != name or not (incoming / name).is_file():
                raise InvalidInputError("file", f"{len(names)} were named and one does not lie in {INCOMING}")

        def request(records: AgencyRecords) -> Request:
            files = tuple(incoming / name for name in names)
            return ImportRequest(files=files, records=records, seconds=_LONG_SECONDS, most_bytes=_TOLD_BYTES)

        def read(reply: bytes) -> AgencyFilesRead | Failed:
            return told_or_failure(self._allowed(**_LONG), "stac_import", AgencyFilesRead, reply, self.errors)

        if not self.manifest.extract:
            return self.one(request, read, takes_long=True, of_extract=False)
        try:
            with self.extract.alone():
                self.extract.require_unspoilt()
                told = self.one(request, read, takes_long=True, of_extract=False)
                if isinstance(told, AgencyFilesRead) and any(file.error is None for file in told.files):
                    self.extract.seal_as_written(self._around.today(), is_new=False)
                return told
        except (ExtractNotWholeError, RecordsUnreadableError, OSError) as error:
            return self.told_of(error)

    def write_synthetic(self, task: InventedExtractTask) -> Failed | None:
        """Have it write an invented extract of its own, dated ``task.on``; None when it is written.

        It is written aside and put in place when whole. An agency whose manifest names no function for it
        keeps what it has.
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
            request = WriteRequest(
                function=function, task=task, folder=aside.resolve(), seconds=_LONG_SECONDS
            )
            told: list[bytes] = []
            process.ask(
                request.model_dump_json().encode(), seconds=_LONG_SECONDS, most_bytes=65_536, take=told.append
            )
            if told[0][:1] == FAULT:
                return failure_told(self._allowed(**_LONG), told[0], self.errors)
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

    def _answers_by_its_extract(self) -> bool:
        """Whether nothing outside its folder can change what it answers."""
        return not (self.manifest.limits.network or self.allowances.now().reads)

    def _allowed(self, **more: float) -> Manifest:
        """The manifest with the limits that one task has, so that its failure names those."""
        return self.manifest.model_copy(update={"limits": self.manifest.limits.model_copy(update=more)})

    def _cut_person(self, person: PersonAsked) -> PersonAsked:
        """The person with nothing but what the manifest asks to be told of whom it is asked about."""
        asked = CaseAsked(reference="-", on=date.min, perpetrator=person, victim=person)
        cut = cut_to(self.manifest, asked)
        return (cut.victim if self.manifest.about == "victim" else cut.perpetrator) or PersonAsked()
