"""An agency that looks nothing up: what it costs to ask it is what asking costs."""
