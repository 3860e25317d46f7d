"""A toy agency that tells the victim's words without being the victim's voice."""

from __future__ import annotations

from engine.hooks.v1 import (
    EVERYONE,
    AgencyRecords,
    Agreement,
    CaseAsked,
    Contribution,
    MatchBasis,
    RecordPointer,
    VoiceItem,
    VoiceTopic,
    Whose,
    hookimpl,
)


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It tells the victim's words without being the victim's voice."""
    said = VoiceItem(
        key="her-words",
        whose=Whose.HER_WORDS,
        about=VoiceTopic.FEAR,
        says="I do not sleep.",
        records=(RecordPointer(record="T-1", kind="toy record"),),
        agreed_to_sharing=Agreement.YES,
        with_whom=(EVERYONE,),
    )
    return Contribution(matched_on=MatchBasis(says="by toy number", confirmed=True), voices=(said,))
