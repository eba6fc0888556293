"""What the console is measured against: the smallest programs that do the same kind of thing."""
