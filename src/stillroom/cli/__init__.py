"""The command-line door: flags in, tables, files and exit codes out."""
