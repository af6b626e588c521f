"""Access: owners, their tokens and browser sign-ins."""
