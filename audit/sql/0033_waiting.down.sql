-- Nobody is told of what was decided.
DROP TRIGGER decision_is_told ON approval_decisions;
DROP TRIGGER move_is_told ON approval_requests;
DROP FUNCTION tell_who_waits();
