-- Nobody sees the evidence of another tenant.
SELECT raise_tenant_wall('snapshots');
