-- Nobody publishes, and nobody takes back.
REVOKE INSERT (candidate_id, human_approval_audit_id) ON events FROM xm_staff, xm_platform;
REVOKE INSERT (candidate_id) ON events FROM xm_api, xm_worker;
REVOKE ALL ON event_retractions FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('event_retractions');
DROP TRIGGER change_is_audited ON event_retractions;
DROP TRIGGER retractions_are_never_truncated ON event_retractions;
DROP TRIGGER retraction_never_changes ON event_retractions;
DROP TRIGGER retraction_is_ones_own ON event_retractions;
DROP FUNCTION retraction_is_ones_own();
DROP TRIGGER revocation_takes_its_event_back ON approval_revocations;
DROP FUNCTION revocation_takes_its_event_back();
DROP TRIGGER event_approval_still_stands ON events;
DROP TRIGGER publication_ends_its_candidate ON events;
DROP FUNCTION publication_ends_its_candidate();
DROP TRIGGER event_is_what_was_approved ON events;
DROP FUNCTION event_is_what_was_approved();
DROP TRIGGER event_is_of_a_candidate ON events;
DROP FUNCTION event_is_of_a_candidate();
DROP FUNCTION event_publishes_by_itself(text, text);
ALTER TABLE event_retractions
  DROP CONSTRAINT retraction_is_by_a_known_person,
  DROP CONSTRAINT retraction_has_a_known_event;
ALTER TABLE events
  DROP CONSTRAINT event_has_a_known_candidate,
  DROP CONSTRAINT event_approval_is_in_the_log,
  DROP CONSTRAINT event_needs_human_approval;
