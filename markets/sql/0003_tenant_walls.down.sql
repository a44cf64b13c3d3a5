-- Grants alone keep tenants apart.
SELECT lower_tenant_wall('event_snapshots');
SELECT lower_tenant_wall('events');
SELECT lower_tenant_wall('markets');
SELECT lower_tenant_wall('market_revisions');
SELECT lower_tenant_wall('market_proposals');
