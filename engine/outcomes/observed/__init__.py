"""One case as it was observed, and answers to whether, how often and how soon. Pure."""
