"""What may be shared, and why: by a clinician's mark or by the person's agreement; nothing by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.domain.responses.answers import Contribution
from tests.plugins.health.fhir import (
    PRIVACY,
    Resource,
    a_consent,
    a_flag,
    a_patient,
    an_encounter,
    answer_from,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "health"


def answer(home: Path, *resources: Resource) -> Contribution:
    given = answer_from(home, a_patient(), an_encounter(), *resources)
    assert isinstance(given, Contribution)
    return given


def keys(given: Contribution) -> list[str]:
    return [finding.key for finding in given.findings]


def position(given: Contribution) -> str:
    return next(finding.says for finding in given.findings if finding.key == "sharing")


def test_without_mark_and_without_agreement_risk_is_held_back(home: Path) -> None:
    given = answer(home, a_flag(share=None))

    assert keys(given) == ["known", "contact", "sharing"]
    assert given.held_back == 1
    assert position(given) == "No agreement or refusal of the person to sharing was on record here."


def test_agreement_shares_what_is_not_kept_in_confidence(home: Path) -> None:
    restricted = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    given = answer(
        home, a_consent(), a_flag("4", share=None), a_flag("41", share=None, meta={"security": [restricted]})
    )

    assert keys(given) == ["known", "contact", "risk-4", "sharing"]
    assert given.held_back == 1
    assert any("(shared because the person agreed)" in finding.says for finding in given.findings)


def test_a_refusal_holds_back_all_but_what_a_duty_outweighs(home: Path) -> None:
    refused = answer(home, a_consent(sentence="deny"), a_flag("4", share="agreed"), a_flag("41", share=None))

    assert keys(refused) == ["known", "sharing"]
    assert refused.held_back == 3
    assert position(refused) == "The person refused on 3 May 2026 to have information shared."


def test_a_duty_recorded_on_an_item_outweighs_a_refusal(home: Path) -> None:
    given = answer(home, a_consent(sentence="deny"), a_flag("4"), a_flag("41", share=None))

    assert keys(given) == ["known", "contact", "risk-4", "sharing"]
    assert given.held_back == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "inactive"},
        {"dateTime": "2027-01-01"},
        {"provision": {"type": "permit", "period": {"end": "2026-10-01"}}},
        {"provision": {"type": "permit", "period": {"start": "2026-12-01"}}},
        {"scope": {"coding": [{**PRIVACY, "code": "research"}]}},
        {"scope": {"text": "privacy"}},
        {"provision": {}},
        {"provision": {"type": "permit", "purpose": [{"code": "TREAT"}]}},
        {"provision": {"type": "permit", "provision": [{"type": "deny"}]}},
    ],
)
def test_a_consent_that_does_not_cover_this_on_the_day_shares_nothing(
    home: Path, changes: dict[str, Any]
) -> None:
    given = answer(home, a_consent(**changes), a_flag(share=None))

    assert given.held_back == 1


def test_a_refusal_later_than_an_agreement_stands(home: Path) -> None:
    given = answer(home, a_consent("7"), a_consent("71", "deny", dateTime="2026-06"), a_flag(share=None))

    assert position(given) == "The person refused in June 2026 to have information shared."
    assert given.held_back == 2


def test_of_two_words_of_one_day_the_refusal_stands(home: Path) -> None:
    given = answer(home, a_consent("7"), a_consent("71", "deny"), a_flag(share=None))

    assert position(given).startswith("The person refused")


def test_a_policy_rule_says_it_where_the_provision_does_not(home: Path) -> None:
    rule = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]}
    given = answer(home, a_consent(provision={}, policyRule=rule), a_flag(share=None))

    assert given.held_back == 0
