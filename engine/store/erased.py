"""Values after an erasure. Pure: each function takes the value, the certificate and the whole row.

Tables import it, so it loads the domain only where it erases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

Erase = Callable[[object, str, object], object]
"""From a value, the certificate's reference and the whole row: what an erasure writes."""
_NOBODY: dict[str, object] = {
    "forename": None,
    "surname": None,
    "date_of_birth": None,
    "sex": None,
    "identifiers": [],
}
_WHO = frozenset({"perpetrator", "victim", "others_at_risk"})
"""The people of a referral, in its document."""


class _Answer(Protocol):
    kind: str


class _Line(Protocol):
    act: str


def says_erased(certificate: str) -> str:
    """Return the text that replaces an erased one."""
    return f"Erased ({certificate})."


def sentence(value: object, certificate: str, _: object) -> object:
    """Return the sentence that a text was erased, where there was one."""
    return None if value is None else says_erased(certificate)


def nobody(value: object, *_: object) -> object:
    """Return that a person was named, and not who."""
    return None if value is None else "erased"


def nothing(*_: object) -> object:
    """Return that there is nothing."""
    return None


def no_entries(*_: object) -> object:
    """Return a list without entries."""
    return []


@dataclass(frozen=True)
class Kept:
    """The rest of a document: these keys. Those of ``says`` and ``names`` are erased; any other key goes.

    A text of ``says`` becomes the sentence, a name of ``names`` becomes "erased", where there was one.
    Without ``says`` and ``names`` the document names the certificate, since nothing in it would.
    """

    keys: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __call__(self, value: object, certificate: str, row: object) -> object:
        """Return the document as it is after the erasure; None if there was none."""
        if not isinstance(value, Mapping):
            return None
        stays = {key: value[key] for key in self.keys if key in value}
        stays |= {key: value[key] and says_erased(certificate) for key in self.says if key in value}
        stays |= {key: nobody(value[key], certificate, row) for key in self.names if key in value}
        return stays if self.says or self.names else {**stays, "erased_by": certificate}


CERTIFICATE_ONLY = Kept()
"""The certificate, in place of a document."""
GROUNDS = Kept(("basis", "purpose", "regime", "about"), says=("necessity",))
"""Of the grounds of a rule: its basis, task and law, and the people that it is about."""
SCREENING = Kept(
    ("four", "outcome", "people", "redirect_to", "same_episode_as"), says=("reason", "advice", "safeguarding")
)
VICTIM_WORDS = Kept(("manner", "said_on", "with_whom"), says=("text",), names=("said_by", "said_to"))
VICTIM_REQUEST = Kept(
    ("agency", "is_counselling"), says=("what", "why", "necessary", "handled", "counselling_needed")
)
VICTIM_REQUEST_WORD = Kept(
    ("kind", "is_met", "notice_on", "refuses"),
    says=("why", "authorised_person", "notice_how", "no_notice_because"),
)
MINUTED = Kept(("number", "case", "part"))
REFERRAL_LEFT = ("source", "source_reference", "referred_on", "alarms")
GROUND = ("ground", "reason")
"""Of a refusal, or of a failure: by code."""
_JUDGED = Kept(("domain", "level", "how_soon", "horizon_weeks"), says=("reasons", "settled"))
_DISSENT = Kept(("agency",), says=("reasons",), names=("who",))
_DECIDED = Kept(
    ("review_on", "confidence"),
    says=("summary", "low_despite_unknown", "amended_because", "alternatives"),
)
DECISION_LEFT = (
    *_DECIDED.keys,
    *(f"judgements.{key}" for key in _JUDGED.keys),
    *(f"dissent.{key}" for key in _DISSENT.keys),
)
_STEP = Kept(
    (
        "kind",
        "item",
        "involvement",
        "is_safe",
        "controller",
        "answers_itself",
        "place",
        "is_released",
        "confirms",
        "names_controllers",
        "digest",
        "rows",
    ),
    says=("how", "conditions", "provision", "why"),
)


