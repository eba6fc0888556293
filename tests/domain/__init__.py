"""Rules, by example and by property."""
