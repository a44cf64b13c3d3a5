-- Evidence loses its guards.
REVOKE ALL ON snapshots, blobs FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER change_is_audited ON snapshots;
DROP TRIGGER snapshots_are_never_truncated ON snapshots;
DROP TRIGGER snapshot_never_changes ON snapshots;
DROP TRIGGER blobs_are_never_truncated ON blobs;
DROP TRIGGER content_is_never_deleted ON blobs;
DROP TRIGGER blob_is_only_quarantined ON blobs;
DROP FUNCTION blob_is_only_quarantined();
DROP TRIGGER snapshot_is_named_by_the_clock ON snapshots;
DROP FUNCTION snapshot_is_named_by_the_clock();
ALTER TABLE snapshots
  DROP CONSTRAINT snapshot_path_is_its_content,
  DROP CONSTRAINT snapshot_content_type_is_one_line,
  DROP CONSTRAINT snapshot_has_its_content,
  DROP CONSTRAINT snapshot_has_a_known_tenant;
ALTER TABLE blobs DROP CONSTRAINT blob_digest_is_a_sha256;
