"""stac_may_share, answered by the agency that ships it, in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.responses.answers import Failed, FailureReason
from engine.domain.sharing import Audience, AudienceKind, MayShare, Shareable
from engine.hooks.questions import MAY_SHARE, ToShare
from engine.hooks.registry import Agencies, load_agencies

ITEMS = [
    ToShare(item=item, audience=Audience(kind=AudienceKind.PANEL), purpose="case work")
    for item in (
        Shareable(key="finding-1", kind="finding", says="Two appointments were missed."),
        Shareable(key="instrument:some-form", kind="instrument"),
    )
]


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    with load_agencies(tmp_path_factory.mktemp("home")) as loaded:
        yield loaded


def test_hook_stac_may_share_keeps_back_what_never_leaves_the_care_record(agencies: Agencies) -> None:
    answering = [code for code in agencies.codes if agencies.manifest(code).narrows_sharing]
    assert answering == ["health"]
    finding, form = agencies.ask_many("health", MAY_SHARE, ITEMS)
    assert finding == MayShare()
    assert isinstance(form, MayShare)
    assert (form.audience, bool(form.because)) == (AudienceKind.OWNER, True)


def test_an_agency_without_such_a_rule_does_not_answer(agencies: Agencies) -> None:
    for answer in agencies.ask_many("police", MAY_SHARE, ITEMS):
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.NOT_ANSWERED


def test_the_manifest_is_read_without_a_process(tmp_path: Path) -> None:
    with load_agencies(tmp_path) as agencies:
        assert agencies.manifest("health").narrows_sharing
        assert agencies.process_number("health") is None
