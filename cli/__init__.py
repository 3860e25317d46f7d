"""The stac command. Asks and prints; decides nothing."""
