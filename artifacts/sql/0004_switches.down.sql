-- Every agent stores evidence.
DROP TRIGGER agents_are_not_paused ON snapshots;
