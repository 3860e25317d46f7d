"""Probation: supervision, licence conditions, breaches, MAPPA and RoSH, from probation's own extract."""
