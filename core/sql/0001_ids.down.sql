-- The functions go when nothing uses them any more.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON SEQUENCES FROM xm_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM xm_backup;
DROP FUNCTION refuse_change();
DROP FUNCTION update_updated_at_column();
DROP FUNCTION time_ordered_uuid();
