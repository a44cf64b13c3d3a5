-- Nobody keeps checkpoints.
REVOKE ALL ON audit_holder, audit_cosignature FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER holders_are_never_truncated ON audit_holder;
DROP TRIGGER cosignatures_are_never_truncated ON audit_cosignature;
DROP TRIGGER cosignature_stays ON audit_cosignature;
ALTER TABLE audit_cosignature DROP CONSTRAINT cosignature_is_of_a_checkpoint;
