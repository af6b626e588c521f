"""Command line: parse flags, call services, print tables or JSON, return exit codes."""
