"""The record: tables, migrations, repositories, transactions. Knows no rule of the field."""
