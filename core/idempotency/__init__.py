"""Doing a thing once: what a key did already is answered again, and not done again."""
