-- Grants alone keep tenants apart.
SELECT lower_tenant_wall('reauthentications');
SELECT lower_tenant_wall('approval_grants');
SELECT lower_tenant_wall('approval_decisions');
SELECT lower_tenant_wall('approval_requests');
SELECT lower_tenant_wall('approval_subjects');
SELECT lower_tenant_wall('audit_event');
