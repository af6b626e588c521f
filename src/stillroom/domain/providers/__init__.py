"""Providers: capabilities, requests and results, and reasons for skipping one."""
