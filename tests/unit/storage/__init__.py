"""What of storage can be told without a disk."""
