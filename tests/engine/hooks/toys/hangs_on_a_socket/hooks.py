"""A toy agency that waits for ever for a connection."""

from __future__ import annotations

import socket

from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It waits for ever for a connection."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.accept()
    return NilReturn(looked_in=("toys",), says="Nothing was found.")
