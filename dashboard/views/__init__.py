"""One module for each page or part, by subject. Each draws what a service gave; none opens a database."""
