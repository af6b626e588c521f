"""The command line's own logic, without a studio."""
