-- Nobody sees what happened, or what was decided, in another tenant.
SELECT raise_tenant_wall('audit_event');
SELECT raise_tenant_wall('approval_subjects');
SELECT raise_tenant_wall('approval_requests');
SELECT raise_tenant_wall('approval_decisions');
SELECT raise_tenant_wall('approval_grants');
SELECT raise_tenant_wall('reauthentications');

-- The sealer reads the log of every tenant in one order.
CREATE POLICY engine_finds_every_row ON audit_event FOR SELECT TO xm_worker USING (true);
