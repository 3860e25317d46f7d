"""Names of our own objects in a STIX bundle, for who writes one and who reads it. Imports nothing."""

from __future__ import annotations

DETAILS = "extension-definition--8f3d2c5e-6f0e-4b7a-9c68-2f6f0d3e5a11"
"""Extension of our own properties on each object."""
MAKER = "identity--1c6e6f5a-9f0a-4d7e-b0c5-4a8e3b7d9c20"
