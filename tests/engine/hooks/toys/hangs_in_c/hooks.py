"""A toy agency that never comes back from a call into C."""

from __future__ import annotations

import hashlib

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It never comes back from a call into C."""
    hashlib.pbkdf2_hmac("sha256", b"toy", b"salt", 2_000_000_000)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