def decision(value: object, certificate: str, row: object) -> object:
    """Return each domain with its level, and the agencies that dissented; no text and no name."""
    there = cast("Mapping[str, object]", value)
    parts = {
        name: [left(each, certificate, row) for each in listed(there.get(name))]
        for name, left in (("judgements", _JUDGED), ("dissent", _DISSENT))
    }
    stays = cast("dict[str, object]", _DECIDED(value, certificate, row))
    return {**stays, **parts, "attendance": [], "weighed": [], "missing": []}


def missing_from(value: object, certificate: str, agency: str) -> object:
    """Return a decision without what this agency had recorded as missing in its response."""
    there = cast("Mapping[str, object]", value)
    missing = [
        {**each, "says": says_erased(certificate)} if each.get("agency") == agency else each
        for each in listed(there.get("missing"))
    ]
    return {**there, "missing": missing} if missing else there


def answer(value: object, certificate: str, row: object) -> object:
    """Return what still reads as an answer of its kind; the ground of a refusal is a code."""
    from engine.domain.responses.answers import Failed, NilReturn, Refused

    kind, erasure = cast("_Answer", row).kind, says_erased(certificate)
    there, content = cast("Mapping[str, object]", value), {"kind": kind, "erased_by": certificate}
    if kind == NilReturn.model_fields["kind"].default:
        return {**content, "looked_in": ["erased"], "says": erasure}
    if kind in (Refused.model_fields["kind"].default, Failed.model_fields["kind"].default):
        return {**content, **{key: there[key] for key in GROUND if key in there}, "says": erasure}
    return {**content, "matched_on": {"says": erasure, "confirmed": False}}


def referral(value: object, certificate: str, _: object) -> object:
    """Return what still reads as a referral: which it was, and that it is erased.

    Alarm answers are not text.
    """
    there = cast("Mapping[str, object]", value)
    return {
        **{key: there[key] for key in REFERRAL_LEFT if key in there},
        "reason": says_erased(certificate),
        "perpetrator": described(value, certificate, None),
        "victim": _NOBODY,
    }


def described(*_: object) -> object:
    """Return a person without anything but that the content was erased."""
    from engine.domain.people.persons import ERASED_NAME

    return {**_NOBODY, "surname": ERASED_NAME}


def ledger_reason(value: object, certificate: str, row: object) -> object:
    """Return a line's reason: that of a rule is text, the ground of a refusal is a code and stays."""
    from engine.domain.sharing import LedgerAct

    is_of_rule = cast("_Line", row).act in (LedgerAct.RULE.value, LedgerAct.NARROWED.value)
    return sentence(value, certificate, row) if is_of_rule else value


def topics_asked(*_: object) -> object:
    """Return that topics were asked about something; no answer."""
    return {"answers": {}}


def guests(value: object, certificate: str, _: object) -> object:
    """Return that there were guests, and not who."""
    return [says_erased(certificate)] if value else []


def accepted(value: object, certificate: str, _: object) -> object:
    """Return which conflicts were accepted, without the reasons."""
    return dict.fromkeys(cast("Mapping[str, object]", value), says_erased(certificate))


def access_step(value: object, certificate: str, row: object) -> object:
    """Return that the step was taken, its controller and its decision; no text."""
    there = cast("Mapping[str, object]", value)
    stays = cast("dict[str, object]", _STEP(value, certificate, row))
    if "held_back" in there:
        places = cast("Mapping[str, object]", there["held_back"])
        stays["held_back"] = dict.fromkeys(places, says_erased(certificate))
    if there.get("told") or there.get("failed"):
        stays |= {"told": None, "failed": says_erased(certificate)}
    return stays


def map_notes(value: object, certificate: str, _: object) -> object:
    """Return an exported map's notes as a caption that they are erased, where there were any."""
    from engine.domain.links.arrangements import MapNotes

    return MapNotes(caption=says_erased(certificate)).model_dump(mode="json") if value else None


def masked(stored: object, mask: Callable[[str], str]) -> object:
    """Return a value with the mask in its texts. A person's identity stays as a source said it."""
    if isinstance(stored, str):
        return mask(stored)
    if isinstance(stored, list):
        return [masked(each, mask) for each in stored]
    if isinstance(stored, dict):
        return {key: each if key in _WHO else masked(each, mask) for key, each in stored.items()}
    return stored


def listed(value: object) -> list[dict[str, object]]:
    """Return the documents of a list; none if it is not one."""
    return list(value) if isinstance(value, list) else []
