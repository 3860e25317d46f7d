"""Fields of a case that an agency is shown, as the bytes that are sent. Shows only what ``cut_to`` shows.

A case's incidents are cut while they are written: to build each of them again costs several times as much.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic.main import IncEx

from engine.domain.responses.requests import CaseAsked
from engine.hooks.manifest import Manifest, cut_to, incident_fields

_OTHERS: dict[str, IncEx | bool] = {name: True for name in CaseAsked.model_fields if name != "incidents"}


def shown(manifest: Manifest, cases: Iterable[CaseAsked]) -> list[bytes]:
    """Return each case as JSON, cut to what the manifest declares."""
    named = set(incident_fields(manifest.fields))
    fields: dict[str, IncEx | bool] = {**_OTHERS, "incidents": {"__all__": named}} if named else _OTHERS
    views = []
    for case in cases:
        if named:
            cut = cut_to(manifest, case.model_copy(update={"incidents": ()}))
            cut = cut.model_copy(update={"incidents": case.incidents})
        else:
            cut = cut_to(manifest, case)
        views.append(cut.model_dump_json(include=fields).encode())
    return views
