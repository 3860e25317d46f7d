"""Statistics of times to an event, of any file. Pure; knows no record, no file and no screen."""
