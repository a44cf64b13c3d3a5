-- The API writes what it shows of a market by itself again.
DROP VIEW markets_shown;
