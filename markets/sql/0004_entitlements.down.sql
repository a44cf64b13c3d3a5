-- Everybody proposes whatever they like.
DROP TRIGGER proposer_is_entitled ON market_revisions;
DROP FUNCTION proposer_is_entitled();
DROP TRIGGER agents_are_not_paused ON market_revisions;
DROP TRIGGER agents_are_not_paused ON market_proposals;
