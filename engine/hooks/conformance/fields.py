"""Fields that a plugin reads without declaring them, and those that it declares for nothing.

It is asked as if it had declared everything, with each case cut beforehand to what is to be tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.domain.responses.answers import AnyAnswer
from engine.domain.responses.requests import CaseAsked, CaseField
from engine.hooks.conformance.blending import merged, substance
from engine.hooks.conformance.cases import altered
from engine.hooks.conformance.door import opened, told_everything, undeclared_fields, with_also, without
from engine.hooks.discovery import Announced
from engine.hooks.manifest import Manifest, cut_to


def fields_used_and_idle(
    announced: Announced,
    manifest: Manifest,
    *,
    home: Path,
    cases: Sequence[CaseAsked],
    plain: Sequence[AnyAnswer],
) -> tuple[tuple[CaseField, ...], tuple[CaseField, ...]]:
    """Return the undeclared fields with which its answers change,
    and the declared ones without which none does.

    ``plain`` is what it answered when it was sent what it declares, from the records in ``home``.
    """
    everything = told_everything(manifest)
    declared = [cut_to(manifest, each) for each in cases]
    expected = [substance(answer) for answer in plain]
    used: list[CaseField] = []
    with opened(announced, everything, home=home) as agencies:

        def changes(asked: Sequence[CaseAsked]) -> bool:
            answers = agencies.assess_many(announced.code, asked)
            return [substance(answer) for answer in answers] != expected

        def told_also(more: Manifest, others: Sequence[CaseAsked]) -> list[CaseAsked]:
            return [
                merged(mine, cut_to(more, other), manifest)
                for mine, other in zip(declared, others, strict=True)
            ]

        for others in (cases, [altered(each) for each in cases]):
            if changes(told_also(everything, others)):
                alone = [
                    field
                    for field in undeclared_fields(manifest)
                    if changes(told_also(with_also(manifest, field), others))
                ]
                used += alone or undeclared_fields(manifest)  # only several together: all are named
        idle = tuple(
            field
            for field in manifest.fields
            if not changes([cut_to(without(manifest, field), each) for each in cases])
        )
    return tuple(dict.fromkeys(used)), idle
