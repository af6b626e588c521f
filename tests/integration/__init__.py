"""Storage and services against real databases and real blob stores."""
