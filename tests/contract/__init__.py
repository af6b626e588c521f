"""One suite for each port, run on every implementation; and what is promised in writing."""
