"""Loads what a drain needs, for a process from which others are forked.

As much again as they name is loaded by Prefect and the engine only when a flow runs or a row is read.
"""

import gc
from importlib import import_module
from pathlib import Path

from flows import prefect_settings

WHEN_A_FLOW_RUNS = (
    "alembic.command",
    "anyio._backends._asyncio",
    "cryptography.hazmat.primitives.ciphers.aead",
    "engine.services.people.normal_forms",
    "engine.services.responses.proposals",
    "engine.store.repositories.people.same_person",
    "engine.store.repositories.responses.answers",
    "engine.store.repositories.system.audit",
    "engine.store.schema",
    "fastapi",
    "flows.assess",
    "flows.decision",
    "flows.reassess",
    "flows.runner",
    "holidays.countries",
    "phonenumbers",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.telemetry.run_telemetry",
    "prefect.utilities.visualization",
    "tests.flows.draining",
)

gc.disable()
prefect_settings.apply(Path("/nonexistent"))  # before Prefect
for name in WHEN_A_FLOW_RUNS:
    import_module(name)
gc.freeze()
gc.enable()
