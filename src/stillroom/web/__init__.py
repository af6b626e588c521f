"""The web door: HTTP in, services asked, JSON and streams out."""
