"""Follow-up windows, survival and rates. Pure; knows no storage."""
