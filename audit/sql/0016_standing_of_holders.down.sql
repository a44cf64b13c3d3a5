-- Nobody says who keeps checkpoints no longer.
REVOKE UPDATE (left_at) ON audit_holder FROM xm_worker;
