-- What was done alone waits for its review for ever.
DROP FUNCTION overrides_become_overdue(integer);
