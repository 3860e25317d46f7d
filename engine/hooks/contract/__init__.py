"""The contract as a thing of its own: its versions, what it drops and when, and its published schemas."""
