"""One module for each page or part of one. Each draws what a service gave it; none opens a database."""
