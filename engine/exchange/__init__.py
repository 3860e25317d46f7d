"""Files in and files out. Knows file shapes and the domain's words; no database, service or screen."""
