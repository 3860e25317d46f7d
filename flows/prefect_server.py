"""A Prefect server on a socket that is handed to it.

``python -m flows.prefect_server FD lasting|temporary text|json``

uvicorn's own ``--fd`` takes the socket for a Unix one and so leaves Nagle's delay on: 40 milliseconds on each
request, two hundred on an empty flow.
"""

from __future__ import annotations

import gc
import socket
import sys

from engine.domain.system.json_lines import LogFormat, begin_log_as
from engine.domain.system.log_lines import log_no_requests
from engine.gc_pause import collector_at_rest

GRACE_SECONDS = 2


def main() -> None:
    """Serve until asked to stop."""
    with collector_at_rest():  # it would take a fifth of the time
        import uvicorn  # both load slowly; a reader of only this module's names need not
        from prefect.server.api.server import create_app

        begin_log_as(LogFormat(sys.argv[3]))  # the path of a request to Prefect can hold one
        log_no_requests()
        listening = socket.socket(fileno=int(sys.argv[1]))
        app = create_app(ephemeral=sys.argv[2] == "temporary", final=True)
    gc.freeze()  # what is loaded stays: each full collection would go through it
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=GRACE_SECONDS)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
