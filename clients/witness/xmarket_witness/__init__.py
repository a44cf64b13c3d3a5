"""A witness: it cosigns the checkpoints of a log that only grows (C2SP tlog-witness)."""
