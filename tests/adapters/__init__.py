"""Wires and adapters."""
