"""What is true without a computer: the nouns of the studio and their rules."""
