-- Whoever reads a proposal finds what says nearly the same in the same tenant, through the index.
-- The operator && could tell of rows that a policy hides, so no plan uses an index for it behind a wall; the owner's
-- policy hides nothing, and the marks are of the unit's tenant alone.
CREATE FUNCTION revisions_alike(wanted bigint) RETURNS TABLE (revision_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.id FROM market_revisions r
  WHERE r.simhash_bands && likeness_bands(unit_setting('tenant_id')::uuid, wanted)
    AND r.tenant_id = unit_setting('tenant_id')::uuid
    AND length(replace(((r.simhash # wanted)::bit(64))::text, '0', '')) <= 12
$$;
REVOKE ALL ON FUNCTION revisions_alike(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revisions_alike(bigint) TO xm_api, xm_staff, xm_worker, xm_platform;
GRANT INSERT (simhash) ON market_revisions TO xm_api, xm_staff, xm_worker, xm_platform;

-- The marks are no news beside the simhash.
DROP TRIGGER change_is_audited ON market_revisions;
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'canonical,simhash_bands', '');
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER change_is_audited;
