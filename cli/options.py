"""The options that every command has. Imports nothing of the engine: `stac --help` must be quick."""

from __future__ import annotations

from typing import Annotated

import typer

CASE_WORK = "case work"

AsUser = Annotated[
    str | None,
    typer.Option(
        "--as",
        envvar="STAC_USER",
        metavar="USER",
        show_default=False,
        help="The user, if several are signed in.",
    ),
]
Purpose = Annotated[
    str,
    typer.Option(
        "--purpose",
        envvar="STAC_PURPOSE",
        help="The task, as the audit log shows it: triage, case conference, ...",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Reference = Annotated[str, typer.Argument(metavar="REF", help="The referral's reference, such as R-7K3M9QV.")]
