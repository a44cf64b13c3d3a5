-- A stopped agent stores no evidence.
CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON snapshots
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();
ALTER TABLE snapshots ENABLE ALWAYS TRIGGER agents_are_not_paused;
