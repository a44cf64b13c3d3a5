-- The truth chain only grows, by one function, and everybody can see whether it is whole.
ALTER TABLE truth_chain
  ADD CONSTRAINT truth_has_a_known_actor FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT truth_hash_is_a_sha256 CHECK (hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT first_truth_has_no_other_before CHECK ((sequence_number = 1) = (previous_hash IS NULL)),
  ADD CONSTRAINT truth_is_counted_from_one CHECK (sequence_number >= 1);

-- The sha256 of an entry and the hash before it, in 64 hex digits; each part with its length, so that no two are alike.
CREATE FUNCTION calculate_truth_chain_hash(data jsonb, previous_hash text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.octet_length(data::text)::text || ':' || data::text || '|'
    || COALESCE(pg_catalog.octet_length(previous_hash)::text || ':' || previous_hash, '-'), 'UTF8')), 'hex')
$$;
CREATE FUNCTION calculate_hash(data jsonb, previous_hash text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT public.calculate_truth_chain_hash(data, previous_hash) $$;

-- Every other column of an entry, whatever time zone its reader is in.
CREATE FUNCTION truth_chain_data(t truth_chain) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', t.id, 'sequence_number', t.sequence_number, 'record_type', t.record_type, 'subject_type', t.subject_type,
    'subject_id', t.subject_id, 'payload', t.payload, 'actor_id', t.actor_id, 'actor_type', t.actor_type,
    'signature', t.signature, 'anchor_tx_hash', t.anchor_tx_hash,
    'anchored_at', to_char(t.anchored_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'created_at', to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

CREATE FUNCTION get_next_truth_chain_sequence() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT h.sequence_number + 1 FROM truth_chain_head h
$$;

-- The one way in: whoever appends holds the head until COMMIT, so that each entry knows the one before.
CREATE FUNCTION append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text,
                             signed text) RETURNS truth_chain
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  head truth_chain_head;
  entry truth_chain;
BEGIN
  SELECT * INTO STRICT head FROM truth_chain_head FOR UPDATE;
  entry.id := time_ordered_uuid();
  entry.sequence_number := head.sequence_number + 1;
  entry.previous_hash := head.hash;
  entry.record_type := of_type;
  entry.subject_type := of_subject_type;
  entry.subject_id := of_subject;
  entry.payload := said;
  entry.actor_id := by_actor;
  entry.actor_type := by_type;
  entry.signature := signed;
  entry.created_at := clock_timestamp();
  entry.hash := calculate_truth_chain_hash(truth_chain_data(entry), entry.previous_hash);
  INSERT INTO truth_chain SELECT (entry).*;
  UPDATE truth_chain_head SET sequence_number = entry.sequence_number, hash = entry.hash;
  RETURN entry;
END $$;

-- Each entry, and the head at last: what its hash should be, and what it is.
CREATE FUNCTION verify_truth_chain_integrity(up_to bigint DEFAULT NULL)
RETURNS TABLE (sequence_number bigint, is_valid boolean, expected_hash text, actual_hash text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH entries AS (
    SELECT t, lag(t.hash) OVER (ORDER BY t.sequence_number) AS before,
           row_number() OVER (ORDER BY t.sequence_number) AS place
    FROM truth_chain t WHERE up_to IS NULL OR t.sequence_number <= up_to),
  links AS (
    SELECT (e.t).sequence_number, calculate_truth_chain_hash(truth_chain_data(e.t), e.before) AS expected,
           (e.t).hash AS actual, (e.t).previous_hash IS NOT DISTINCT FROM e.before AND (e.t).sequence_number = e.place AS follows
    FROM entries e)
  SELECT l.sequence_number, l.follows AND l.expected = l.actual, l.expected, l.actual::text FROM links l
  UNION ALL
  -- a tail that was cut off is known from the head
  SELECT h.sequence_number, false, h.hash::text, last.actual::text
  FROM truth_chain_head h
  LEFT JOIN LATERAL (SELECT l.sequence_number, l.actual FROM links l ORDER BY l.sequence_number DESC LIMIT 1) last ON true
  WHERE up_to IS NULL AND (h.sequence_number, h.hash::text) IS DISTINCT FROM (COALESCE(last.sequence_number, 0), last.actual::text)
  ORDER BY 1, 2 DESC
$$;

CREATE TRIGGER truth_only_grows BEFORE UPDATE OR DELETE ON truth_chain
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER truth_is_never_truncated BEFORE TRUNCATE ON truth_chain
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE FUNCTION truth_head_moves_on() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.sequence_number <> OLD.sequence_number + 1
     OR NOT EXISTS (SELECT FROM truth_chain t WHERE t.sequence_number = NEW.sequence_number AND t.hash = NEW.hash) THEN
    RAISE EXCEPTION 'The head of the truth chain moves on with its newest entry.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'truth_chain_head',
            HINT = 'Append an entry instead.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER truth_head_moves_on BEFORE UPDATE ON truth_chain_head
  FOR EACH ROW EXECUTE FUNCTION truth_head_moves_on();
CREATE TRIGGER truth_head_stays BEFORE DELETE ON truth_chain_head
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER truth_head_is_never_truncated BEFORE TRUNCATE ON truth_chain_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
ALTER TABLE truth_chain ENABLE ALWAYS TRIGGER truth_only_grows, ENABLE ALWAYS TRIGGER truth_is_never_truncated;
ALTER TABLE truth_chain_head ENABLE ALWAYS TRIGGER truth_head_moves_on, ENABLE ALWAYS TRIGGER truth_head_stays,
  ENABLE ALWAYS TRIGGER truth_head_is_never_truncated;

REVOKE ALL ON FUNCTION append_truth(text, text, uuid, jsonb, uuid, text, text), truth_head_moves_on(),
  get_next_truth_chain_sequence(), verify_truth_chain_integrity(bigint), truth_chain_data(truth_chain) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_truth(text, text, uuid, jsonb, uuid, text, text) TO xm_staff, xm_worker, xm_platform;
GRANT EXECUTE ON FUNCTION get_next_truth_chain_sequence(), verify_truth_chain_integrity(bigint), truth_chain_data(truth_chain)
  TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT SELECT ON truth_chain, truth_chain_head TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
