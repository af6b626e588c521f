"""Use cases: one service per stage from photo to export."""
