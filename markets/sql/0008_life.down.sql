-- No market changes.
REVOKE ALL ON market_amendments, market_resolutions, market_reopenings
  FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('market_reopenings');
SELECT lower_tenant_wall('market_resolutions');
SELECT lower_tenant_wall('market_amendments');
DROP TRIGGER change_is_audited ON market_reopenings;
DROP TRIGGER change_is_audited ON market_resolutions;
DROP TRIGGER change_is_audited ON market_amendments;
DROP TRIGGER reopenings_are_never_truncated ON market_reopenings;
DROP TRIGGER reopening_never_changes ON market_reopenings;
DROP TRIGGER resolutions_are_never_truncated ON market_resolutions;
DROP TRIGGER resolution_never_changes ON market_resolutions;
DROP TRIGGER amendments_are_never_truncated ON market_amendments;
DROP TRIGGER amendment_never_changes ON market_amendments;
DROP TRIGGER reopening_takes_effect ON market_reopenings;
DROP TRIGGER resolution_takes_effect ON market_resolutions;
DROP TRIGGER amendment_takes_effect ON market_amendments;
DROP TRIGGER reopening_is_what_was_approved ON market_reopenings;
DROP TRIGGER resolution_is_what_was_approved ON market_resolutions;
DROP TRIGGER amendment_is_what_was_approved ON market_amendments;
DROP FUNCTION reopening_takes_effect();
DROP FUNCTION resolution_takes_effect();
DROP FUNCTION amendment_takes_effect();
DROP FUNCTION reopening_is_what_was_approved();
DROP FUNCTION resolution_is_what_was_approved();
DROP FUNCTION standing_resolution(uuid);
DROP FUNCTION challenge_window(text);
DROP FUNCTION amendment_is_what_was_approved();
DROP FUNCTION market_to_change(uuid, market_revisions);
DROP FUNCTION revision_granted(approval_grants);
DROP FUNCTION grant_to_use(uuid, text, uuid, bytea, text);
ALTER TABLE market_amendments
  DROP CONSTRAINT amendment_needs_human_approval,
  DROP CONSTRAINT amendment_has_a_known_market,
  DROP CONSTRAINT amendment_has_a_known_proposal;
ALTER TABLE market_resolutions
  DROP CONSTRAINT resolution_needs_human_approval,
  DROP CONSTRAINT resolution_has_a_known_market,
  DROP CONSTRAINT resolution_has_a_known_proposal,
  DROP CONSTRAINT resolution_supersedes_a_known_one;
ALTER TABLE market_reopenings
  DROP CONSTRAINT reopening_needs_human_approval,
  DROP CONSTRAINT reopening_has_a_known_market,
  DROP CONSTRAINT reopening_has_a_known_proposal;
