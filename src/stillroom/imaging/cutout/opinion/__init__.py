"""Second opinion: another network, which is asked what it sees in the box of a matte."""
