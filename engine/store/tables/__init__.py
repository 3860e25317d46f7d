"""All tables, one module for each part of the record. They have no behaviour and never leave the store."""
