"""Starts and stops what lasts: the dashboard, the Prefect server and the runner. Knows none of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, print_refusal, say
from cli.session import answering
from engine.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from engine.runtime import Runtime

Port = Annotated[
    int | None, typer.Option(min=1024, max=65535, help="The dashboard's port; a free one without it.")
]


def serve(port: Port = None, as_json: AsJson = False) -> None:
    """Serve the dashboard on this machine and run the background jobs, until you press Ctrl-C.

    Example: stac serve
    """
    serve_home(os.environ, port=port, as_json=as_json)


def serve_home(
    environ: Mapping[str, str],
    *,
    port: int | None = None,
    as_json: bool = False,
    on_served: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve one home until a stop is asked for; ``on_served`` is called with the dashboard's address."""
    with answering(as_json):
        from engine.runtime import open_runtime  # --help need not load the database's library
        from flows.schedules import schedules_of
        from flows.serve import serving

        with open_runtime(environ) as runtime:
            schedules_of(runtime.settings)
            with runtime.uow.unrecorded():
                pass  # what every page and the background service would refuse is refused here
            _repeat_lacking(runtime, quiet=as_json)
            home = runtime.settings.home
        if not as_json:
            say("starting: the dashboard, the Prefect server and the runner")
        with serving(home, environ=environ, dashboard_port=port) as served:
            if as_json:
                print_json({"dashboard": served.addresses.dashboard, "prefect": served.addresses.prefect})
            else:
                say(f"dashboard: {served.addresses.dashboard}")
                say(f"flow runs: {served.addresses.prefect}")
                say("Ctrl-C stops all of it")
                on_served(served.addresses.dashboard)
            served.wait(print_refusal)
    if not as_json:
        say("stopped")


def _repeat_lacking(runtime: Runtime, *, quiet: bool) -> None:
    """Repeat, before anyone can sign in, what the record lacks of the acts in the register."""
    from cli.system.repeat_acts import compared_lines
    from engine.domain.accounts.acting import flow_acting
    from engine.services.system.register_compared import repeat_lacking

    try:
        compared = repeat_lacking(runtime.context(flow_acting("compare the register of acts", "operator")))
    except InvalidInputError as error:  # a page can be read; 'stac doctor' says the same
        print_refusal(str(error))
        return
    if not quiet:
        for line in compared_lines(compared):
            say(line)
