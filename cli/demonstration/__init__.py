"""The demonstration: an invented London, built through the same services that people use."""
