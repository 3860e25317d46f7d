"""Whether a plugin keeps the contract, found by asking it about invented people. Knows no agency by name."""
