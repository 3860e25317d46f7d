"""The audience of each item of an answer: by its rule, the whole answer's and the victim's agreement.

All of them must allow it, as on the case page; what this works out is what the ledger says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.domain.responses.answers import Contribution, Failed, Nature, NilReturn, Refused, item_keys
from engine.domain.responses.reported import names_of
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import (
    ANSWER_ITSELF,
    DESK,
    WHOLE_ANSWER,
    Audience,
    AudienceKind,
    LedgerItem,
    ReleaseClass,
    StoredRule,
    common_class,
    narrower,
)

NIL_RETURN = "nil-return"
_LEVELS = ("view:", "predictor:")


def ledger_items(answer: Contribution | NilReturn | Refused | Failed) -> list[LedgerItem]:
    """Return what leaves its agency with this answer, by key; of one without items, that it was given."""
    if isinstance(answer, NilReturn):
        return [] if answer.erased_by else [LedgerItem(key=NIL_RETURN)]
    if not isinstance(answer, Contribution) or answer.erased_by:
        return []
    natures = {finding.key: finding.nature for finding in answer.findings}
    natures |= {item.name: Nature.FACT for item in answer.reported}
    voices = {voice.key: voice for voice in answer.voices}
    opinions = {key for key, nature in natures.items() if nature is Nature.OPINION}
    opinions |= {key for key, voice in voices.items() if voice.whose.is_opinion}
    return [
        LedgerItem(key=ANSWER_ITSELF),
        *(
            LedgerItem(
                key=key,
                nature=natures.get(key),
                with_whom=voices[key].with_whom if key in voices else (),
                from_conference=key in opinions or key.startswith(_LEVELS),
            )
            for key in sorted(item_keys(answer))
            if key not in voices or voices[key].may_leave
        ),
    ]


def goes_to(item: LedgerItem, rules: Mapping[str, StoredRule], owner: str, *, on: date) -> ReleaseClass:
    """Return an item's audience on a date; past the end date of a rule only its owner has it."""
    given = [rules[key].release_class for key in (WHOLE_ANSWER, *names_of(item.key)) if key in rules]
    if item.with_whom and EVERYONE not in item.with_whom:
        # the victim cannot name "desk": chair and coordinators read what is for everyone
        named = tuple(agency for agency in item.with_whom if agency != DESK)
        kind = AudienceKind.NAMED if named else AudienceKind.OWNER
        given.append(ReleaseClass(owner=owner, audience=kind, agencies=named))
    common = common_class(owner, *given)
    if common.until is not None and on > common.until:
        return ReleaseClass(owner=owner, audience=AudienceKind.OWNER)
    return common


def reaches_more(after: ReleaseClass, before: ReleaseClass) -> bool:
    """Return whether a person reads an item by ``after`` who did not by ``before``, or for longer."""
    if after.audience is AudienceKind.OWNER:
        return False
    to = Audience(kind=after.audience, agencies=after.agencies)
    if narrower(to, Audience(kind=before.audience, agencies=before.agencies)) != to:
        return True
    return before.until is not None and (after.until is None or after.until > before.until)
