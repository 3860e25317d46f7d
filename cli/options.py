"""The options that every command has. Imports nothing of the engine: `stac --help` must be quick."""

from __future__ import annotations

from dataclasses import dataclass, field
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

WHOSE = typer.Option(
    "--whose",
    metavar="TEXT=WHOSE",
    help="The owner of a place or contact in a typed text: TEXT as typed, and perpetrator, public, other or "
    "neither; may be repeated. For every command that records a text.",
)
AGAIN = typer.Option(
    "--again",
    help="Record it although it equals what you recorded a moment ago. For every command that records.",
)
SUBMISSION = typer.Option(
    "--submission",
    metavar="KEY",
    show_default=False,
    help="Your own key of this one act, known for 24 hours: with the same key nothing is recorded twice. For "
    "every command that records.",
)


@dataclass
class Submitted:
    """The options of the command that runs about the act that it submits."""

    whose: list[str] = field(default_factory=list)
    again: bool = False
    key: str | None = None


SUBMITTED = Submitted()
