-- The functions go when no table asks them.
DROP FUNCTION has_duplicates(text[]);
DROP FUNCTION market_risk(text, text);
