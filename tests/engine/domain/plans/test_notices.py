"""An action that resembles a Police Information Notice is queried; one that only shares a word is not."""

from __future__ import annotations

import pytest

from engine.domain.plans.notices import NOTICE_QUERY, query_notice, resembles_notice

RESEMBLING = [
    "Issue a Police Information Notice",
    "Issue a PIN to the alleged perpetrator",
    "Serve the PIN on him by Friday",
    "issue a pin",
    "Serve a P.I.N. on the respondent",
    "Officer to issue PIN.",
    "PIN to be served on the suspect",
    "Give the alleged perpetrator a PIN",
    "Consider a PIN",
    "Send a harassment warning letter",
    "Send a harassment letter to the alleged perpetrator",
    "Deliver a first warning letter",
    "Serve an early harassment notice",
    "Give a first instance harassment warning letter",
    "Send a prevention of harassment letter",
    "Write a warning letter about the harassment",
    "Serve a notice under the Protection from Harassment Act",
    "Issue a police\u2011information  notice",
    "Issue a Po\u00adlice Information Notice",
    "Send a police warning letter",
]
NEAR_MISSES = [
    "Change the PIN of the victim's phone",
    "Give the victim a new PIN for the front door",
    "Issue a new PIN for the bank card",
    "Serve notice that the PIN code of the alarm has changed",
    "Mark the school with a pin on the map",
    "Send the officer a map pin",
    "Use the pin board for the rota",
    "Send a letter about the court date",
    "Write to the landlord about the warning signs",
    "Give a threat-to-life warning",
    "Decide on a threat-to-life warning notice today",
    "Serve a domestic abuse protection notice",
    "Serve a Child Abduction Warning Notice",
    "Serve the Stalking Protection Order on the alleged perpetrator",
    "Record the harassment as stalking",
    "Arrest for harassment, and notice the time",
    "Give police information to the advocate within a day",
    "Review the notice board at the workplace",
    "Spin the locks, and check each pinned window",
]


@pytest.mark.parametrize("text", RESEMBLING)
def test_an_action_that_resembles_a_notice_is_queried(text: str) -> None:
    assert resembles_notice(text)
    assert query_notice(text, difference=None) == NOTICE_QUERY


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_shares_a_word_with_a_notice_is_not_queried(text: str) -> None:
    assert not resembles_notice(text)
    assert query_notice(text, difference=None) is None


def test_the_query_ends_when_the_difference_is_written() -> None:
    assert query_notice("Issue a PIN", difference="It is the summons, which the court issued.") is None
