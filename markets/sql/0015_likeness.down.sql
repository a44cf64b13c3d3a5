-- Nothing is alike.
DROP FUNCTION likeness_bands(uuid, bigint);
