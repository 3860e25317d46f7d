"""The tools for files of your own, by the group that lists them. `cli/file_tools.py` finds this module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cli.groups import Group
from cli.session import Command
from cli.tools import (
    identifiers,
    instrument_scoring,
    networks,
    outcome_analysis,
    person_matching,
    plugin_replay,
    registers,
    table_suppression,
)

if TYPE_CHECKING:
    from cli.file_tools import Registers

COMMANDS: Mapping[str, Mapping[str, Command | Group]] = {
    "outcome": {
        "analyse": outcome_analysis.analyse,
        "tables": Group(
            "Tables of counts, before they are published.", {"suppress": table_suppression.suppress}
        ),
    },
    "person": {"match": person_matching.match, "check-identifiers": identifiers.check},
    "links": {
        "measures": networks.measures,
        "communities": networks.communities,
        "import": networks.import_files,
    },
    "instrument": {"score": instrument_scoring.score},
    "plugin": {"replay": plugin_replay.replay},
}
LISTED = (
    "person match",
    "person check-identifiers",
    "instrument score",
    "outcome analyse",
    "outcome tables suppress",
    "links import",
    "links summary",
    "links components",
    "links neighbours",
    "links shortest-path",
    "links patterns",
    "links trends",
    "links query",
    "plugin replay",
)
"""The commands that work on files of one's own, in the order of `stac --help`."""

if TYPE_CHECKING:
    _CHECKED: Registers = registers  # it is found by name, so its types are compared here
