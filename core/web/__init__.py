"""The web face: how requests come in, how answers and refusals go out."""
