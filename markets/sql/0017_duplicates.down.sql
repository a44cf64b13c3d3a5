-- Nobody looks for what says nearly the same.
DROP TRIGGER change_is_audited ON market_revisions;
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'canonical', '');
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER change_is_audited;
REVOKE INSERT (simhash) ON market_revisions FROM xm_api, xm_staff, xm_worker, xm_platform;
DROP FUNCTION revisions_alike(bigint);
