"""Parser of Chinese and English instructions: text to plan."""
