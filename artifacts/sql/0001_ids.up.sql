-- A snapshot is named by where and when it was fetched, and its record commits to what was fetched.
CREATE FUNCTION snapshot_id_of(url text, fetched_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(
    url || '|' || to_char(fetched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')), 'hex')
$$;

CREATE FUNCTION snapshot_record_digest(snapshot_id text, content_digest bytea, content_type text, size_bytes bigint, path text)
RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(concat_ws(E'\n', 'xmarket snapshot v1', snapshot_id, COALESCE(encode(content_digest, 'hex'), ''),
                                     COALESCE(content_type, ''), COALESCE(size_bytes::text, ''), path), 'UTF8'))
$$;
