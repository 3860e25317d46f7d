"""A single agency, opened for a check: its records are in a folder of the check's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.domain.people.persons import IdentifierScheme
from engine.domain.responses.requests import CaseField
from engine.hooks.conformance.people import ASKED_ON
from engine.hooks.discovery import Announced
from engine.hooks.installed import Installed
from engine.hooks.launching import START_SECONDS
from engine.hooks.manifest import Manifest
from engine.hooks.registry import Agencies

_NUMBERS = CaseField.PERPETRATOR_IDENTIFIERS


def opened(
    announced: Announced,
    manifest: Manifest,
    *,
    home: Path,
    environment: Mapping[str, str] | None = None,
    errors: Callable[[str], None] = lambda _: None,
) -> Agencies:
    """Return the agency, ready to be asked and to be closed; ``home`` is where its records are.

    One that writes no invented extract has none here that could be sealed. ``errors`` takes the text of its
    errors: it is asked only about invented people.
    """
    asked = manifest if manifest.synthetic is not None else unsealed(manifest)
    return Agencies(
        home=home,
        installed={announced.code: Installed(manifest=asked, place=announced)},
        suspended=(),
        python=sys.executable,
        environment=environment or {},
        start_seconds=START_SECONDS,
        today=lambda: ASKED_ON,
        errors=errors,
    )


def unsealed(manifest: Manifest) -> Manifest:
    """Return the manifest as if it had no extract: the engine then leaves broken records to the plugin."""
    return manifest.model_copy(update={"extract": False})


def told_everything(manifest: Manifest) -> Manifest:
    """Return the manifest as if it had declared every field: what its hooks do then shows what they read.

    The victim stays only the victim's voice's: the engine cuts that whatever a manifest says. Made without
    the manifest's own checks, and used for nothing but asking about invented people.
    """
    return manifest.model_copy(
        update={"fields": tuple(CaseField), "identifier_schemes": tuple(IdentifierScheme)}
    )


def without(manifest: Manifest, field: CaseField) -> Manifest:
    """Return the manifest as if it had not declared this field."""
    return manifest.model_copy(
        update={"fields": tuple(each for each in manifest.fields if each is not field)}
    )


def with_also(manifest: Manifest, field: CaseField) -> Manifest:
    """Return the manifest as if it had declared this field too; of identifiers, every scheme."""
    schemes = manifest.identifier_schemes
    return manifest.model_copy(
        update={
            "fields": tuple(dict.fromkeys((*manifest.fields, field))),
            "identifier_schemes": tuple(IdentifierScheme) if field is _NUMBERS else schemes,
        }
    )


def undeclared_fields(manifest: Manifest) -> tuple[CaseField, ...]:
    """Return what it does not ask for: identifiers too, when it asks for those of some schemes only."""
    return tuple(
        field
        for field in CaseField
        if field not in manifest.fields
        or (field is _NUMBERS and set(manifest.identifier_schemes) != set(IdentifierScheme))
    )
