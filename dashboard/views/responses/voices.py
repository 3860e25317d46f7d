"""The victim's voice on a page: the victim's words and view of the risk, the advocate's judgement,
never mixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import markup, words
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.responses.answers import AnswerState, VoiceItem
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.voices import EVERYONE, Agreement, Whose

HEADINGS = {
    Whose.HER_WORDS: "The victim's own words",
    Whose.HER_VIEW: "The victim's own view of the risk",
    Whose.ADVOCATE: "The advocate's judgement",
}
_HAS_ANSWERED = frozenset({AnswerState.CONTRIBUTION, AnswerState.WAITING_RELEASE})


def has_voices(answer: AgencyAnswerView) -> bool:
    """Return whether this is the column of the victim's voice."""
    speaks_for_her = answer.seat == VICTIM_VOICE and answer.version is not None
    return bool(answer.voices) or (speaks_for_her and answer.state in _HAS_ANSWERED)


def three(answer: AgencyAnswerView, names: Mapping[str, str]) -> list[markup.Content]:
    """Return all three headings, with what is under them: what is missing is said."""
    parts: list[markup.Content] = []
    for whose, heading in HEADINGS.items():
        items = [item for item in answer.voices if item.whose is whose]
        parts.append(markup.element("h4", heading))
        if items:
            parts.append(markup.bullets(_item(item, names) for item in items))
        elif whose.is_opinion and answer.levels_hidden:
            parts.append(_absent("Hidden until the chair opens the conference."))
        else:
            parts.append(_absent("Not recorded, or not shared with you."))
    return parts


def nobody(view: CaseView) -> markup.Markup | None:
    """Return the notice where no agency speaks for the victim,
    so that silence is not mistaken for the victim's view.
    """
    voice = view.victim_voice
    if voice.speaks or not view.answers:
        return None
    said = [markup.element("div", offer) for offer in voice.offers]
    tone: markup.Tone = "warning" if view.no_advocate else "info"
    return markup.notice(tone, voice.says, *said, heading="The victim's voice")


def nobody_in(answer: AgencyAnswerView, view: CaseView) -> list[markup.Content]:
    """Return the same in the column of the agency that would speak for the victim."""
    voice = view.victim_voice
    if voice.speaks or answer.seat != VICTIM_VOICE:
        return []
    return [markup.element("p", voice.says), *(markup.element("p", offer) for offer in voice.offers)]


def column_without_agency(view: CaseView) -> markup.Markup | None:
    """Return a column for the victim's voice where no agency that speaks for victims is installed."""
    if view.victim_voice.speaks or any(answer.seat == VICTIM_VOICE for answer in view.answers):
        return None
    voice = view.victim_voice
    return markup.element(
        "section",
        markup.element("h3", "The victim's voice"),
        markup.element("p", voice.says),
        *(markup.element("p", offer) for offer in voice.offers),
        aria_label="The victim's voice: no agency speaks for the victim here",
    )


def sharing(item: VoiceItem, names: Mapping[str, str]) -> str:
    """Return what the victim agreed to, in words."""
    match item.agreed_to_sharing:
        case Agreement.NO:
            return "the victim has not agreed to share it, so it is not shared"
        case Agreement.NOT_ASKED:
            return "the victim was not asked about sharing it, so it is not shared"
        case Agreement.WITHDRAWN:
            return "the victim withdrew their agreement"
        case Agreement.YES if not item.with_whom:
            return "the victim agreed, but the recipients are not recorded, so it is not shared"
        case Agreement.YES:
            return f"shared with {_with_whom(item.with_whom, names)}"


def in_words(item: VoiceItem) -> markup.Content:
    """Return its words, the victim's in quotation marks; or why there are none."""
    if item.agreed_to_sharing is Agreement.WITHDRAWN:
        return markup.tag("Withdrawn")
    if item.says is None:
        return markup.none_recorded("Withheld")
    return item.says if item.whose is Whose.ADVOCATE else f"\u201c{item.says}\u201d"


def _item(item: VoiceItem, names: Mapping[str, str]) -> markup.Markup:
    about = markup.element("b", f"{words.labelled(item.about)}:")
    if item.agreed_to_sharing is Agreement.WITHDRAWN:
        return markup.join([about, in_words(item)], " ")
    where = "; ".join(_pointer(pointer) for pointer in item.records)
    return markup.join(
        [about, in_words(item), markup.element("small", f"[{where}] {sharing(item, names)}")], " "
    )


def _pointer(pointer: RecordPointer) -> str:
    dated = f", {pointer.dated.in_words()}" if pointer.dated else ""
    return f"{pointer.kind} {pointer.record}{dated}"


def _with_whom(agencies: Sequence[str], names: Mapping[str, str]) -> str:
    if EVERYONE in agencies:
        return EVERYONE
    return f"{words.listed([names.get(agency, agency) for agency in agencies])} only"


def _absent(said: str) -> markup.Markup:
    return markup.element("p", markup.none_recorded(said))
