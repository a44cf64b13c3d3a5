-- What changed of a row is looked up in what it was, which is quicker than a join of the two.
CREATE OR REPLACE FUNCTION audit_governed_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  left_out text[] := string_to_array(TG_ARGV[1], ',');
  old_row jsonb;
  new_row jsonb;
  any_row jsonb;
  was jsonb;
  metadata jsonb := jsonb_strip_nulls(jsonb_build_object('operation', lower(TG_OP), 'reason', unit_setting('reason')));
  actor uuid := unit_setting('actor_id')::uuid;
  unseen jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN
    any_row := to_jsonb(NEW);
    new_row := any_row - left_out;
  ELSIF TG_OP = 'DELETE' THEN
    any_row := to_jsonb(OLD);
    old_row := any_row - left_out;
  ELSE
    any_row := to_jsonb(NEW);
    was := to_jsonb(OLD);
    SELECT jsonb_object_agg(n.key, was -> n.key) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_object_agg(n.key, n.value) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_agg(n.key ORDER BY n.key) FILTER (WHERE n.key = ANY (left_out))
    INTO old_row, new_row, unseen
    FROM jsonb_each(any_row) n
    WHERE n.value <> was -> n.key AND n.key <> 'updated_at' AND NOT n.key = ANY (string_to_array(TG_ARGV[2], ','));
    IF new_row IS NULL AND unseen IS NULL THEN
      RETURN NULL;
    END IF;
    IF unseen IS NOT NULL THEN
      metadata := metadata || jsonb_build_object('changed_unseen', unseen);
    END IF;
  END IF;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value,
                           payload_hash, signature, job_id, correlation_id, ip_address, user_agent, metadata)
  VALUES (COALESCE((any_row ->> CASE TG_TABLE_NAME WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END)::uuid,
                   unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
          actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'),
          COALESCE(unit_setting('action'), TG_TABLE_NAME || ':' || lower(TG_OP)),
          TG_TABLE_NAME, any_row ->> TG_ARGV[0], old_row, new_row,
          unit_setting('payload_hash'), unit_setting('signature'), unit_setting('job_id')::uuid,
          unit_setting('correlation_id')::uuid, unit_setting('ip')::inet, unit_setting('user_agent'), metadata);
  RETURN NULL;
END $$;
