"""What stands in `deploy/`: read by the tools it is meant for, the dashboard asked of a studio at work."""
