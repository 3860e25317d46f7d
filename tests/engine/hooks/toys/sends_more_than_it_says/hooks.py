"""A toy agency that writes more than its heading says."""

from __future__ import annotations

import json
import os
import struct
import sys

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It writes more than its heading says."""
    reply = json.loads(sys.argv[1])["reply_fd"]
    forged = b'A{"kind":"nil return","looked_in":["toys"],"says":"forged"}'
    os.write(reply, struct.pack(">QQ", len(forged), 1) + forged + b"x" * 50_000)
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
