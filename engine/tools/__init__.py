"""What only the tools for files of one's own compute. Knows no record; nothing but these tools imports it."""
