-- Evidence is written once and stays; a damaged body is set aside, never mended in place.
ALTER TABLE blobs ADD CONSTRAINT blob_digest_is_a_sha256 CHECK (octet_length(digest) = 32);
ALTER TABLE snapshots
  ADD CONSTRAINT snapshot_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT snapshot_has_its_content FOREIGN KEY (content_digest) REFERENCES blobs (digest) ON DELETE RESTRICT,
  ADD CONSTRAINT snapshot_content_type_is_one_line CHECK (content_type !~ '[\r\n]'),
  ADD CONSTRAINT snapshot_path_is_its_content CHECK (
    content_digest IS NULL OR object_store_path = 'db:sha256/' || encode(content_digest, 'hex'));

CREATE FUNCTION snapshot_is_named_by_the_clock() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.fetched_at := COALESCE(NEW.fetched_at, clock_timestamp());
  NEW.snapshot_id := COALESCE(NEW.snapshot_id, snapshot_id_of(NEW.url, NEW.fetched_at));
  RETURN NEW;
END $$;
CREATE TRIGGER snapshot_is_named_by_the_clock BEFORE INSERT ON snapshots
  FOR EACH ROW EXECUTE FUNCTION snapshot_is_named_by_the_clock();

CREATE FUNCTION blob_is_only_quarantined() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.quarantined_at IS NOT NULL
     OR to_jsonb(NEW) - 'quarantined_at' <> to_jsonb(OLD) - 'quarantined_at' THEN
    RAISE EXCEPTION 'Stored content is never changed; it can only be quarantined, once.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'content_never_changes', TABLE = 'blobs',
            HINT = 'Fetch it again.';
  END IF;
  NEW.quarantined_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER blob_is_only_quarantined BEFORE UPDATE ON blobs
  FOR EACH ROW EXECUTE FUNCTION blob_is_only_quarantined();
CREATE TRIGGER content_is_never_deleted BEFORE DELETE ON blobs
  FOR EACH ROW EXECUTE FUNCTION refuse_change('content_never_changes');
CREATE TRIGGER blobs_are_never_truncated BEFORE TRUNCATE ON blobs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('content_never_changes');
CREATE TRIGGER snapshot_never_changes BEFORE UPDATE OR DELETE ON snapshots
  FOR EACH ROW EXECUTE FUNCTION refuse_change('snapshot_never_changes');
CREATE TRIGGER snapshots_are_never_truncated BEFORE TRUNCATE ON snapshots
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('snapshot_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON snapshots
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

ALTER TABLE snapshots ENABLE ALWAYS TRIGGER snapshot_is_named_by_the_clock;
ALTER TABLE snapshots ENABLE ALWAYS TRIGGER snapshot_never_changes;
ALTER TABLE snapshots ENABLE ALWAYS TRIGGER snapshots_are_never_truncated;
ALTER TABLE snapshots ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE blobs ENABLE ALWAYS TRIGGER blob_is_only_quarantined;
ALTER TABLE blobs ENABLE ALWAYS TRIGGER content_is_never_deleted;
ALTER TABLE blobs ENABLE ALWAYS TRIGGER blobs_are_never_truncated;

GRANT SELECT ON snapshots, blobs TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, snapshot_id, url, fetched_at, object_store_path, content_digest, content_type, size_bytes)
  ON snapshots TO xm_api, xm_staff, xm_worker, xm_platform;
GRANT INSERT (digest, size_bytes, encoding, body), UPDATE (quarantined_at)
  ON blobs TO xm_api, xm_staff, xm_worker, xm_platform;
