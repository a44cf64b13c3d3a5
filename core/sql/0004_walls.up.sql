-- A tenant's rows stand behind one wall, and its form is written once, here.
-- Never OR, CASE or a function of the column in a policy: the index on tenant_id would not be used.
CREATE FUNCTION raise_tenant_wall(around regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', around);
  -- forced on the owner too, whose guards would otherwise count no rows
  EXECUTE format('CREATE POLICY owner_sees_every_row ON %s TO xm_owner USING (true) WITH CHECK (true)', around);
  EXECUTE format('CREATE POLICY tenant_sees_its_own ON %s TO xm_api, xm_staff, xm_worker, xm_platform '
                 'USING (tenant_id = (SELECT NULLIF(current_setting(''app.tenant_id'', true), '''')::uuid)) '
                 'WITH CHECK (tenant_id = (SELECT NULLIF(current_setting(''app.tenant_id'', true), '''')::uuid))', around);
  EXECUTE format('CREATE POLICY readers_see_every_row ON %s FOR SELECT TO xm_auditor, xm_backup, xm_platform '
                 'USING (true)', around);
END $$;

CREATE FUNCTION lower_tenant_wall(around regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  standing name;
BEGIN
  FOR standing IN SELECT p.polname FROM pg_policy p WHERE p.polrelid = around LOOP
    EXECUTE format('DROP POLICY %I ON %s', standing, around);
  END LOOP;
  EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', around);
END $$;

-- The engine serves every tenant: its worker finds, adds and moves work and messages of all of them.
CREATE FUNCTION open_wall_to_engine(around regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE POLICY engine_finds_every_row ON %s FOR SELECT TO xm_worker USING (true)', around);
  EXECUTE format('CREATE POLICY engine_adds_for_every_tenant ON %s FOR INSERT TO xm_worker WITH CHECK (true)', around);
  EXECUTE format('CREATE POLICY engine_moves_every_row ON %s FOR UPDATE TO xm_worker USING (true) WITH CHECK (true)', around);
END $$;

REVOKE ALL ON FUNCTION raise_tenant_wall(regclass), lower_tenant_wall(regclass), open_wall_to_engine(regclass) FROM PUBLIC;
