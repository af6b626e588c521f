"""One short walk of each kind through a real server: what `make test` runs of the long suites."""
