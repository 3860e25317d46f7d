"""The table of each kind of node; things and places have one of their own. Reads nothing."""

from __future__ import annotations

TABLE_OF = {
    "person": "person_record",
    "incident": "incident",
    "referral": "involvement",
    "order": "court_order",
}
