"""Real servers for tests, started from wheels on free ports of 127.0.0.1."""
