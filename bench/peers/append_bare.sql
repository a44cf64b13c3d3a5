-- What an audit log would be if nobody asked anything of it but to hold what it is told: one key, and no order.
CREATE TABLE bare_event (
  audit_id uuid PRIMARY KEY DEFAULT time_ordered_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants (id),
  actor_id uuid REFERENCES users (id),
  actor_type varchar(20) NOT NULL,
  action varchar(100) NOT NULL,
  entity_type varchar(100),
  entity_id varchar(255),
  old_value jsonb,
  new_value jsonb,
  payload_hash varchar(64),
  signature text,
  job_id uuid,
  correlation_id uuid,
  ip_address inet,
  user_agent text,
  metadata jsonb DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp());
