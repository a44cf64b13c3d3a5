-- One function says how risky a market is; what its proposer states can only raise it.
CREATE FUNCTION market_risk(market_type text, stated text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (ARRAY['low', 'medium', 'high'])[GREATEST(
    CASE WHEN market_type IN ('political', 'economic') THEN 3
         WHEN market_type IN ('finance', 'social') THEN 2
         ELSE 1 END,
    COALESCE(array_position(ARRAY['low', 'medium', 'high'], stated), 1))]
$$;

CREATE FUNCTION has_duplicates(list text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT cardinality(list) <> (SELECT count(DISTINCT item) FROM unnest(list) item)
$$;
