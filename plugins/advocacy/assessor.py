"""The victim's wishes for this case, in three voices that stay apart. Forms no view.

Says nothing that locates the victim.

What the victim has not agreed to share leaves the service without its words. Whereabouts and safe contact go
only into ``protected``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from engine.hooks.v1 import (
    AdvocateOffer,
    Agreement,
    CaseAsked,
    Contribution,
    FoundNobody,
    FoundOne,
    FoundUnclear,
    InstrumentItem,
    InstrumentResult,
    ItemState,
    MatchBasis,
    NilReturn,
    PartialDate,
    PersonAsked,
    ProtectedValue,
    RecordPointer,
    RefusalGround,
    Refused,
    SubjectAccessResult,
    VoiceItem,
    VoiceTopic,
    Whose,
    counted,
    key_of,
    name_key,
    newest_views,
    sentence,
)
from plugins.advocacy.records import (
    LOOKED_IN,
    TOPICS_INSTRUMENT,
    TOPICS_VERSION,
    AdvocacyRecords,
    ClientLine,
    Entry,
    OfferLine,
    Topic,
)

_KEY = {Whose.HER_WORDS: "her-words", Whose.HER_VIEW: "her-view", Whose.ADVOCATE: "advocate"}
_NOT_TOLD_WHICH = (
    "The victim is a client here, but it is not certain which file is about this person. None was used, "
    "and a person at this agency must check."
)


def assess(case: CaseAsked, held: AdvocacyRecords) -> Contribution | NilReturn | Refused:
    """Return what the victim has agreed to have said on the day of asking; later entries are left out."""
    answer = _answer(case, held)
    return answer.model_copy(update={"advocate_offered": _offer(case, held)})


def _answer(case: CaseAsked, held: AdvocacyRecords) -> Contribution | NilReturn | Refused:
    found = held.index.find(case.victim)
    if isinstance(found, FoundNobody):
        return found.answer(who="victim advocacy", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    opened = [line for line in held.files[found.key] if line.opened <= case.on]
    if not opened:
        return NilReturn(
            looked_in=LOOKED_IN, says="Victim advocacy had no file open by the date of the request."
        )
    files = _about(case.perpetrator, opened)
    if len(files) != 1:
        return Contribution(
            matched_on=MatchBasis(says=found.basis.says, confirmed=False), gaps=(_NOT_TOLD_WHICH,)
        )
    return _of_file(case, files[0], found)


def file_of(case: CaseAsked, held: AdvocacyRecords) -> ClientLine | None:
    """Return the victim's file about this person, open when asked; None if none is for certain."""
    found = held.index.find(case.victim)
    if not isinstance(found, FoundOne):
        return None
    files = _about(case.perpetrator, [line for line in held.files[found.key] if line.opened <= case.on])
    return files[0] if len(files) == 1 else None


def refusal(ground: RefusalGround) -> Refused:
    """Return the refusal to answer, which leaves open whether the victim is known."""
    return Refused(
        ground=ground,
        says="Victim advocacy refused to answer; it may or may not know the victim.",
    )


def _about(perpetrator: PersonAsked | None, files: Sequence[ClientLine]) -> Sequence[ClientLine]:
    """Return the files about this person by name; a single file without a name is about this person too."""
    if perpetrator is None or not (perpetrator.forename and perpetrator.surname):
        return files
    name = name_key(f"{perpetrator.forename} {perpetrator.surname}")
    about_him = [line for line in files if name in {name_key(each) for each in line.about_names}]
    return about_him or [line for line in files if not line.about_names]


def _of_file(case: CaseAsked, file: ClientLine, found: FoundOne) -> Contribution | Refused:
    if file.refuse_on is not None:
        return refusal(file.refuse_on)
    kept_out = keeper_out(file.protected)
    said = [entry for entry in file.entries if entry.said_on is None or entry.said_on.earliest <= case.on]
    talked_through = file.topics_on is not None and file.topics_on <= case.on
    views = [view.model_copy(update={"reasons": kept_out(view.reasons)}) for view in file.views]
    return Contribution(
        matched_on=found.basis,
        voices=tuple(_item(entry, kept_out) for entry in sorted(said, key=_order)),
        instruments=(_topics(file),) if talked_through and file.topics_agreed.is_for_everyone else (),
        views=newest_views([view for view in views if view.is_for_everyone], on=case.on),
        gaps=(*found.gaps, *_gaps(case, file, said, talked_through=talked_through)),
        protected=file.protected,
        held_back=sum(view.recorded_on <= case.on and not view.is_for_everyone for view in views),
    )


