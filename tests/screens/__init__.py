"""The screens by pilot and by picture."""
