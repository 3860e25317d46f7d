"""A toy agency that writes a hundred megabytes where its answer goes, under an honest heading."""

from __future__ import annotations

import json
import os
import struct
import sys

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It writes a hundred megabytes where its answer goes, under an honest heading."""
    reply = json.loads(sys.argv[1])["reply_fd"]
    os.write(reply, struct.pack(">QQ", 100_000_000, 1))
    for _ in range(100):
        os.write(reply, b"x" * 1_000_000)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
