"""Worker: claims and runs jobs, renews their leases and rescues jobs of dead workers."""
