-- Nobody sees what another tenant proposes, trades or publishes.
SELECT raise_tenant_wall('market_proposals');
SELECT raise_tenant_wall('market_revisions');
SELECT raise_tenant_wall('markets');
SELECT raise_tenant_wall('events');
SELECT raise_tenant_wall('event_snapshots');
