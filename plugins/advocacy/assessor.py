"""What the victim wants known, in three voices that stay apart. Forms no view; tells nothing that finds her.

That she said something is told as a fact, her own view of risk as hers, the advocate's judgement as such.
What she has not agreed to is counted and left out. Whereabouts and safe contact go into ``protected`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from engine.domain.absence import ItemState
from engine.domain.answers import (
    Contribution,
    Finding,
    InstrumentItem,
    InstrumentResult,
    MatchBasis,
    Nature,
    NilReturn,
    RecordPointer,
    Refused,
)
from engine.domain.asking import CaseAsked, PersonAsked
from engine.domain.dates import PartialDate
from engine.hooks.carried_views import newest_views
from engine.hooks.people import FoundNobody, FoundUnclear, name_key
from engine.hooks.wording import key_of, sentence
from plugins.advocacy.records import (
    LOOKED_IN,
    TOPICS_INSTRUMENT,
    TOPICS_VERSION,
    About,
    AdvocacyRecords,
    ClientLine,
    Entry,
    Topic,
    Voice,
)

_FIRST = (About.FEAR, About.WISHES, About.CHANGES, About.NEEDS, About.RISK)
_NOT_TOLD_WHICH = (
    "The victim is a client here, and it could not be told which file is about this person; none was used, "
    "and somebody at this agency would have to look."
)


def assess(case: CaseAsked, held: AdvocacyRecords) -> Contribution | NilReturn | Refused:
    """What she has agreed to have said on the day of asking; later entries are left out."""
    found = held.index.find(case.victim)
    if isinstance(found, FoundNobody):
        return found.answer(who="victim advocacy", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    opened = [line for line in held.files[found.key] if line.opened <= case.on]
    if not opened:
        return NilReturn(looked_in=LOOKED_IN, says="Victim advocacy had no file open by the day of asking.")
    files = _about(case.perpetrator, opened)
    if len(files) != 1:
        return Contribution(
            matched_on=MatchBasis(says=found.basis.says, confirmed=False), gaps=(_NOT_TOLD_WHICH,)
        )
    return _answer(case, files[0], found.basis, found.gaps)


def _about(perpetrator: PersonAsked | None, files: Sequence[ClientLine]) -> Sequence[ClientLine]:
    """The files about this person by name; a single file that names nobody is about him too."""
    if perpetrator is None or not (perpetrator.forename and perpetrator.surname):
        return files
    name = name_key(f"{perpetrator.forename} {perpetrator.surname}")
    about_him = [line for line in files if name in {name_key(each) for each in line.about_names}]
    return about_him or [line for line in files if not line.about_names]


def _answer(
    case: CaseAsked, file: ClientLine, basis: MatchBasis, gaps: Sequence[str]
) -> Contribution | Refused:
    if file.refuse_on is not None:
        return Refused(
            ground=file.refuse_on,
            says="Victim advocacy declined to answer; she has not agreed to its speaking here.",
        )
    said = [entry for entry in file.entries if entry.said_on is None or entry.said_on.earliest <= case.on]
    agreed = sorted((entry for entry in said if entry.agreed_to_share), key=_order)
    talked_through = file.topics_on is not None and file.topics_on <= case.on
    return Contribution(
        matched_on=basis,
        findings=tuple(_finding(entry) for entry in agreed),
        instruments=(_topics(file),) if talked_through else (),
        views=newest_views(file.views, on=case.on),
        gaps=(*gaps, *_gaps(file, agreed, talked_through)),
        protected=file.protected,
        held_back=len(said) - len(agreed),
    )


def _order(entry: Entry) -> tuple[int, int, str]:
    return _FIRST.index(entry.about), tuple(Voice).index(entry.voice), entry.entry_id


def _finding(entry: Entry) -> Finding:
    key, says, nature = _in_its_voice(entry)
    return Finding(
        key=key_of(key, entry.entry_id),
        says=sentence(says),
        nature=nature,
        records=(RecordPointer(record=entry.entry_id, kind="entry in her file", dated=entry.said_on),),
    )


def _in_its_voice(entry: Entry) -> tuple[str, str, Nature]:
    """That she said something is a fact; what she or the advocate thinks of the risk is an opinion."""
    when = _when(entry.said_on)
    match entry.voice:
        case Voice.HER_WORDS:
            return (
                "her-words",
                f"{when} she said of her {entry.about.value}: \u201c{entry.says}\u201d",
                Nature.FACT,
            )
        case Voice.HER_VIEW:
            return (
                "her-view",
                f"{when} her own view of the risk was: \u201c{entry.says}\u201d",
                Nature.OPINION,
            )
        case Voice.ADVOCATE:
            return "advocate", f"{when} the advocate's judgement was: {entry.says}", Nature.OPINION
        case _:
            assert_never(entry.voice)


def _topics(file: ClientLine) -> InstrumentResult:
    """All eleven, each with its state; one that the file does not name was not asked."""
    assert file.topics_on is not None
    evidence = (
        RecordPointer(
            record=file.file_id, kind="topics talked through", dated=PartialDate.of(file.topics_on)
        ),
    )
    states = {topic: file.topics.get(topic, ItemState.NOT_ASKED) for topic in Topic}
    return InstrumentResult(
        instrument=TOPICS_INSTRUMENT,
        version=TOPICS_VERSION,
        items=tuple(
            InstrumentItem(
                item=topic.value, state=state, evidence=() if state is ItemState.NOT_ASKED else evidence
            )
            for topic, state in states.items()
        ),
    )


def _gaps(file: ClientLine, agreed: Sequence[Entry], talked_through: bool) -> Iterator[str]:
    silent = [
        about.value for about in (About.FEAR, About.WISHES) if about not in {entry.about for entry in agreed}
    ]
    for about in silent:
        yield f"Nothing that may be shared is recorded here of her {about}."
    if not talked_through:
        yield "The eleven topics have not been talked through with her."
    if file.last_spoken is None:
        yield "When she was last spoken with is not recorded here."


def _when(said: PartialDate | None) -> str:
    if said is None:
        return "on a date not recorded"
    return f"{'on' if said.is_whole_day else 'in'} {said.in_words()}"
