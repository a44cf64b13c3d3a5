-- Grants alone keep tenants apart.
SELECT lower_tenant_wall('outbox_events');
SELECT lower_tenant_wall('jobs');
SELECT lower_tenant_wall('api_keys');
SELECT lower_tenant_wall('user_roles');
SELECT lower_tenant_wall('users');
