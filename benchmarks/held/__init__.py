"""Every answer of the software, written down to be compared after a change that is to change none."""
