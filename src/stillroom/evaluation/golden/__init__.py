"""Evaluation on the golden set: jobs of a studio, measured against photos with true masks."""
