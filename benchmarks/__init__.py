"""What the engine costs, measured beside something that anybody can judge it by."""
