-- Nobody disputes, nobody clarifies, and no market closes by itself.
REVOKE ALL ON market_disputes, market_clarifications
  FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
SELECT lower_tenant_wall('market_clarifications');
SELECT lower_tenant_wall('market_disputes');
DROP TRIGGER change_is_audited ON market_clarifications;
DROP TRIGGER change_is_audited ON market_disputes;
DROP TRIGGER clarifications_are_never_truncated ON market_clarifications;
DROP TRIGGER clarification_never_changes ON market_clarifications;
DROP TRIGGER disputes_are_never_truncated ON market_disputes;
DROP TRIGGER dispute_is_never_deleted ON market_disputes;
DROP TRIGGER clarification_is_ones_own ON market_clarifications;
DROP TRIGGER dispute_is_only_settled ON market_disputes;
DROP TRIGGER dispute_takes_effect ON market_disputes;
DROP TRIGGER agents_are_not_paused ON market_disputes;
DROP TRIGGER dispute_is_raised_in_time ON market_disputes;
DROP FUNCTION close_due_markets(integer);
DROP FUNCTION clarification_is_ones_own();
DROP FUNCTION dispute_is_only_settled();
DROP FUNCTION dispute_takes_effect();
DROP FUNCTION dispute_is_raised_in_time();
ALTER TABLE market_disputes
  DROP CONSTRAINT dispute_has_a_known_market,
  DROP CONSTRAINT dispute_has_a_known_resolution,
  DROP CONSTRAINT dispute_is_settled_by_a_known_resolution,
  DROP CONSTRAINT dispute_is_raised_by_a_known_user,
  DROP CONSTRAINT dispute_says_why,
  DROP CONSTRAINT dispute_shows_evidence;
ALTER TABLE market_clarifications
  DROP CONSTRAINT clarification_has_a_known_market,
  DROP CONSTRAINT clarification_is_written_by_a_known_user,
  DROP CONSTRAINT clarification_is_1_to_4000_long,
  DROP CONSTRAINT clarification_was_known_before;
