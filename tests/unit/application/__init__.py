"""Unit tests of the application services, with fakes behind the ports."""
