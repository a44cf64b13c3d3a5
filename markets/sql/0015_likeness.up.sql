-- Two texts that are alike share one of eight marks, which are their tenant's own.
-- The eight bytes of the simhash, each mixed with its place and the tenant: an index over marks is led by the tenant.
CREATE FUNCTION likeness_bands(of_tenant uuid, simhash bigint) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(hashtextextended(of_tenant::text, (place * 256 + ((simhash >> (8 * place)) & 255))::bigint) ORDER BY place)
  FROM generate_series(0, 7) place WHERE simhash IS NOT NULL
$$;
