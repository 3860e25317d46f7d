"""A toy agency that carries a view that was recorded after the day of asking."""
