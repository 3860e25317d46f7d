"""The link graph that pages draw: one component of our own, without a frame and without the network."""
