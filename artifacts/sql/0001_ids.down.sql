-- The formulas go when no snapshot is named by them.
DROP FUNCTION snapshot_record_digest(text, bytea, text, bigint, text);
DROP FUNCTION snapshot_id_of(text, timestamptz);
