"""Services on real databases and real blob stores."""
