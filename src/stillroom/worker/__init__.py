"""The worker door: claims jobs, does them, keeps their leases, rescues those of others."""
