"""Plans: the structured edit that an instruction becomes, and what a session remembers."""
