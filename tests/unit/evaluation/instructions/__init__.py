"""Tests of the judge of instructions and of the golden sentences."""
