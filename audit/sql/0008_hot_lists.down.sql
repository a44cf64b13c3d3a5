-- The API writes what it shows of the log by itself again.
DROP VIEW audit_events_shown;
