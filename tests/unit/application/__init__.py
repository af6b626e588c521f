"""Tests of the services without their surroundings."""
