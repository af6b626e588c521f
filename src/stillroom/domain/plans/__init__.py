"""Plans: the structured edit parsed from an instruction, and the memory of a session."""
