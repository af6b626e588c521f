"""Jobs on real databases: requests, events, the worker, wishes over several turns."""
