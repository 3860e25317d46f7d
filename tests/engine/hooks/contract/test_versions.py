"""What the contract drops is told for one minor version, and only to those who use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.domain.responses.answers import Contribution, MatchBasis, NilReturn
from engine.hooks.contract.versions import OURS, Deprecated, Version, deprecations, used_by
from engine.hooks.manifest import read_manifest

PLUGINS = Path(__file__).parents[4] / "plugins"
MANIFEST = read_manifest(PLUGINS / "health", agency="health")


def deprecated(what: str, since: str = "1.1", removed_in: str = "1.2") -> Deprecated:
    return Deprecated(what=what, since=since, removed_in=removed_in, instead="use the other.")


def test_this_versions_own_table_can_be_read() -> None:
    for each in deprecations():
        assert Version.read(each.since) <= OURS < Version.read(each.removed_in)


def test_a_table_in_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "table.toml"
    file.write_text(
        '[[deprecated]]\nwhat = "hook.stac_assess"\nsince = "1.1"\nremoved_in = "1.2"\ninstead = "ask."\n'
    )

    assert [each.what for each in deprecations(file)] == ["hook.stac_assess"]


@pytest.mark.parametrize(("since", "removed_in"), [("1.1", "1.2"), ("1.9", "1.10"), ("1.3", "2.0")])
def test_a_deprecation_lasts_one_minor_version_or_to_the_next_contract(since: str, removed_in: str) -> None:
    assert deprecated("manifest.seat", since, removed_in).removed_in == removed_in


@pytest.mark.parametrize(
    ("since", "removed_in"), [("1.1", "1.1"), ("1.1", "1.3"), ("1.2", "1.1"), ("1.1", "2.1")]
)
def test_a_deprecation_that_is_shorter_or_longer_is_refused(since: str, removed_in: str) -> None:
    with pytest.raises(ValidationError, match="a deprecation lasts one minor version"):
        deprecated("manifest.seat", since, removed_in)


@pytest.mark.parametrize(
    "what",
    [
        "manifest.synthetic",
        "manifest.limits.answer_mb",
        "hook.stac_assess",
        "argument.stac_assess.records",
        "answer.contribution.gaps",
        "answer.contribution.matched_on.says",
    ],
)
def test_what_a_plugin_uses_is_found(what: str) -> None:
    answer = Contribution(matched_on=MatchBasis(says="by name", confirmed=False), gaps=("A gap.",))
    hooks = {"stac_assess": ("case", "records")}

    assert used_by((deprecated(what),), manifest=MANIFEST, hooks=hooks, answers=(answer,))


@pytest.mark.parametrize(
    "what",
    [
        "hook.stac_find_people",
        "argument.stac_assess.records",
        "answer.contribution.gaps",
        "answer.nil return.note",
    ],
)
def test_what_a_plugin_does_not_use_is_not_told(what: str) -> None:
    answer = NilReturn(looked_in=("register",), says="Nothing.")

    assert (
        used_by((deprecated(what),), manifest=MANIFEST, hooks={"stac_assess": ("case",)}, answers=(answer,))
        == ()
    )
