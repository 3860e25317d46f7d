"""Protective orders, their conditions and clocks. Knows no storage; no address but what it is given."""
