"""Actions that resemble a Police Information Notice, which is not used in stalking. Pure; knows no plan.

HMICFRS found that such notices delayed arrest and gave a victim no protection. They had other names too:
harassment warning letter, early harassment notice, prevention of harassment letter.
"""

from __future__ import annotations

import re
import unicodedata

NOTICE_QUERY = (
    "This resembles a Police Information Notice. Those are not used in stalking. "
    "Say what is different or remove it."
)

_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_BETWEEN_WORDS = re.compile(r"[\s\-\u2010-\u2015_/]+")
_LETTER_OR_NOTICE = r"(?:letters?|notices?|warnings?|notifications?|forms?)"
_OFFICIAL_NAMES = re.compile(
    r"\bpolice information (?:notices?|notifications?|letters?)\b"
    r"|\bpolice pins?\b"
    r"|\bpin (?:notices?|warnings?|letters?)\b"
    rf"|\bharassment (?:act )?(?:information |warning |prevention |awareness )*{_LETTER_OR_NOTICE}\b"
    rf"|\bprevention of harassment {_LETTER_OR_NOTICE}\b"
    rf"|\bstalking (?:information |warning )+{_LETTER_OR_NOTICE}\b"
    r"|\b(?:first|1st|early) (?:instance )?(?:harassment |stalking |police )?(?:warning )?letters?\b"
    r"|\bearly (?:harassment|stalking) (?:warning )?notices?\b"
    r"|\bwarning (?:letters?|notices?) (?:about|for|on|under|against|of) "
    r"(?:the )?(?:\w+ ){0,2}(?:harass|stalk)\w*"
    rf"|\b(?:notices?|letters?) (?:of|about|under) (?:the )?(?:protection from )?harassment\b"
    r"|\bpolice warning (?:letters?|notices?)\b",
    re.IGNORECASE,
)
_ACT = r"(?:issu(?:e|es|ed|ing)|serv(?:e|es|ed|ing)|administer(?:s|ed|ing)?)"
_GIVE = (
    r"(?:giv(?:e|es|en|ing)|hand(?:s|ed|ing)?|deliver(?:s|ed|ing)?|consider(?:s|ed|ing)?|us(?:e|es|ed|ing))"
)
_TO_WHOM = (
    r"(?:alleged|perpetrator|suspect|respondent|subject|offender|defendant|him|her|them|stalker|person)"
)
_NOT_A_CODE = r"(?! (?:codes?|numbers?|pads?|locks?|of|for|to (?:the )?(?:phone|account|card|door)))"
_IN_BETWEEN = (
    r"(?: (?!new|phone|sim|card|bank|door|alarm|account|entry|pass|drawing|map|lapel|badge|safety)\w+){0,6}"
)
_BY_ITS_LETTERS = (
    re.compile(rf"\b{_ACT}{_IN_BETWEEN} pins?\b{_NOT_A_CODE}", re.IGNORECASE),
    re.compile(rf"\b(?i:{_GIVE})(?: \w+){{0,2}} (?i:{_TO_WHOM})(?i:{_IN_BETWEEN}) PINs?\b(?i:{_NOT_A_CODE})"),
    re.compile(rf"\b(?i:consider(?:s|ed|ing)?|us(?:e|es|ed|ing)) (?:a |the )?PINs?\b(?i:{_NOT_A_CODE})"),
    re.compile(
        rf"\bPINs? (?i:to (?:be )?{_ACT}|(?:was|is|were|to be) {_ACT}|(?:to|on) (?:the )?{_TO_WHOM}\b)"
    ),
)


def resembles_notice(text: str) -> bool:
    """Return whether this text describes a Police Information Notice, by one of its names or its initials.

    Examples
    --------
    >>> resembles_notice("Issue a PIN to the alleged perpetrator")
    True
    >>> resembles_notice("Change the PIN of the victim's phone")
    False
    """
    plain = _plainly(text)
    return bool(_OFFICIAL_NAMES.search(plain)) or any(each.search(plain) for each in _BY_ITS_LETTERS)


def query_notice(text: str, *, difference: str | None) -> str | None:
    """Return the query to put to who writes such an action; None if it resembles no notice,
    or the difference is written.
    """
    return NOTICE_QUERY if difference is None and resembles_notice(text) else None


def _plainly(text: str) -> str:
    """Return the text without unseen signs, with single spaces, and initials without full stops."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = re.sub(r"\bP\.\s?I\.\s?N\b\.?", "PIN", text, flags=re.IGNORECASE)
    return _BETWEEN_WORDS.sub(" ", text)
