-- What most logs are that prove something: each row holds the hash of the row before, so one writes at a time.
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
INSERT INTO chain_head VALUES (0, '\x00');

-- The head is held from here to COMMIT: a chain whose next link could still vanish proves nothing.
CREATE FUNCTION link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  SELECT h.number + 1, h.hash INTO NEW.number, NEW.previous FROM chain_head h FOR UPDATE;
  NEW.hash := sha256(NEW.previous || record_send(ROW(
    NEW.number, NEW.audit_id, NEW.tenant_id, NEW.actor_id, NEW.actor_type, NEW.action, NEW.entity_type, NEW.entity_id,
    NEW.old_value, NEW.new_value, NEW.payload_hash, NEW.signature, NEW.job_id, NEW.correlation_id, NEW.ip_address,
    NEW.user_agent, NEW.metadata, NEW.created_at)));
  UPDATE chain_head SET number = NEW.number, hash = NEW.hash;
  RETURN NEW;
END $$;
CREATE TRIGGER link BEFORE INSERT ON chain_event FOR EACH ROW EXECUTE FUNCTION link();
