"""Pure presentation: plain values in, cells and messages out."""
