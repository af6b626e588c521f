"""Storage against real databases and stores."""
