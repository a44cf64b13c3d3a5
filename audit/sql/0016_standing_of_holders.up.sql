-- Only the worker says who keeps checkpoints no longer.
GRANT UPDATE (left_at) ON audit_holder TO xm_worker;
