"""The tables that P1 and P2 set beside our log, on our own database.

One is what a log would be if nobody asked anything of it but to hold what it is told: one key, and no order.
The other is what most logs are that prove something: each row holds the hash of the row before. Its head is
held until COMMIT, because a chain whose next link could still vanish proves nothing; so one writes at a time.
"""

from __future__ import annotations

BARE = """
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
"""
CHAIN = """
    CREATE TABLE chain_event (
      LIKE bare_event INCLUDING DEFAULTS,
      number bigint NOT NULL,
      previous bytea NOT NULL,
      hash bytea NOT NULL,
      PRIMARY KEY (audit_id),
      FOREIGN KEY (tenant_id) REFERENCES tenants (id),
      FOREIGN KEY (actor_id) REFERENCES users (id));
    -- a row that is written often finds room for its next version on its own page
    CREATE TABLE chain_head (number bigint NOT NULL, hash bytea NOT NULL) WITH (fillfactor = 10);
    INSERT INTO chain_head VALUES (0, '\\x00');

    CREATE FUNCTION link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
      SELECT h.number + 1, h.hash INTO NEW.number, NEW.previous FROM chain_head h FOR UPDATE;
      NEW.hash := sha256(NEW.previous || record_send(ROW(
        NEW.number, NEW.audit_id, NEW.tenant_id, NEW.actor_id, NEW.actor_type, NEW.action, NEW.entity_type,
        NEW.entity_id, NEW.old_value, NEW.new_value, NEW.payload_hash, NEW.signature, NEW.job_id,
        NEW.correlation_id, NEW.ip_address, NEW.user_agent, NEW.metadata, NEW.created_at)));
      UPDATE chain_head SET number = NEW.number, hash = NEW.hash;
      RETURN NEW;
    END $$;
    CREATE TRIGGER link BEFORE INSERT ON chain_event FOR EACH ROW EXECUTE FUNCTION link();
"""
