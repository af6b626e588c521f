"""Provider adapters: one module per provider, translating the port to the vendor's API."""
