"""The real SDKs against servers that speak the vendors' wires."""