def _order(entry: Entry) -> tuple[int, int, str]:
    return tuple(Whose).index(entry.voice), tuple(VoiceTopic).index(entry.about), entry.entry_id


def _item(entry: Entry, kept_out: Callable[[str], str]) -> VoiceItem:
    return VoiceItem(
        key=key_of(_KEY[entry.voice], entry.entry_id),
        whose=entry.voice,
        about=entry.about,
        says=_quote(entry, kept_out) if entry.may_leave else None,
        records=(
            RecordPointer(record=entry.entry_id, kind="entry in the victim's file", dated=entry.said_on),
        ),
        agreed_to_sharing=entry.agreed_to_sharing,
        with_whom=entry.with_whom,
    )


def _quote(entry: Entry, kept_out: Callable[[str], str]) -> str:
    """Return the victim's words unchanged; only what would locate the victim is removed."""
    said = kept_out(entry.says)
    return sentence(said) if entry.voice is Whose.ADVOCATE else said


def _topics(file: ClientLine) -> InstrumentResult:
    """Return all eleven topics, each with its state; one that the file does not name was not asked."""
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


def _gaps(case: CaseAsked, file: ClientLine, said: Sequence[Entry], *, talked_through: bool) -> Iterator[str]:
    shared = {entry.about for entry in said if entry.may_leave}
    for about in (VoiceTopic.FEAR, VoiceTopic.WISHES):
        if about not in shared:
            yield f"Nothing that may be shared is recorded here about the victim's {about.value}."
    unclear = [e for e in said if e.agreed_to_sharing is Agreement.YES and not e.with_whom]
    if unclear:
        yield (
            f"The victim agreed to the sharing of {counted(len(unclear), 'entry', 'entries')}, but the "
            "recipients are not recorded: withheld until the victim is asked."
        )
    if not talked_through:
        yield "The 11 topics have not been discussed with the victim."
    elif not file.topics_agreed.is_for_everyone:
        yield (
            "The 11 topics were discussed; the victim has not agreed that everyone on the case can read them."
        )
    if file.last_spoken is None or file.last_spoken > case.on:
        yield "The date of the last contact with the victim is not recorded here."


def _offer(case: CaseAsked, held: AdvocacyRecords) -> AdvocateOffer | None:
    """Return the newest offer made to the victim by the day of asking; None is "not recorded"."""
    found = held.offers_index.find(case.victim)
    if not isinstance(found, FoundOne):
        return None
    offers = [
        offer
        for offer in held.offers[found.key]
        if offer.offered_on is None or offer.offered_on.earliest <= case.on
    ]
    if not offers:
        return None
    newest = max(offers, key=_offered)
    return AdvocateOffer(offered_on=newest.offered_on, by=newest.by, came_to=newest.came_to)


def _offered(offer: OfferLine) -> tuple[str, str]:
    day = offer.offered_on
    return (day.earliest.isoformat() if day else "", offer.offer_id)


ASK_THE_SERVICE = (
    "The service itself informs the person whether it holds anything, after it has confirmed who asks."
)


def told_to_subject(person: PersonAsked, held: AdvocacyRecords) -> SubjectAccessResult:
    """Return nothing of any person's; records that cannot be read were a failure before this."""
    return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(ASK_THE_SERVICE,))


INSTEAD = "[protected]"
_SHORTEST = 3


def keeper_out(protected: Sequence[ProtectedValue]) -> Callable[[str], str]:
    """Return a function that removes these values from a text, however they are spaced,
    and changes nothing else.
    """
    letters = (re.sub(r"\W", "", each.value) for each in protected)
    loosely = [
        r"\W*".join(map(re.escape, each))
        for each in sorted(set(letters), key=len, reverse=True)
        if len(each) >= _SHORTEST
    ]
    if not loosely:
        return str
    pattern = re.compile("|".join(loosely), re.IGNORECASE)
    return lambda text: pattern.sub(INSTEAD, text)
