"""A question ships only with a real agency that answers it, typed in full and told in words."""

from __future__ import annotations

import importlib
import inspect

import pytest

from engine.hooks.specs import ALL_SPECS, OPTIONAL

SPECS = {
    name: function
    for group in ALL_SPECS
    for name, function in vars(group).items()
    if inspect.isfunction(function)
}
BUILT_IN = ("advocacy", "health", "police", "probation")


def test_one_question_of_this_contract_must_be_answered_and_the_others_may_be() -> None:
    assert set(SPECS) - OPTIONAL == {"stac_assess"}
    assert set(SPECS) > OPTIONAL


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_question_is_typed_told_and_answered_by_a_real_agency(name: str) -> None:
    signature = inspect.signature(SPECS[name])

    assert name.startswith("stac_")
    assert SPECS[name].__doc__
    assert signature.return_annotation is not inspect.Signature.empty
    hooks = [importlib.import_module(f"plugins.{code}.hooks") for code in BUILT_IN]
    answering = [getattr(module, name) for module in hooks if hasattr(module, name)]
    assert answering
    for function in answering:
        assert set(inspect.signature(function).parameters) <= set(signature.parameters)
        assert inspect.signature(function).return_annotation == signature.return_annotation
