-- Nothing can be approved any more.
REVOKE ALL ON approval_policies, approval_subjects, approval_requests, approval_decisions, approval_grants, reauthentications
  FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER change_is_audited ON approval_decisions;
DROP TRIGGER change_is_audited ON approval_requests;
DROP TRIGGER change_is_audited ON approval_subjects;
DROP TRIGGER change_is_audited ON approval_policies;
DROP TRIGGER reauthentications_are_never_truncated ON reauthentications;
DROP TRIGGER reauthentication_never_changes ON reauthentications;
DROP TRIGGER grants_are_never_truncated ON approval_grants;
DROP TRIGGER grant_never_changes ON approval_grants;
DROP TRIGGER decisions_are_never_truncated ON approval_decisions;
DROP TRIGGER decision_never_changes ON approval_decisions;
DROP TRIGGER requests_are_never_truncated ON approval_requests;
DROP TRIGGER request_is_never_deleted ON approval_requests;
DROP TRIGGER subjects_are_never_truncated ON approval_subjects;
DROP TRIGGER subject_never_changes ON approval_subjects;
DROP TRIGGER reauthentication_is_of_now ON reauthentications;
DROP FUNCTION reauthentication_is_of_now();
DROP TRIGGER approval_needs_its_quorum ON approval_grants;
DROP FUNCTION approval_needs_its_quorum();
DROP TRIGGER decision_takes_effect ON approval_decisions;
DROP FUNCTION decision_takes_effect();
DROP TRIGGER decision_is_a_persons_own ON approval_decisions;
DROP FUNCTION decision_is_a_persons_own();
DROP TRIGGER request_only_closes ON approval_requests;
DROP FUNCTION request_only_closes();
DROP TRIGGER request_is_filled_from_its_policy ON approval_requests;
DROP FUNCTION request_is_filled_from_its_policy();
DROP TRIGGER policies_are_never_truncated ON approval_policies;
DROP TRIGGER policy_change_needs_approval ON approval_policies;
DROP FUNCTION policy_change_needs_approval();
DROP FUNCTION refuse(text, text, text);
ALTER TABLE approval_grants DROP CONSTRAINT grant_has_a_known_request, DROP CONSTRAINT grant_is_in_the_log;
ALTER TABLE approval_decisions
  DROP CONSTRAINT reason_is_given,
  DROP CONSTRAINT decision_has_a_known_reauthentication,
  DROP CONSTRAINT decision_is_by_a_known_person,
  DROP CONSTRAINT decision_is_over_the_requests_digest,
  DROP CONSTRAINT decision_has_a_known_request;
ALTER TABLE reauthentications
  DROP CONSTRAINT reauthentication_is_a_persons,
  DROP CONSTRAINT reauthentication_has_a_known_tenant;
ALTER TABLE approval_requests
  DROP CONSTRAINT request_has_a_known_operator,
  DROP CONSTRAINT request_has_a_known_proposer,
  DROP CONSTRAINT request_has_a_known_subject;
ALTER TABLE approval_subjects
  DROP CONSTRAINT subject_has_a_known_operator,
  DROP CONSTRAINT subject_has_a_known_proposer,
  DROP CONSTRAINT subject_has_a_known_tenant;
ALTER TABLE approval_policies DROP CONSTRAINT policy_roles_are_known, DROP CONSTRAINT policy_slots_fill_the_quorum;
DROP FUNCTION approval_slots(jsonb);
DROP FUNCTION role_rank(text);
