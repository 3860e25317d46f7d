"""The minimum that health says: known or not, in touch or not, what bears on risk. No diagnosis, no score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.hooks.v1 import (
    CaseAsked,
    Contribution,
    Finding,
    FoundNobody,
    FoundUnclear,
    Nature,
    NilReturn,
    PartialDate,
    RecordPointer,
    RefusalGround,
    Refused,
    counted,
    key_of,
    newest_views,
    sentence,
    was,
)
from plugins.health.engagement import contacts_said, is_in_touch_recorded
from plugins.health.records import LOOKED_IN, HealthRecords
from plugins.health.sharing import Position, declines_on, position
from plugins.health.stored_records import AssessmentKept, FlagKept, Kept, LostKept, PlanKept
from plugins.health.words import words


def assess(case: CaseAsked, held: HealthRecords) -> Contribution | NilReturn | Refused:
    """Return what may be said about the alleged perpetrator on the day of asking.

    Later records are left out.
    """
    found = held.index.find(case.perpetrator)
    unread = tuple(_unread(held.unplaced))
    if isinstance(found, FoundNobody):
        nil = found.answer(who="health", looked_in=LOOKED_IN)
        return nil.model_copy(update={"note": unread[0]}) if unread else nil
    if isinstance(found, FoundUnclear):
        unclear = found.answer()
        return unclear.model_copy(update={"gaps": (*unclear.gaps, *unread)})
    records = held.about(found.key)
    ground = declines_on(records, on=case.on)
    if ground is not None:
        return refusal(ground)
    known = [each for each in records if each.known_by(case.on)]
    main = next(each for each in held.patients[found.key] if each.id == found.key)
    said = _Said(known=known, position=position(known, on=case.on), on=case.on, pointer=main.pointer)
    findings, held_back = said.findings()
    shared_assessments = [each for each in said.assessments() if said.position.because(each.sharing)]
    gaps = [*found.gaps, *said.gaps()]
    if not any(person.born for person in held.patients[found.key]):
        gaps.append("The person's date of birth is not recorded here.")
    if any(person.nhs_failed for person in held.patients[found.key]):
        gaps.append("An NHS number recorded here failed its check and was not used to find the person.")
    gaps += [*_lost(known), *unread]
    return Contribution(
        matched_on=found.basis,
        findings=findings,
        views=newest_views((view for each in shared_assessments for view in each.views), on=case.on),
        gaps=tuple(gaps),
        held_back=held_back,
    )


def refusal(ground: RefusalGround) -> Refused:
    """Return the refusal to answer about a person, on a clinician's ground."""
    return Refused(
        ground=ground,
        says="Health refused to answer; you can ask the clinician responsible to reconsider.",
    )


def _lost(known: Sequence[Kept]) -> Iterator[str]:
    lost = [each for each in known if isinstance(each, LostKept)]
    damaged = sum(1 for each in lost if each.is_read)
    if damaged:
        records = counted(damaged, "record")
        yield sentence(f"{records} handed over about this person {was(damaged)} not understood and left out")
    if len(lost) > damaged:
        yield "Records of types that are not read here were handed over too; nothing is said of them."


def _unread(unplaced: int) -> Iterator[str]:
    if unplaced:
        records = counted(unplaced, "record or file", "records or files")
        yield f"In the newest hand-over {records} could not be read; it is not known whose they are."


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Sentences about one person."""

    known: Sequence[Kept]
    position: Position
    on: date
    pointer: str

    def findings(self) -> tuple[tuple[Finding, ...], int]:
        """Return what may be shared, and how many items are withheld."""
        always = [self._known(), self._sharing()]
        ordinary = [*contacts_said(self.known, on=self.on), *self._plans()]
        by_item = [(each, self.position.because(each.sharing)) for each in self._flags()]
        assessed = [(each, self.position.because(each.sharing)) for each in self.assessments()]
        shared = [_flagged(flag, because) for flag, because in by_item if because]
        shared += [_assessed(each, because) for each, because in assessed if because]
        held_back = sum(1 for _, because in (*by_item, *assessed) if because is None)
        if self.position.refused and not shared:
            return tuple(always), held_back + len(ordinary)
        return (always[0], *ordinary, *shared, always[1]), held_back

    def gaps(self) -> Iterator[str]:
        """Yield what is not recorded, so that silence is not read as safety."""
        if not is_in_touch_recorded(self.known):
            yield "Attendance at appointments is not recorded here."
        if not self._flags():
            yield "Nothing is recorded here as bearing on risk. This does not mean that there is nothing."

    def assessments(self) -> list[AssessmentKept]:
        """Return the assessments there were on that day, the newest first."""
        there = [each for each in self.known if isinstance(each, AssessmentKept)]
        return sorted(there, key=lambda each: (str(each.dated or ""), each.id), reverse=True)

    def _flags(self) -> list[FlagKept]:
        there = [each for each in self.known if isinstance(each, FlagKept) and each.word is not None]
        return sorted(there, key=lambda each: (str(each.dated or ""), each.id))

    def _known(self) -> Finding:
        days = [each.dated for each in self.known if each.dated is not None]
        earliest = min(days, key=lambda day: (day.earliest, day.latest), default=None)
        since = f" since {earliest.in_words()} at the latest" if earliest else ""
        pointer = RecordPointer(record=self.pointer, kind="patient record", dated=earliest)
        return Finding(key="known", says=f"The person was known to services{since}.", records=(pointer,))

    def _sharing(self) -> Finding:
        newest = self.position.newest
        pointer = (
            RecordPointer(record=newest.pointer, kind="consent", dated=newest.dated)
            if newest
            else RecordPointer(record=self.pointer, kind="patient record")
        )
        return Finding(key="sharing", says=self.position.sentence(), records=(pointer,))

    def _plans(self) -> Iterator[Finding]:
        plans = sorted(
            (each for each in self.known if isinstance(each, PlanKept)),
            key=lambda each: (str(each.dated or ""), each.id),
        )
        if not plans:
            return
        newest = plans[-1]
        over = newest.until is not None and newest.until.latest < self.on
        since = f" since {newest.dated.in_words()}" if newest.dated else ""
        if newest.active and not over:
            message = f"a plan of care was in place{since}"
        elif over and newest.until is not None:
            message = f"a plan of care had ended {_when(newest.until)}"
        else:
            message = "a plan of care was on record and not active"
        pointer = RecordPointer(record=newest.pointer, kind="plan of care", dated=newest.dated)
        yield Finding(key="plan", says=sentence(message), records=(pointer,))


def _flagged(flag: FlagKept, because: str) -> Finding:
    risk = words().risk[flag.word or ""]
    over = "" if flag.active else "; the note was no longer active when health handed it over"
    return Finding(
        key=key_of("risk", flag.pointer),
        says=sentence(f"{_when(flag.dated)} {risk.says}{over} (shared because {because})"),
        nature=Nature.OPINION if risk.opinion else Nature.FACT,
        records=(RecordPointer(record=flag.pointer, kind="risk note", dated=flag.dated),),
    )


def _assessed(each: AssessmentKept, because: str) -> Finding:
    views = f", with {counted(len(each.views), 'view')} for the panel" if each.views else ""
    message = f"{_when(each.dated)} a professional assessed risk{views}; what else it says stays with health"
    return Finding(
        key=key_of("assessed", each.pointer),
        says=sentence(f"{message} (shared because {because})"),
        records=(RecordPointer(record=each.pointer, kind="risk assessment", dated=each.dated),),
    )


def _when(day: PartialDate | None) -> str:
    if day is None:
        return "on a date not recorded"
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"
