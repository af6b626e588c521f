"""Files of `deploy/`, read by the tools they are meant for; the dashboard is asked of a studio at work."""
