"""One module a provider; each turns the port into its vendor's words."""
