"""Instructions: reads Chinese and English text into a plan."""
