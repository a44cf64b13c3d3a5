-- Nothing is tried, and nobody says for how long they read.
REVOKE INSERT (read_for) ON approval_decisions FROM xm_staff, xm_platform;
DROP TRIGGER trial_is_taken_back ON reauthentications;
DROP FUNCTION trial_is_taken_back();
