"""Instructions: reading them by rules and by a reader model, before a job exists."""
