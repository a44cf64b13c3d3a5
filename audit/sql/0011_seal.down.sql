-- The log is not sealed.
REVOKE ALL ON audit_tile, audit_checkpoint, audit_seal FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER the_seal_is_never_truncated ON audit_seal;
DROP TRIGGER seal_stays ON audit_seal;
DROP TRIGGER seal_only_moves_on ON audit_seal;
DROP FUNCTION seal_only_moves_on();
DROP TRIGGER checkpoints_are_never_truncated ON audit_checkpoint;
DROP TRIGGER checkpoint_stays ON audit_checkpoint;
DROP TRIGGER tiles_are_never_truncated ON audit_tile;
DROP TRIGGER tile_stays ON audit_tile;
DROP TRIGGER tile_only_grows ON audit_tile;
DROP FUNCTION tile_only_grows();
DROP FUNCTION sealed_place(uuid);
DROP FUNCTION unsealed_events(integer);
DROP FUNCTION audit_leaf(audit_event);
DROP FUNCTION audit_record(audit_event);
ALTER TABLE audit_checkpoint DROP CONSTRAINT checkpoint_root_is_a_sha256;
ALTER TABLE audit_tile DROP CONSTRAINT tile_is_of_whole_hashes, ALTER COLUMN hashes SET STORAGE EXTENDED;
