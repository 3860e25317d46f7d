"""Loads what a drain needs, for a process from which others are forked; Prefect's settings come first."""

from pathlib import Path

from flows import prefect_settings

prefect_settings.apply(Path("/nonexistent"))

import flows.assess  # noqa: E402
import flows.runner  # noqa: E402, F401
import tests.flows.draining  # noqa: E402, F401
