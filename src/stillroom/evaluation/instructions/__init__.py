"""Evaluation of instructions: sentences with the changes that each must make to the plan."""
