"""Plain facts of one case from its reported acts and what happened around them. Pure; ranks no case."""
