"""One module a screen: lays out widgets, asks the store, turns messages into verbs."""
