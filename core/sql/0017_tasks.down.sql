-- An owner's jobs are jobs like any other.
DROP VIEW tasks;
