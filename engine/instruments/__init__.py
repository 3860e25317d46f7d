"""Questionnaires, tables and scoring as versioned data. Knows no case, no storage and no agency."""
