-- The functions go when nothing uses them any more.
DROP FUNCTION refuse_change();
DROP FUNCTION update_updated_at_column();
DROP FUNCTION time_ordered_uuid();
