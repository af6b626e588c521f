"""Servers that speak the three vendors' wires, paint pictures from what they are sent, and fail on demand."""
