"""The use cases: one service for each stage of the walk from photo to export."""
