"""Access policy, and the masking of texts. Pure; knows no storage."""
