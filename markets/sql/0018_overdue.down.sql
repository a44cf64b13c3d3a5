-- What one person let through alone goes on without a review.
DROP TRIGGER market_waits_for_review ON markets;
DROP TRIGGER override_stops_its_market ON approval_overrides;
DROP FUNCTION market_waits_for_review();
DROP FUNCTION override_stops_its_market();
DROP FUNCTION grants_a_market_rests_on(markets);
