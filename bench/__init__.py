"""Performance figures: each measured by one script, as a ratio or against a limit, in one run."""
