"""Jobs: the state machine, the events of a job, and retries."""
