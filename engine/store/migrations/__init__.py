"""Alembic migrations, from the first table on. A released one is never edited."""
