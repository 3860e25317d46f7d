"""A toy agency that tells her words without being the victim's voice."""

from __future__ import annotations

from engine.domain.answers import Contribution, MatchBasis, RecordPointer, VoiceItem
from engine.domain.asking import CaseAsked
from engine.domain.voices import EVERYONE, Agreement, VoiceTopic, Whose
from engine.hooks import AgencyRecords, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution:
    """It tells her words without being the victim's voice."""
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
