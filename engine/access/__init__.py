"""Who may see and do what, and what is taken out of a text. Pure; knows no storage."""
