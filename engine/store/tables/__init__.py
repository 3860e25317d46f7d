"""All tables, in a module or folder for each subject. They have no behaviour and never leave the store."""
