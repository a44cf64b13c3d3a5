-- Nobody proposes events.
REVOKE ALL ON candidate_events FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('candidate_events');
DROP TRIGGER request_moves_its_candidate ON approval_requests;
DROP TRIGGER change_is_audited ON candidate_events;
DROP TRIGGER candidates_are_never_truncated ON candidate_events;
DROP TRIGGER candidate_is_never_deleted ON candidate_events;
DROP TRIGGER candidate_follows_its_request ON candidate_events;
DROP TRIGGER candidate_can_be_approved ON candidate_events;
DROP TRIGGER candidates_proposer_is_entitled ON candidate_events;
DROP TRIGGER candidate_is_its_canonical_text ON candidate_events;
DROP TRIGGER agents_are_not_paused ON candidate_events;
DROP TRIGGER trg_candidate_events_updated_at ON candidate_events;
DROP FUNCTION request_moves_its_candidate();
DROP FUNCTION candidate_follows_its_request();
DROP FUNCTION candidate_can_be_approved();
DROP FUNCTION candidates_proposer_is_entitled();
DROP FUNCTION candidate_is_its_canonical_text();
ALTER TABLE candidate_events
  DROP CONSTRAINT summary_is_1_to_500_long,
  DROP CONSTRAINT candidate_shows_evidence,
  DROP CONSTRAINT candidate_has_a_known_operator,
  DROP CONSTRAINT candidate_has_a_known_proposer,
  DROP CONSTRAINT candidate_has_a_known_market;
