-- Markets lose their guards.
REVOKE ALL ON market_proposals, market_revisions, markets, events, event_snapshots
  FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER change_is_audited ON event_snapshots;
DROP TRIGGER change_is_audited ON events;
DROP TRIGGER change_is_audited ON markets;
DROP TRIGGER change_is_audited ON market_revisions;
DROP TRIGGER change_is_audited ON market_proposals;
DROP TRIGGER evidence_links_are_never_truncated ON event_snapshots;
DROP TRIGGER evidence_link_never_changes ON event_snapshots;
DROP TRIGGER events_are_never_truncated ON events;
DROP TRIGGER event_never_changes ON events;
DROP TRIGGER markets_are_never_truncated ON markets;
DROP TRIGGER market_is_never_deleted ON markets;
DROP TRIGGER revisions_are_never_truncated ON market_revisions;
DROP TRIGGER revision_never_changes ON market_revisions;
DROP TRIGGER proposals_are_never_truncated ON market_proposals;
DROP TRIGGER proposal_is_never_deleted ON market_proposals;
DROP TRIGGER evidence_is_linked_by_its_event ON event_snapshots;
DROP FUNCTION evidence_is_linked_by_its_event();
DROP TRIGGER event_links_its_evidence ON events;
DROP FUNCTION event_links_its_evidence();
DROP TRIGGER market_content_never_changes ON markets;
DROP FUNCTION market_content_never_changes();
DROP TRIGGER market_is_what_was_approved ON markets;
DROP FUNCTION market_is_what_was_approved();
DROP TRIGGER revision_can_be_approved ON market_revisions;
DROP FUNCTION revision_can_be_approved();
DROP TRIGGER revision_is_its_canonical_text ON market_revisions;
DROP FUNCTION revision_is_its_canonical_text();
DROP TRIGGER request_moves_its_proposal ON approval_requests;
DROP FUNCTION request_moves_its_proposal();
DROP TRIGGER proposal_follows_its_request ON market_proposals;
DROP FUNCTION proposal_follows_its_request();
DROP TRIGGER proposal_is_ones_own ON market_proposals;
DROP FUNCTION proposal_is_ones_own();
DROP TRIGGER trg_markets_updated_at ON markets;
DROP TRIGGER trg_market_proposals_updated_at ON market_proposals;
ALTER TABLE event_snapshots
  DROP CONSTRAINT evidence_is_a_known_snapshot,
  DROP CONSTRAINT evidence_has_a_known_event;
ALTER TABLE events
  DROP CONSTRAINT event_shows_evidence,
  DROP CONSTRAINT event_has_a_known_market;
ALTER TABLE markets
  DROP CONSTRAINT market_has_a_known_creator,
  DROP CONSTRAINT market_has_a_known_proposal,
  DROP CONSTRAINT market_approval_is_in_the_log,
  DROP CONSTRAINT market_needs_human_approval;
ALTER TABLE market_revisions
  DROP CONSTRAINT title_is_1_to_1000_long,
  DROP CONSTRAINT revision_shows_evidence,
  DROP CONSTRAINT revision_has_a_known_proposer,
  DROP CONSTRAINT revision_has_a_known_proposal;
ALTER TABLE market_proposals
  DROP CONSTRAINT proposal_has_a_known_operator,
  DROP CONSTRAINT proposal_has_a_known_proposer,
  DROP CONSTRAINT proposal_has_a_known_tenant,
  DROP CONSTRAINT symbol_is_written_plainly;
