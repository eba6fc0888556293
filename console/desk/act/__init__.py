"""What the verbs perform: one function a verb, called inside one write transaction."""
