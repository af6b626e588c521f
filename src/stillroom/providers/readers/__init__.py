"""Reader models: vendors that read what the rules for instructions do not understand."""
