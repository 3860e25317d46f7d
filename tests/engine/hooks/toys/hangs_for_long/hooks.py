"""A toy agency that says that it was called and never comes back from C."""

from __future__ import annotations

import hashlib

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It says that it was called and never comes back from C."""
    (records.folder / "called").touch()
    hashlib.pbkdf2_hmac("sha256", b"toy", b"salt", 2_000_000_000)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
