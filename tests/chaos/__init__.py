"""Studios under load whose processes, servers and disks fail. CHAOS_KILLS sets how long it goes on."""
