-- No table gets a wall any more.
DROP FUNCTION open_wall_to_engine(regclass);
DROP FUNCTION lower_tenant_wall(regclass);
DROP FUNCTION raise_tenant_wall(regclass);
