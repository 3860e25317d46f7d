"""Check of a plugin against the contract, by asking it about invented people. Knows no agency by name."""
