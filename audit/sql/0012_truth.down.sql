-- There is no truth chain.
REVOKE ALL ON truth_chain, truth_chain_head FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP TRIGGER truth_head_is_never_truncated ON truth_chain_head;
DROP TRIGGER truth_head_stays ON truth_chain_head;
DROP TRIGGER truth_head_moves_on ON truth_chain_head;
DROP FUNCTION truth_head_moves_on();
DROP TRIGGER truth_is_never_truncated ON truth_chain;
DROP TRIGGER truth_only_grows ON truth_chain;
DROP FUNCTION verify_truth_chain_integrity(bigint);
DROP FUNCTION append_truth(text, text, uuid, jsonb, uuid, text, text);
DROP FUNCTION get_next_truth_chain_sequence();
DROP FUNCTION truth_chain_data(truth_chain);
DROP FUNCTION calculate_hash(jsonb, text);
DROP FUNCTION calculate_truth_chain_hash(jsonb, text);
ALTER TABLE truth_chain DROP CONSTRAINT truth_is_counted_from_one, DROP CONSTRAINT first_truth_has_no_other_before,
  DROP CONSTRAINT truth_hash_is_a_sha256, DROP CONSTRAINT truth_has_a_known_actor;
