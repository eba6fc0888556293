"""The outside world: wire formats and the port they all speak through."""
