"""Those who can perform operations: the vendors' models and the local one, behind one port."""
