-- What is only tried is never kept: a proof that nobody typed lasts until the end of its transaction and no further.
CREATE FUNCTION trial_is_taken_back() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM refuse('trial_is_taken_back', 'What was only tried is never kept.', 'Take it back before the transaction ends.');
  RETURN NULL;
END $$;
-- deferred: a savepoint that is rolled back takes the question back with the row
CREATE CONSTRAINT TRIGGER trial_is_taken_back AFTER INSERT ON reauthentications
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.method = 'trial') EXECUTE FUNCTION trial_is_taken_back();
ALTER TABLE reauthentications ENABLE ALWAYS TRIGGER trial_is_taken_back;

-- Whoever decides may say for how long the page was before them.
GRANT INSERT (read_for) ON approval_decisions TO xm_staff, xm_platform;
