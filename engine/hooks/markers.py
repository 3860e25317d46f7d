"""The two marks of the plugin contract. Knows the project's name and nothing else."""

from __future__ import annotations

import pluggy

PROJECT = "stac"

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks a specification in ``engine.hooks.specs``."""
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks an agency's function as the answer to a specification of the same name."""
