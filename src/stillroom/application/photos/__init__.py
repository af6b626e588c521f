"""Photos: intake, their mattes, and access to stored pictures."""
