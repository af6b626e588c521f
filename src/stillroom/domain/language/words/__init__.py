"""Text as tokens: known words with their senses, numbers and amounts."""
