"""Programs that run in an environment of their own, where the queues that ours is measured against live."""
