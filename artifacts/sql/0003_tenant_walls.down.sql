-- Grants alone keep tenants apart.
SELECT lower_tenant_wall('snapshots');
