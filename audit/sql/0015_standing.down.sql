-- Nobody asks how the log stands.
DROP FUNCTION log_standing(integer);
