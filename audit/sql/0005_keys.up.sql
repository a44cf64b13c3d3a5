-- That a key was used is no news for the log.
DROP TRIGGER change_is_audited ON api_keys;
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'digest', 'last_used_at');
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER change_is_audited;
