-- Nobody sees users, keys, jobs or messages of another tenant.
SELECT raise_tenant_wall('users');
SELECT raise_tenant_wall('user_roles');
SELECT raise_tenant_wall('api_keys');
SELECT raise_tenant_wall('jobs');
SELECT raise_tenant_wall('outbox_events');
SELECT open_wall_to_engine('jobs');
SELECT open_wall_to_engine('outbox_events');

-- An owner's job is seen by its owner alone, a job of nobody's by the whole tenant.
CREATE POLICY job_is_seen_by_its_owner ON jobs AS RESTRICTIVE TO xm_api
  USING (visible_to = ANY (ARRAY[(SELECT NULLIF(current_setting('app.actor_id', true), '')::uuid),
                                 (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)]));
