"""Light and colour: key light, relighting, tone and levelling."""
