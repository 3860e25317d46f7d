"""Results of a reader: a referral that can be stored, or a row that cannot and why. Knows no file shape."""

from __future__ import annotations

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.referrals.intake import AlarmTopic, Referral


class ReferralRow(Frozen):
    """One row that reads as a referral. ``original`` is the row as given, in JSON: protected, not printed."""

    row: int
    referral: Referral = Field(repr=False)
    original: str = Field(repr=False)


class CellFault(Frozen):
    """One thing wrong with a row: in which column, and what a co-ordinator would do about it."""

    column: str | None
    reason: str


class RowFault(Frozen):
    """One row that was refused whole. ``reason`` never repeats what the row holds; ``original`` is protected.

    ``also`` are the row's further faults, so that all can be fixed in the file together. ``alarms`` are the
    alarm topics that the refused row answers with yes or unreadably: a person must see those today, whatever
    else is wrong with the row. It is None when the row could not be taken apart, so that they are unknown.
    """

    row: int
    column: str | None
    reason: str
    original: str = Field(repr=False)
    also: tuple[CellFault, ...] = ()
    alarms: tuple[AlarmTopic, ...] | None
