--
-- PostgreSQL database dump
--

\restrict xmarket

-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: agents_are_not_paused(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.agents_are_not_paused() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  home uuid;
BEGIN
  SELECT u.tenant_id INTO home FROM users u WHERE u.id = unit_setting('actor_id')::uuid AND u.kind <> 'person';
  IF FOUND AND agents_are_paused(home) THEN
    PERFORM refuse('agents_are_paused', 'Agents and services are paused; people go on working.',
                   'Wait until people turn AGENTS_MODE to enabled again.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.agents_are_not_paused() OWNER TO xm_owner;

--
-- Name: agents_are_paused(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.agents_are_paused(of_tenant uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM switches s
                 WHERE s.name = 'AGENTS_MODE' AND s.value = 'paused' AND (s.for_tenant_id IS NULL OR s.for_tenant_id = of_tenant))
$$;


ALTER FUNCTION public.agents_are_paused(of_tenant uuid) OWNER TO xm_owner;

--
-- Name: amendment_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.amendment_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:amend', NEW.proposal_id, NEW.digest,
                                           'amendment_needs_human_approval');
  market markets;
BEGIN
  IF EXISTS (SELECT FROM market_amendments a WHERE a.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('amendment_approval_is_used_once', 'One approval makes one amendment.', 'The market is amended already.');
  END IF;
  market := market_to_change(approval.subject_id, revision_granted(approval));
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := market.version;
  NEW.previous_digest := market.content_digest;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.amendment_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: amendment_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.amendment_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE markets SET version = NEW.number + 1 WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;


ALTER FUNCTION public.amendment_takes_effect() OWNER TO xm_owner;

--
-- Name: time_ordered_uuid(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.time_ordered_uuid() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS $$SELECT pg_catalog.uuidv7()$$;


ALTER FUNCTION public.time_ordered_uuid() OWNER TO xm_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: truth_chain; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.truth_chain (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    sequence_number bigint NOT NULL,
    previous_hash character varying(64),
    hash character varying(64) NOT NULL,
    record_type character varying(50) NOT NULL,
    subject_type character varying(20) NOT NULL,
    subject_id uuid NOT NULL,
    payload jsonb NOT NULL,
    actor_type character varying(20),
    signature text,
    anchored_at timestamp with time zone,
    anchor_tx_hash text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_id uuid,
    CONSTRAINT first_truth_has_no_other_before CHECK (((sequence_number = 1) = (previous_hash IS NULL))),
    CONSTRAINT truth_actor_is_known CHECK (((actor_type IS NULL) OR ((actor_type)::text = ANY ((ARRAY['user'::character varying, 'agent'::character varying, 'system'::character varying])::text[])))),
    CONSTRAINT truth_hash_is_a_sha256 CHECK (((hash)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT truth_is_counted_from_one CHECK ((sequence_number >= 1)),
    CONSTRAINT truth_record_is_known CHECK (((record_type)::text = ANY ((ARRAY['agent_creation'::character varying, 'agent_graduation'::character varying, 'agent_suspension'::character varying, 'agent_archive'::character varying, 'council_decision'::character varying, 'trust_change'::character varying, 'trust_milestone'::character varying, 'acquisition'::character varying, 'ownership_change'::character varying, 'certification'::character varying, 'marketplace_listing'::character varying, 'human_override'::character varying, 'system_event'::character varying])::text[]))),
    CONSTRAINT truth_subject_is_known CHECK (((subject_type)::text = ANY ((ARRAY['agent'::character varying, 'user'::character varying, 'decision'::character varying])::text[])))
);


ALTER TABLE public.truth_chain OWNER TO xm_owner;

--
-- Name: append_truth(text, text, uuid, jsonb, uuid, text, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) RETURNS public.truth_chain
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  head truth_chain_head;
  entry truth_chain;
BEGIN
  SELECT * INTO STRICT head FROM truth_chain_head FOR UPDATE;
  entry.id := time_ordered_uuid();
  entry.sequence_number := head.sequence_number + 1;
  entry.previous_hash := head.hash;
  entry.record_type := of_type;
  entry.subject_type := of_subject_type;
  entry.subject_id := of_subject;
  entry.payload := said;
  entry.actor_id := by_actor;
  entry.actor_type := by_type;
  entry.signature := signed;
  entry.created_at := clock_timestamp();
  entry.hash := calculate_truth_chain_hash(truth_chain_data(entry), entry.previous_hash);
  INSERT INTO truth_chain SELECT (entry).*;
  UPDATE truth_chain_head SET sequence_number = entry.sequence_number, hash = entry.hash;
  RETURN entry;
END $$;


ALTER FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) OWNER TO xm_owner;

--
-- Name: approval_needs_its_quorum(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.approval_needs_its_quorum() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
DECLARE
  request approval_requests;
  actor uuid := unit_setting('actor_id')::uuid;
  deciders jsonb;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  SELECT jsonb_agg(jsonb_build_object('reviewer_id', d.reviewer_id, 'role', d.role_held, 'slot', d.slot, 'verdict', d.verdict,
                                      'delegation_id', d.delegation_id, 'reason', d.reason,
                                      'decided_at', d.decided_at) ORDER BY d.decided_at) INTO deciders
  FROM approval_decisions d WHERE d.request_id = request.id AND d.digest = request.digest AND d.slot IS NOT NULL;
  IF request.id IS NULL OR request.status <> 'open' OR request.expires_at <= clock_timestamp()
     OR (COALESCE(jsonb_array_length(deciders), 0) < request.quorum
         AND NOT jsonb_path_exists(COALESCE(deciders, '[]'), '$[*] ? (@.verdict == "break_glass")')) THEN
    PERFORM refuse('approval_needs_its_quorum', 'The people this policy asks for have not approved this content.',
                   'Decide on the request in the admin.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.action := request.action;
  NEW.subject_id := request.subject_id;
  NEW.digest := request.digest;
  NEW.granted_at := clock_timestamp();
  NEW.expires_at := NEW.granted_at + request.grant_lifetime;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, new_value, payload_hash,
                           correlation_id, ip_address, user_agent, metadata)
  VALUES (request.tenant_id, actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'), 'approval:grant', 'approval_grants', request.id::text,
          jsonb_build_object('action', request.action, 'subject_id', request.subject_id,
                             'digest', encode(request.digest, 'hex'), 'quorum', request.quorum, 'decisions', deciders),
          encode(request.digest, 'hex'), unit_setting('correlation_id')::uuid, unit_setting('ip')::inet,
          unit_setting('user_agent'), jsonb_strip_nulls(jsonb_build_object('operation', 'insert', 'reason', unit_setting('reason'))))
  RETURNING audit_id INTO NEW.audit_id;
  RETURN NEW;
END $_$;


ALTER FUNCTION public.approval_needs_its_quorum() OWNER TO xm_owner;

--
-- Name: approval_slots(jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.approval_slots(required_roles jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT COALESCE(pg_catalog.array_agg(r.key ORDER BY public.role_rank(r.key) DESC), '{}')
  FROM pg_catalog.jsonb_each_text(required_roles) r, pg_catalog.generate_series(1, r.value::integer)
$$;


ALTER FUNCTION public.approval_slots(required_roles jsonb) OWNER TO xm_owner;

--
-- Name: audit_governed_change(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.audit_governed_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  left_out text[] := string_to_array(TG_ARGV[1], ',');
  old_row jsonb;
  new_row jsonb;
  any_row jsonb;
  was jsonb;
  metadata jsonb := jsonb_strip_nulls(jsonb_build_object('operation', lower(TG_OP), 'reason', unit_setting('reason')));
  actor uuid := unit_setting('actor_id')::uuid;
  unseen jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN
    any_row := to_jsonb(NEW);
    new_row := any_row - left_out;
  ELSIF TG_OP = 'DELETE' THEN
    any_row := to_jsonb(OLD);
    old_row := any_row - left_out;
  ELSE
    any_row := to_jsonb(NEW);
    was := to_jsonb(OLD);
    SELECT jsonb_object_agg(n.key, was -> n.key) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_object_agg(n.key, n.value) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_agg(n.key ORDER BY n.key) FILTER (WHERE n.key = ANY (left_out))
    INTO old_row, new_row, unseen
    FROM jsonb_each(any_row) n
    WHERE n.value <> was -> n.key AND n.key <> 'updated_at' AND NOT n.key = ANY (string_to_array(TG_ARGV[2], ','));
    IF new_row IS NULL AND unseen IS NULL THEN
      RETURN NULL;
    END IF;
    IF unseen IS NOT NULL THEN
      metadata := metadata || jsonb_build_object('changed_unseen', unseen);
    END IF;
  END IF;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value,
                           payload_hash, signature, job_id, correlation_id, ip_address, user_agent, metadata)
  VALUES (COALESCE((any_row ->> CASE TG_TABLE_NAME WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END)::uuid,
                   unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
          actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'),
          COALESCE(unit_setting('action'), TG_TABLE_NAME || ':' || lower(TG_OP)),
          TG_TABLE_NAME, any_row ->> TG_ARGV[0], old_row, new_row,
          unit_setting('payload_hash'), unit_setting('signature'), unit_setting('job_id')::uuid,
          unit_setting('correlation_id')::uuid, unit_setting('ip')::inet, unit_setting('user_agent'), metadata);
  RETURN NULL;
END $$;


ALTER FUNCTION public.audit_governed_change() OWNER TO xm_owner;

--
-- Name: audit_job_move(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.audit_job_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  is_stranded boolean := NEW.status = 'dlq' AND OLD.status <> 'dlq';
  actor uuid := CASE WHEN NOT is_stranded THEN unit_setting('actor_id')::uuid END;
  old_row jsonb := jsonb_build_object('status', OLD.status);
  new_row jsonb := jsonb_build_object('status', NEW.status);
  metadata jsonb := jsonb_build_object('operation', 'update', 'type', NEW.job_type, 'attempts', OLD.attempts);
BEGIN
  IF NEW.cancel_requested_at IS DISTINCT FROM OLD.cancel_requested_at THEN
    old_row := old_row || jsonb_build_object('cancel_requested_at', OLD.cancel_requested_at);
    new_row := new_row || jsonb_build_object('cancel_requested_at', NEW.cancel_requested_at);
  END IF;
  IF is_stranded THEN
    metadata := metadata || jsonb_build_object('attempts', NEW.attempts, 'error', left(NEW.error_message, 500));
  ELSE
    metadata := metadata || jsonb_strip_nulls(jsonb_build_object('reason', unit_setting('reason')));
  END IF;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value,
                           payload_hash, signature, job_id, correlation_id, ip_address, user_agent, metadata)
  VALUES (NEW.tenant_id, actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'),
          CASE WHEN is_stranded THEN 'job:dlq' ELSE COALESCE(unit_setting('action'), 'jobs:update') END,
          'jobs', NEW.job_id, old_row, new_row, unit_setting('payload_hash'), unit_setting('signature'), NEW.job_id,
          COALESCE(unit_setting('correlation_id')::uuid, NEW.trace_id), unit_setting('ip')::inet,
          unit_setting('user_agent'), metadata);
  RETURN NULL;
END $$;


ALTER FUNCTION public.audit_job_move() OWNER TO xm_owner;

--
-- Name: audit_event; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_event (
    audit_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    actor_type character varying(20) NOT NULL,
    action character varying(100) NOT NULL COLLATE pg_catalog."C",
    entity_type character varying(100),
    entity_id character varying(255),
    old_value jsonb,
    new_value jsonb,
    payload_hash character varying(64),
    signature text,
    job_id uuid,
    correlation_id uuid,
    ip_address inet,
    user_agent text,
    metadata jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seq bigint NOT NULL,
    actor_id uuid,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    CONSTRAINT actor_type_is_known CHECK (((actor_type)::text = ANY ((ARRAY['human'::character varying, 'agent'::character varying, 'system'::character varying])::text[]))),
    CONSTRAINT only_the_system_has_no_actor CHECK ((((actor_type)::text = 'system'::text) OR (actor_id IS NOT NULL)))
);

ALTER TABLE ONLY public.audit_event FORCE ROW LEVEL SECURITY;


ALTER TABLE public.audit_event OWNER TO xm_owner;

--
-- Name: audit_leaf(public.audit_event); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.audit_leaf(e public.audit_event) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT pg_catalog.sha256('\x00'::bytea OPERATOR(pg_catalog.||) public.audit_record(e))
$$;


ALTER FUNCTION public.audit_leaf(e public.audit_event) OWNER TO xm_owner;

--
-- Name: audit_record(public.audit_event); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.audit_record(e public.audit_event) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT pg_catalog.record_send(ROW(
    1, e.epoch, e.xid, e.seq, e.audit_id, e.tenant_id, e.actor_id, e.actor_type, e.action, e.entity_type, e.entity_id,
    pg_catalog.sha256(pg_catalog.convert_to(e.old_value::text, 'UTF8')),
    pg_catalog.sha256(pg_catalog.convert_to(e.new_value::text, 'UTF8')),
    e.payload_hash, e.signature, e.job_id, e.correlation_id,
    pg_catalog.sha256(pg_catalog.convert_to(e.ip_address::text, 'UTF8')),
    pg_catalog.sha256(pg_catalog.convert_to(e.user_agent, 'UTF8')),
    e.metadata, e.created_at))
$$;


ALTER FUNCTION public.audit_record(e public.audit_event) OWNER TO xm_owner;

--
-- Name: authenticate_key(text, bytea); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.authenticate_key(wanted_prefix text, wanted_digest bytea) RETURNS TABLE(key_id uuid, user_id uuid, tenant_id uuid, kind text, role text, scopes text[], state text, policy text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  RETURN QUERY
  SELECT k.id, u.id, u.tenant_id, u.kind::text,
         CASE WHEN u.kind = 'person' THEN highest_role(u.id) END,
         k.scopes,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
              WHEN k.expires_at <= clock_timestamp() THEN 'expired'
              WHEN u.status <> 'active' OR t.status <> 'active' THEN 'disabled'
              ELSE 'active' END,
         u.signature_policy::text
  FROM api_keys k
  JOIN users u ON u.id = k.user_id
  JOIN tenants t ON t.id = u.tenant_id
  WHERE k.prefix = wanted_prefix AND k.digest = wanted_digest;

  UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = (
    SELECT k.id FROM api_keys k
    WHERE k.prefix = wanted_prefix AND k.digest = wanted_digest
      AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute')
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    FOR NO KEY UPDATE SKIP LOCKED);
END $$;


ALTER FUNCTION public.authenticate_key(wanted_prefix text, wanted_digest bytea) OWNER TO xm_owner;

--
-- Name: barred_from_resolving(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.barred_from_resolving(resolved uuid) RETURNS uuid[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT COALESCE(array_agg(DISTINCT p.person), '{}')
  FROM markets m
  JOIN approval_grants g ON g.audit_id = m.human_approval_audit_id OR g.audit_id = (
    SELECT a.human_approval_audit_id FROM market_amendments a
    WHERE a.tenant_id = m.tenant_id AND a.market_id = m.market_id AND a.number = m.version - 1)
  JOIN approval_decisions d ON d.request_id = g.request_id AND d.verdict IN ('approve', 'break_glass')
  LEFT JOIN approval_delegations l ON l.id = d.delegation_id
  CROSS JOIN LATERAL (VALUES (d.reviewer_id), (l.from_person_id)) p (person)
  WHERE m.market_id = resolved AND p.person IS NOT NULL
$$;


ALTER FUNCTION public.barred_from_resolving(resolved uuid) OWNER TO xm_owner;

--
-- Name: beat_jobs(uuid[], text, double precision); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.beat_jobs(of_jobs uuid[], by_worker text, lease_seconds double precision) RETURNS TABLE(job_id uuid, attempts integer, is_to_stop boolean)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    UPDATE jobs j SET lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
    WHERE j.job_id IN (SELECT w.job_id FROM jobs w WHERE w.job_id = ANY (of_jobs) AND w.locked_by = by_worker
                       AND w.status = 'processing' FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING j.job_id, j.attempts, j.cancel_requested_at IS NOT NULL;
END $$;


ALTER FUNCTION public.beat_jobs(of_jobs uuid[], by_worker text, lease_seconds double precision) OWNER TO xm_owner;

--
-- Name: blob_is_only_quarantined(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.blob_is_only_quarantined() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.quarantined_at IS NOT NULL
     OR to_jsonb(NEW) - 'quarantined_at' <> to_jsonb(OLD) - 'quarantined_at' THEN
    RAISE EXCEPTION 'Stored content is never changed; it can only be quarantined, once.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'content_never_changes', TABLE = 'blobs',
            HINT = 'Fetch it again.';
  END IF;
  NEW.quarantined_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.blob_is_only_quarantined() OWNER TO xm_owner;

--
-- Name: calculate_hash(jsonb, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.calculate_hash(data jsonb, previous_hash text DEFAULT NULL::text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT public.calculate_truth_chain_hash(data, previous_hash) $$;


ALTER FUNCTION public.calculate_hash(data jsonb, previous_hash text) OWNER TO xm_owner;

--
-- Name: calculate_truth_chain_hash(jsonb, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.calculate_truth_chain_hash(data jsonb, previous_hash text DEFAULT NULL::text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.octet_length(data::text)::text || ':' || data::text || '|'
    || COALESCE(pg_catalog.octet_length(previous_hash)::text || ':' || previous_hash, '-'), 'UTF8')), 'hex')
$$;


ALTER FUNCTION public.calculate_truth_chain_hash(data jsonb, previous_hash text) OWNER TO xm_owner;

--
-- Name: candidate_can_be_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.candidate_can_be_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by)
  VALUES (NEW.tenant_id, 'event:publish', NEW.candidate_id, NEW.digest, NEW.risk, NEW.proposed_by, NEW.operated_by);
  RETURN NULL;
END $$;


ALTER FUNCTION public.candidate_can_be_approved() OWNER TO xm_owner;

--
-- Name: candidate_follows_its_request(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.candidate_follows_its_request() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside candidate_events := NEW;
BEGIN
  beside.status := OLD.status;
  beside.rejection_reason := OLD.rejection_reason;
  beside.updated_at := OLD.updated_at;
  -- generated, and NEW does not know it yet
  beside.digest := OLD.digest;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('candidate_never_changes', 'A proposed event stays as it was proposed.', 'Withdraw it and propose another.');
  END IF;
  IF current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('candidate_follows_its_request', 'The status of a proposed event is what was decided on its request.',
                   'Decide on the request in the admin.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.candidate_follows_its_request() OWNER TO xm_owner;

--
-- Name: candidate_is_its_canonical_text(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.candidate_is_its_canonical_text() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  proposer users;
  market markets;
  content jsonb;
  newest timestamptz;
  found_here integer;
BEGIN
  IF NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_ones_own', 'Nobody proposes in the name of another.', 'Use your own key.');
  END IF;
  SELECT * INTO proposer FROM users u WHERE u.id = NEW.proposed_by;
  IF NOT FOUND OR proposer.status <> 'active' THEN
    PERFORM refuse('proposal_has_a_known_proposer', 'The proposer is not an active user.', 'Use a live account.');
  END IF;
  BEGIN
    content := convert_from(NEW.canonical, 'UTF8')::jsonb;
    NEW.market_id := (content ->> 'market_id')::uuid;
    NEW.summary := content ->> 'summary';
    NEW.event_type := content ->> 'event_type';
    NEW.confidence := (content ->> 'confidence')::numeric;
    NEW.known_at := (content ->> 'known_at')::timestamptz;
    NEW.impact_score := (content ->> 'impact_score')::numeric;
    NEW.llm_reasoning := content ->> 'llm_reasoning';
    NEW.variable_name := content ->> 'variable_name';
    NEW.variable_description := content ->> 'variable_description';
    NEW.metadata := COALESCE(content -> 'metadata', '{}');
    NEW.snapshot_ids := ARRAY(SELECT jsonb_array_elements_text(content -> 'snapshot_ids'));
  EXCEPTION WHEN data_exception THEN
    PERFORM refuse('candidate_is_well_formed', 'The canonical text is not what an event says.',
                   'Send RFC 8785 JSON with market_id, symbol, summary and snapshot_ids.');
  END;
  IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(NEW.metadata) <> 'object' OR btrim(COALESCE(NEW.summary, '')) = ''
     OR NOT content ?& ARRAY['market_id', 'symbol', 'summary', 'snapshot_ids']
     OR NEW.confidence::text IS DISTINCT FROM content ->> 'confidence'
     OR NEW.impact_score::text IS DISTINCT FROM content ->> 'impact_score'
     OR to_char(NEW.known_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') IS DISTINCT FROM content ->> 'known_at' THEN
    PERFORM refuse('candidate_is_well_formed', 'The canonical text lacks something an event needs, or writes it another way.',
                   'It needs market_id, symbol, summary and snapshot_ids; amounts with two decimals, times in UTC with microseconds.');
  END IF;

  SELECT * INTO market FROM markets m
  WHERE m.market_id = NEW.market_id AND (m.tenant_id = proposer.tenant_id OR proposer.tenant_id = '00000000-0000-0000-0000-000000000000');
  IF NOT FOUND OR market.symbol IS DISTINCT FROM content ->> 'symbol' THEN
    PERFORM refuse('candidate_has_a_known_market', 'There is no such market here.', 'Name the market_id and symbol of a market of your tenant.');
  END IF;
  IF market.status = 'voided' THEN
    PERFORM refuse('market_takes_no_events', 'This market was voided.', 'Propose the event on another market.');
  END IF;
  NEW.tenant_id := market.tenant_id;
  NEW.risk := COALESCE(market.risk_level, market_risk(market.type, NULL));
  NEW.operated_by := proposer.operated_by;
  NEW.status := 'pending';
  NEW.rejection_reason := NULL;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  NEW.dedupe_hash := encode(sha256(convert_to(
    NEW.summary || COALESCE((SELECT string_agg(s, '' ORDER BY s COLLATE "C") FROM unnest(NEW.snapshot_ids) s), ''), 'UTF8')), 'hex');

  SELECT count(*), max(s.fetched_at) INTO found_here, newest FROM snapshots s
  WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids);
  IF found_here <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  -- what nobody dates was known when it was last read
  NEW.known_at := COALESCE(NEW.known_at, newest, NEW.created_at);
  IF NEW.known_at > NEW.created_at THEN
    PERFORM refuse('known_at_is_not_to_come', 'Nobody knows an event before it is known.', 'Send the time at which it was known.');
  END IF;
  IF proposer.kind = 'agent'
     AND (NEW.producer IS NULL OR NEW.schema_version IS NULL OR cardinality(NEW.safety_assertions) < 2
          OR has_duplicates(NEW.safety_assertions) OR NOT NEW.safety_assertions <@ ARRAY[
            'no-production-write', 'no-seed-data', 'requires-human-approval', 'uses-snapshot-ids-for-provenance']) THEN
    PERFORM refuse('agent_states_its_safety', 'An agent names its producer, its schema version and at least two safety assertions.',
                   'Send producer, schema_version and safety_assertions.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.candidate_is_its_canonical_text() OWNER TO xm_owner;

--
-- Name: candidate_waits_for_people(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.candidate_waits_for_people() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  stands text;
BEGIN
  -- held, so that nothing is published by a policy while people are asked about it
  SELECT c.status INTO stands FROM candidate_events c WHERE c.candidate_id = NEW.subject_id FOR SHARE;
  IF stands IS DISTINCT FROM 'pending' THEN
    PERFORM refuse('candidate_is_closed', format('This proposed event is %s.', stands), 'Propose another.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.candidate_waits_for_people() OWNER TO xm_owner;

--
-- Name: candidates_proposer_is_entitled(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.candidates_proposer_is_entitled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  held user_entitlements;
  market markets;
BEGIN
  -- locked, so that two candidates at once do not each count the same open ones
  SELECT * INTO held FROM user_entitlements e WHERE e.user_id = NEW.proposed_by FOR NO KEY UPDATE;
  SELECT * INTO STRICT market FROM markets m WHERE m.market_id = NEW.market_id;
  IF NOT entitles(held.asset_classes, market.type) THEN
    PERFORM refuse('not_entitled_to_this_type', format('The proposer is not entitled to %s markets.', market.type),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF NOT entitles(held.instruments, market.symbol) THEN
    PERFORM refuse('not_entitled_to_this_symbol', format('The proposer is not entitled to the symbol %s.', market.symbol),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF market.region IS NOT NULL AND NOT entitles(held.venues, market.region) THEN
    PERFORM refuse('not_entitled_to_this_region', format('The proposer is not entitled to the region %s.', market.region),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF (SELECT count(*) FROM candidate_events c
      WHERE c.tenant_id = NEW.tenant_id AND c.proposed_by = NEW.proposed_by AND c.status = 'pending')
      > COALESCE(held.max_open_orders, 0) THEN
    PERFORM refuse('open_proposals_are_within_the_limit', format('The proposer is entitled to %s undecided events at most.',
                   COALESCE(held.max_open_orders, 0)), 'Wait for decisions, or withdraw one.');
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.candidates_proposer_is_entitled() OWNER TO xm_owner;

--
-- Name: approval_requests; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_requests (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    action character varying(100) NOT NULL,
    subject_id uuid NOT NULL,
    digest bytea NOT NULL,
    risk character varying(20) NOT NULL,
    quorum integer NOT NULL,
    required_roles jsonb NOT NULL,
    grant_lifetime interval NOT NULL,
    needs_reauthentication boolean NOT NULL,
    status character varying(20) DEFAULT 'open'::character varying NOT NULL,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    operated_by uuid,
    proposed_by uuid NOT NULL,
    tenant_id uuid NOT NULL,
    barred uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    due_at timestamp with time zone NOT NULL,
    escalated_at timestamp with time zone,
    CONSTRAINT closed_request_says_when CHECK ((((closed_at IS NULL) AND ((status)::text = 'open'::text)) OR ((NOT ((status)::text = 'open'::text)) AND (closed_at IS NOT NULL)))),
    CONSTRAINT request_status_is_known CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'granted'::character varying, 'rejected'::character varying, 'changes_requested'::character varying, 'superseded'::character varying, 'withdrawn'::character varying])::text[])))
);

ALTER TABLE ONLY public.approval_requests FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_requests OWNER TO xm_owner;

--
-- Name: care_for_requests(integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.care_for_requests(most integer) RETURNS SETOF public.approval_requests
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  moment timestamptz := clock_timestamp();
BEGIN
  -- whoever has two hours or less is told once, when it is put
  INSERT INTO approval_notices (tenant_id, request_id, occasion)
  SELECT r.tenant_id, r.id, 'due' FROM approval_requests r
  WHERE r.status = 'open' AND r.escalated_at IS NULL AND r.due_at > moment AND r.due_at <= moment + interval '1 hour'
    AND r.due_at > r.requested_at + interval '2 hours'
  ON CONFLICT DO NOTHING;
  INSERT INTO approval_notices (tenant_id, request_id, occasion)
  SELECT r.tenant_id, r.id, 'closed' FROM approval_requests r
  WHERE r.status = 'open' AND r.expires_at <= moment AND r.expires_at > moment - interval '1 day'
  ON CONFLICT DO NOTHING;
  -- whoever decides just now has the lock, and nobody waits for them
  RETURN QUERY
  UPDATE approval_requests r SET escalated_at = moment
  FROM (SELECT o.id FROM approval_requests o
        WHERE o.status = 'open' AND o.escalated_at IS NULL AND o.due_at <= moment AND o.expires_at > moment
        ORDER BY o.due_at LIMIT most FOR NO KEY UPDATE SKIP LOCKED) overdue
  WHERE r.id = overdue.id RETURNING r.*;
END $$;


ALTER FUNCTION public.care_for_requests(most integer) OWNER TO xm_owner;

--
-- Name: challenge_window(text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.challenge_window(risk text) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE risk WHEN 'high' THEN interval '72 hours' ELSE interval '24 hours' END
$$;


ALTER FUNCTION public.challenge_window(risk text) OWNER TO xm_owner;

--
-- Name: markets; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.markets (
    market_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    symbol character varying(50) NOT NULL,
    type character varying(50) NOT NULL,
    subtype character varying(50),
    region character varying(50),
    risk_level character varying(20),
    approval_action text GENERATED ALWAYS AS ('market:create'::text) STORED,
    digest bytea NOT NULL,
    title text NOT NULL,
    description text,
    resolution_criteria text NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    exposure numeric(20,4) DEFAULT 0 NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb,
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_by uuid NOT NULL,
    human_approval_audit_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    proposal_id uuid NOT NULL,
    challenge_until timestamp with time zone,
    content_digest bytea NOT NULL,
    known_at timestamp with time zone,
    outcome character varying(20),
    reopened integer DEFAULT 0 NOT NULL,
    resolved_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT market_risk_is_known CHECK (((risk_level IS NULL) OR ((risk_level)::text = ANY ((ARRAY['low'::character varying, 'medium'::character varying, 'high'::character varying])::text[])))),
    CONSTRAINT market_status_is_known CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'paused'::character varying, 'closed'::character varying, 'resolved'::character varying, 'voided'::character varying, 'disputed'::character varying])::text[]))),
    CONSTRAINT market_type_is_known CHECK (((type)::text = ANY ((ARRAY['political'::character varying, 'economic'::character varying, 'social'::character varying, 'technology'::character varying, 'finance'::character varying, 'culture'::character varying, 'sports'::character varying])::text[])))
);

ALTER TABLE ONLY public.markets FORCE ROW LEVEL SECURITY;


ALTER TABLE public.markets OWNER TO xm_owner;

--
-- Name: change_fits_its_market(text, public.markets, jsonb, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.change_fits_its_market(kind text, market public.markets, content jsonb, written_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF (kind IN ('amend', 'reopen') AND market.status NOT IN ('active', 'paused', 'closed'))
     OR (kind = 'reopen' AND market.status = 'active')
     OR (kind = 'resolve' AND market.status NOT IN ('active', 'paused', 'closed', 'disputed'))
     OR (kind = 'void' AND market.status = 'voided') THEN
    PERFORM refuse('market_moves_as_it_may', format('A market that is %s cannot be changed by a proposal to %s it.', market.status, kind),
                   'Look at the state it is in.');
  END IF;
  IF market.status = 'resolved' AND market.challenge_until <= clock_timestamp() THEN
    PERFORM refuse('resolution_is_final', format('This market could be disputed until %s.', market.challenge_until),
                   'Nothing changes it any more.');
  END IF;
  IF content ->> 'base_digest' IS DISTINCT FROM encode(market.content_digest, 'hex')
     OR EXISTS (SELECT FROM market_reopenings r WHERE r.tenant_id = market.tenant_id AND r.market_id = market.market_id
                AND r.recorded_at > written_at) THEN
    PERFORM refuse('market_has_moved_on', 'The market is not what it was when this was proposed.',
                   'Read it again, and propose on its content_digest.');
  END IF;
  IF kind = 'reopen' AND (content ->> 'closes_at')::timestamptz <= clock_timestamp() THEN
    PERFORM refuse('reopening_ends_in_the_future', 'A market opens again until a time to come.', 'Name a later closes_at.');
  END IF;
END $$;


ALTER FUNCTION public.change_fits_its_market(kind text, market public.markets, content jsonb, written_at timestamp with time zone) OWNER TO xm_owner;

--
-- Name: claim_is_ones_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.claim_is_ones_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  PERFORM role_of_acting_staff(NEW.person_id, request.tenant_id);
  IF request.status <> 'open' THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', request.status), 'Look at the newer request.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.claimed_at := clock_timestamp();
  NEW.released_at := NULL;
  UPDATE approval_claims SET released_at = NEW.claimed_at
  WHERE request_id = NEW.request_id AND released_at IS NULL
    AND (person_id = NEW.person_id OR claimed_at <= NEW.claimed_at - interval '30 minutes');
  IF EXISTS (SELECT FROM approval_claims c WHERE c.request_id = NEW.request_id AND c.released_at IS NULL) THEN
    PERFORM refuse('request_is_claimed', 'Somebody else looked at this request within the last half hour.',
                   'Ask them, or wait; you may decide all the same.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.claim_is_ones_own() OWNER TO xm_owner;

--
-- Name: claim_is_only_released(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.claim_is_only_released() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside approval_claims := NEW;
BEGIN
  beside.released_at := OLD.released_at;
  IF beside IS DISTINCT FROM OLD OR OLD.released_at IS NOT NULL OR NEW.released_at IS NULL THEN
    PERFORM refuse('claim_never_changes', 'A claim stays as it was made; it is only released.', 'Release it and claim again.');
  END IF;
  IF OLD.person_id IS DISTINCT FROM unit_setting('actor_id')::uuid
     AND current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('claim_is_ones_own', 'A claim is released by the person whose it is.', 'Claim it yourself.');
  END IF;
  NEW.released_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.claim_is_only_released() OWNER TO xm_owner;

--
-- Name: claim_job(uuid, text, double precision, jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.claim_job(of_job uuid, by_worker text, lease_seconds double precision, options jsonb) RETURNS TABLE(job_id uuid, tenant_id uuid, owner_id uuid, job_type text, idempotency_key text, payload jsonb, attempts integer, max_attempts integer, concurrency_key text, requested_by uuid, trace_id uuid, created_at timestamp with time zone, started_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
  now_is timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    UPDATE jobs j
    SET status = 'processing', attempts = j.attempts + 1, lease_until = now_is + make_interval(secs => lease_seconds),
        locked_by = by_worker, started_at = now_is, stage = NULL, progress = NULL,
        timeout_at = now_is + make_interval(secs => COALESCE((options -> j.job_type ->> 'time_limit')::float8, 300))
    WHERE j.job_id = (SELECT w.job_id FROM jobs w
                      WHERE w.job_id = of_job AND w.status IN ('pending', 'retry') AND w.next_attempt_at <= now_is
                        AND NOT jobs_are_paused(w.tenant_id)
                      FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING j.job_id, j.tenant_id, j.owner_id, j.job_type::text, j.idempotency_key::text, j.payload, j.attempts,
              j.max_attempts, j.concurrency_key::text, j.requested_by, j.trace_id, j.created_at, j.started_at;
END $$;


ALTER FUNCTION public.claim_job(of_job uuid, by_worker text, lease_seconds double precision, options jsonb) OWNER TO xm_owner;

--
-- Name: claim_jobs(text[], text, double precision, uuid, jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.claim_jobs(of_lanes text[], by_worker text, lease_seconds double precision, after_tenant uuid, options jsonb) RETURNS TABLE(job_id uuid, tenant_id uuid, owner_id uuid, job_type text, idempotency_key text, payload jsonb, attempts integer, max_attempts integer, concurrency_key text, requested_by uuid, trace_id uuid, created_at timestamp with time zone, started_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
  now_is timestamptz := clock_timestamp();
  in_lane text;
  turn uuid;
  has_wrapped boolean;
  first_job uuid;
  first_type text;
  taken uuid[];
BEGIN
  FOREACH in_lane IN ARRAY of_lanes LOOP
    turn := after_tenant;
    has_wrapped := false;
    LOOP
      -- the next tenant that has anything waiting, by two looks at the index however many jobs there are
      SELECT min_of.tenant_id INTO turn FROM (
        SELECT j.tenant_id FROM jobs j
        WHERE j.lane = in_lane AND j.status IN ('pending', 'retry') AND j.tenant_id > turn
        ORDER BY j.tenant_id LIMIT 1) min_of;
      IF turn IS NULL THEN
        EXIT WHEN has_wrapped;
        has_wrapped := true;
        turn := '00000000-0000-0000-0000-000000000000';
        IF NOT EXISTS (SELECT FROM jobs j WHERE j.lane = in_lane AND j.status IN ('pending', 'retry') AND j.tenant_id = turn) THEN
          CONTINUE;
        END IF;
      END IF;
      EXIT WHEN has_wrapped AND turn > after_tenant;
      IF NOT jobs_are_paused(turn) THEN
        SELECT j.job_id, j.job_type INTO first_job, first_type FROM jobs j
        WHERE j.lane = in_lane AND j.tenant_id = turn AND j.status IN ('pending', 'retry') AND j.next_attempt_at <= now_is
          AND (options -> j.job_type ->> 'rate' IS NULL
               OR COALESCE((SELECT r.begins_at <= now_is FROM job_rates r WHERE r.job_type = j.job_type), true))
          AND (j.concurrency_key IS NULL OR options -> j.job_type ->> 'concurrency' IS NULL
               OR (SELECT count(*) FROM jobs b WHERE b.concurrency_key = j.concurrency_key AND b.status = 'processing')
                  < (options -> j.job_type ->> 'concurrency')::integer)
        ORDER BY j.next_attempt_at, j.job_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
          taken := ARRAY[first_job];
          IF (options -> first_type ->> 'batch')::integer > 1 THEN
            SELECT first_job || array_agg(more.job_id) INTO taken FROM (
              SELECT j.job_id FROM jobs j
              WHERE j.lane = in_lane AND j.tenant_id = turn AND j.status IN ('pending', 'retry')
                AND j.next_attempt_at <= now_is AND j.job_type = first_type AND j.job_id <> first_job
              ORDER BY j.next_attempt_at, j.job_id LIMIT (options -> first_type ->> 'batch')::integer - 1
              FOR NO KEY UPDATE SKIP LOCKED) more;
          END IF;
          RETURN QUERY
            UPDATE jobs j
            SET status = 'processing', attempts = j.attempts + 1, lease_until = now_is + make_interval(secs => lease_seconds),
                locked_by = by_worker, started_at = now_is, stage = NULL, progress = NULL,
                timeout_at = now_is + make_interval(secs => COALESCE((options -> first_type ->> 'time_limit')::float8, 300))
            WHERE j.job_id = ANY (taken)
            RETURNING j.job_id, j.tenant_id, j.owner_id, j.job_type::text, j.idempotency_key::text, j.payload, j.attempts,
                      j.max_attempts, j.concurrency_key::text, j.requested_by, j.trace_id, j.created_at, j.started_at;
          RETURN;
        END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;


ALTER FUNCTION public.claim_jobs(of_lanes text[], by_worker text, lease_seconds double precision, after_tenant uuid, options jsonb) OWNER TO xm_owner;

--
-- Name: clarification_is_ones_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.clarification_is_ones_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  writer users;
BEGIN
  SELECT * INTO writer FROM users u WHERE u.id = NEW.written_by;
  IF NEW.written_by IS DISTINCT FROM unit_setting('actor_id')::uuid OR writer.status IS DISTINCT FROM 'active' OR NOT writer.is_staff
     OR writer.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('clarification_is_ones_own', 'Nobody clarifies in the name of another.', 'Log in as yourself.');
  END IF;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.clarification_is_ones_own() OWNER TO xm_owner;

--
-- Name: close_due_markets(integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.close_due_markets(at_most integer) RETURNS TABLE(closed_id uuid, of_tenant uuid, called text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  -- looked for once: joined as it stands, it would be asked again for each row, and close more
  WITH due AS MATERIALIZED (
    SELECT d.market_id FROM markets d WHERE d.status IN ('active', 'paused') AND d.closes_at <= clock_timestamp()
    ORDER BY d.closes_at LIMIT at_most FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE markets m SET status = 'closed' FROM due WHERE m.market_id = due.market_id
  RETURNING m.market_id, m.tenant_id, m.symbol
$$;


ALTER FUNCTION public.close_due_markets(at_most integer) OWNER TO xm_owner;

--
-- Name: comment_is_by_whoever_takes_part(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.comment_is_by_whoever_takes_part() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  IF NEW.author_id IS DISTINCT FROM unit_setting('actor_id')::uuid
     OR NOT EXISTS (SELECT FROM users u WHERE u.id = NEW.author_id AND u.status = 'active'
                    AND u.tenant_id IN (request.tenant_id, '00000000-0000-0000-0000-000000000000')
                    AND (u.kind = 'person' AND u.is_staff OR u.id IN (request.proposed_by, request.operated_by))) THEN
    PERFORM refuse('comment_is_by_whoever_takes_part', 'People of staff comment on a request, its proposer, and who operates that one.',
                   'Ask a member of staff.');
  END IF;
  NEW.tenant_id := request.tenant_id;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.comment_is_by_whoever_takes_part() OWNER TO xm_owner;

--
-- Name: complete_job(uuid, integer, text, jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  ended record;
BEGIN
  WITH ended AS (
    UPDATE jobs j SET status = 'completed', result = its_result, completed_at = clock_timestamp(), lease_until = NULL,
                      timeout_at = NULL, progress = 100, error_message = NULL
    WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker
      AND current_setting('app.job_id', true) = of_job::text
    RETURNING j.tenant_id, j.owner_id, j.trace_id, j.job_type, j.requested_by),
  told AS (
    INSERT INTO job_events (tenant_id, job_id, owner_id, trace_id, event_type)
    SELECT e.tenant_id, of_job, e.owner_id, e.trace_id, 'completed' FROM ended e),
  sent AS (
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    SELECT e.tenant_id, 'job.completed', e.trace_id, 'jobs', of_job::text, jsonb_build_object('job_type', e.job_type)
    FROM ended e)
  SELECT e.requested_by INTO ended FROM ended e;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM pg_notify('xm_job_ended', of_job::text) WHERE ended.requested_by IS NOT NULL;
  RETURN true;
END $$;


ALTER FUNCTION public.complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb) OWNER TO xm_owner;

--
-- Name: approval_decisions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_decisions (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    digest bytea NOT NULL,
    reviewer_kind character varying(20) DEFAULT 'person'::character varying NOT NULL,
    verdict character varying(20) NOT NULL,
    reason text NOT NULL,
    role_held character varying(50) NOT NULL,
    slot character varying(50),
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reviewer_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    reauthentication_id uuid,
    delegation_id uuid,
    read_for interval,
    CONSTRAINT decision_is_by_a_person CHECK (((reviewer_kind)::text = 'person'::text)),
    CONSTRAINT nobody_decides_before_reading CHECK (((read_for IS NULL) OR (read_for >= '00:00:00'::interval))),
    CONSTRAINT reason_is_given CHECK ((length(btrim(reason)) >= 10)),
    CONSTRAINT verdict_is_known CHECK (((verdict)::text = ANY ((ARRAY['approve'::character varying, 'reject'::character varying, 'request_changes'::character varying, 'abstain'::character varying, 'break_glass'::character varying])::text[])))
);

ALTER TABLE ONLY public.approval_decisions FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_decisions OWNER TO xm_owner;

--
-- Name: decides_in_role(public.approval_requests, public.approval_decisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.decides_in_role(request public.approval_requests, decision public.approval_decisions) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  slots text[] := approval_slots(request.required_roles);
  held text;
  pair uuid[] := ARRAY[decision.reviewer_id];
BEGIN
  IF decision.reviewer_id = request.proposed_by THEN
    PERFORM refuse('proposer_cannot_decide', 'Whoever proposed cannot decide.', 'Ask another member of staff.');
  END IF;
  IF decision.reviewer_id = request.operated_by THEN
    PERFORM refuse('operator_cannot_decide', 'Whoever operates the proposing agent cannot decide.', 'Ask another member of staff.');
  END IF;
  held := role_of_acting_staff(decision.reviewer_id, request.tenant_id);
  IF decision.delegation_id IS NOT NULL THEN
    held := role_lent(request, decision);
    pair := pair || (SELECT g.from_person_id FROM approval_delegations g WHERE g.id = decision.delegation_id);
  END IF;
  IF held IS NULL OR role_rank(slots[cardinality(slots)]) > role_rank(held) THEN
    PERFORM refuse('reviewer_lacks_the_role', format('The policy asks for %s.', request.required_roles),
                   'Ask somebody who holds that role.');
  END IF;
  IF decision.reviewer_id = ANY (request.barred) THEN
    PERFORM refuse('reviewer_is_barred', 'Whoever decided on an earlier step of the same thing does not decide on this one.',
                   'Ask another member of staff.');
  END IF;
  IF EXISTS (SELECT FROM approval_decisions d LEFT JOIN approval_delegations g ON g.id = d.delegation_id
             WHERE d.request_id = request.id
             AND ((d.reviewer_id = ANY (pair) AND d.reviewer_id <> decision.reviewer_id) OR g.from_person_id = ANY (pair))) THEN
    PERFORM refuse('delegator_and_delegate_speak_once', 'Whoever delegates and whoever decides for them give one word between them.',
                   'Ask another member of staff.');
  END IF;
  RETURN held;
END $$;


ALTER FUNCTION public.decides_in_role(request public.approval_requests, decision public.approval_decisions) OWNER TO xm_owner;

--
-- Name: decision_is_a_persons_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.decision_is_a_persons_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  request approval_requests;
BEGIN
  SELECT * INTO request FROM approval_requests r WHERE r.id = NEW.request_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('decision_has_a_known_request', 'There is no such request.', 'Open the queue again.');
  END IF;
  NEW.decided_at := clock_timestamp();
  NEW.tenant_id := request.tenant_id;
  IF request.status <> 'open' THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', request.status), 'Look at the newer request.');
  END IF;
  IF request.expires_at <= NEW.decided_at THEN
    PERFORM refuse('request_has_expired', format('This request expired at %s.', request.expires_at),
                   'Ask the proposer to put it again.');
  END IF;
  IF NEW.digest <> request.digest THEN
    PERFORM refuse('digest_is_not_the_one_under_review', 'What you saw is not what is under review now.',
                   'Read the page again and decide on what it shows.');
  END IF;
  NEW.role_held := decides_in_role(request, NEW);
  IF request.needs_reauthentication OR NEW.verdict = 'break_glass' OR NEW.reauthentication_id IS NOT NULL THEN
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewer_id, by_list => true);
    PERFORM list_allows(request, NEW);
  END IF;
  NEW.slot := CASE NEW.verdict WHEN 'approve' THEN slot_filled_by(request, NEW.role_held)
                               WHEN 'break_glass' THEN slot_broken_open(request, NEW) END;
  RETURN NEW;
END $$;


ALTER FUNCTION public.decision_is_a_persons_own() OWNER TO xm_owner;

--
-- Name: decision_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.decision_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.verdict IN ('reject', 'request_changes') THEN
    UPDATE approval_requests SET status = CASE NEW.verdict WHEN 'reject' THEN 'rejected' ELSE 'changes_requested' END
    WHERE id = NEW.request_id;
  ELSIF NEW.verdict = 'break_glass' THEN
    INSERT INTO approval_overrides (tenant_id, kind, about_id, request_id, person_id, reason, opened_at, review_due_at)
    VALUES (NEW.tenant_id, 'break_glass', NEW.request_id, NEW.request_id, NEW.reviewer_id, NEW.reason, NEW.decided_at,
            NEW.decided_at + interval '24 hours');
    INSERT INTO approval_grants (request_id) VALUES (NEW.request_id);
    UPDATE approval_requests SET status = 'granted' WHERE id = NEW.request_id;
  ELSIF NEW.slot IS NOT NULL AND (
      SELECT count(*) FROM approval_decisions d WHERE d.request_id = NEW.request_id AND d.slot IS NOT NULL
    ) = (SELECT r.quorum FROM approval_requests r WHERE r.id = NEW.request_id) THEN
    INSERT INTO approval_grants (request_id) VALUES (NEW.request_id);
    UPDATE approval_requests SET status = 'granted' WHERE id = NEW.request_id;
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.decision_takes_effect() OWNER TO xm_owner;

--
-- Name: delegation_is_a_persons_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.delegation_is_a_persons_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  home uuid := (SELECT u.tenant_id FROM users u WHERE u.id = NEW.from_person_id);
  held text := role_of_acting_staff(NEW.from_person_id, home);
BEGIN
  NEW.tenant_id := home;
  NEW.created_at := clock_timestamp();
  NEW.revoked_at := NULL;
  IF held IS NULL OR role_rank(held) < role_rank(NEW.role) THEN
    PERFORM refuse('delegator_holds_the_role', format('Nobody lets another decide as %s who is not %s.', NEW.role, NEW.role),
                   'Delegate a role of your own.');
  END IF;
  IF NOT EXISTS (SELECT FROM users u WHERE u.id = NEW.to_person_id AND u.tenant_id = home AND u.kind = 'person'
                 AND u.status = 'active' AND u.is_staff) THEN
    PERFORM refuse('delegate_is_active_staff', 'One delegates to an active person of staff of the same tenant.',
                   'Choose a member of staff of your own tenant.');
  END IF;
  IF NEW.ends_at <= NEW.created_at THEN
    PERFORM refuse('delegation_ends_after_it_begins', 'A delegation does not end in the past.', 'Say until when it is to last.');
  END IF;
  PERFORM spend_proof(NEW.reauthentication_id, NEW.from_person_id);
  RETURN NEW;
END $$;


ALTER FUNCTION public.delegation_is_a_persons_own() OWNER TO xm_owner;

--
-- Name: delegation_only_ends(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.delegation_only_ends() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside approval_delegations := NEW;
  actor uuid := unit_setting('actor_id')::uuid;
BEGIN
  beside.revoked_at := OLD.revoked_at;
  IF beside IS DISTINCT FROM OLD OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL THEN
    PERFORM refuse('delegation_never_changes', 'A delegation stays as it was given; it only ends.', 'End it and give another.');
  END IF;
  IF actor IS NULL OR (actor NOT IN (OLD.from_person_id, OLD.to_person_id)
     AND COALESCE(role_rank(role_of_acting_staff(actor, OLD.tenant_id)), 0) < role_rank('admin')) THEN
    PERFORM refuse('delegation_is_somebody_elses', 'Only the two people of a delegation end it early, or an admin.',
                   'Ask one of the two.');
  END IF;
  NEW.revoked_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.delegation_only_ends() OWNER TO xm_owner;

--
-- Name: dispute_is_only_settled(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.dispute_is_only_settled() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside market_disputes := NEW;
BEGIN
  beside.settled_by := OLD.settled_by;
  IF beside IS DISTINCT FROM OLD OR OLD.settled_by IS NOT NULL OR NOT EXISTS (
      SELECT FROM market_resolutions r WHERE r.tenant_id = OLD.tenant_id AND r.id = NEW.settled_by
        AND r.supersedes_id = OLD.resolution_id) THEN
    PERFORM refuse('dispute_never_changes', 'A dispute stays what it was, until the resolution that follows settles it.',
                   'Propose a resolution, or a void.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.dispute_is_only_settled() OWNER TO xm_owner;

--
-- Name: dispute_is_raised_in_time(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.dispute_is_raised_in_time() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  market markets;
  raiser users;
BEGIN
  SELECT * INTO raiser FROM users u WHERE u.id = NEW.raised_by;
  IF NEW.raised_by IS DISTINCT FROM unit_setting('actor_id')::uuid OR raiser.status IS DISTINCT FROM 'active'
     OR raiser.kind NOT IN ('person', 'agent')
     OR raiser.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('dispute_is_ones_own', 'Nobody disputes in the name of another.', 'Use your own key.');
  END IF;
  SELECT * INTO market FROM markets m WHERE m.tenant_id = NEW.tenant_id AND m.market_id = NEW.market_id FOR NO KEY UPDATE;
  IF market.status IS NULL OR market.status NOT IN ('resolved', 'disputed') THEN
    PERFORM refuse('dispute_is_about_a_resolution', 'Only a market that was resolved is disputed.', 'Look at the state it is in.');
  END IF;
  NEW.created_at := clock_timestamp();
  IF market.challenge_until <= NEW.created_at THEN
    PERFORM refuse('resolution_is_final', format('This market could be disputed until %s.', market.challenge_until),
                   'Nothing changes it any more.');
  END IF;
  NEW.resolution_id := (standing_resolution(market.market_id)).id;
  NEW.settled_by := NULL;
  IF (SELECT count(*) FROM snapshots s WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids))
     <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.dispute_is_raised_in_time() OWNER TO xm_owner;

--
-- Name: dispute_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.dispute_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE markets SET status = 'disputed' WHERE market_id = NEW.market_id AND status = 'resolved';
  RETURN NULL;
END $$;


ALTER FUNCTION public.dispute_takes_effect() OWNER TO xm_owner;

--
-- Name: entitles(text[], text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.entitles(granted text[], wanted text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT COALESCE(pg_catalog.bool_or(
    g = wanted OR (pg_catalog."right"(g, 1) = '*' AND pg_catalog.starts_with(wanted, pg_catalog."left"(g, -1)))), false)
  FROM pg_catalog.unnest(granted) g
$$;


ALTER FUNCTION public.entitles(granted text[], wanted text) OWNER TO xm_owner;

--
-- Name: event_is_of_a_candidate(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.event_is_of_a_candidate() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.candidate_id IS NULL
     AND current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('event_needs_human_approval', 'An event is public by people''s approval of exactly its content.',
                   'Propose it and have it approved in the admin.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.event_is_of_a_candidate() OWNER TO xm_owner;

--
-- Name: event_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.event_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  candidate candidate_events;
  market markets;
  approval approval_grants;
  risk text;
BEGIN
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r WHERE r.subject_id = NEW.candidate_id AND r.action = 'event:publish' FOR UPDATE;
  SELECT * INTO candidate FROM candidate_events c WHERE c.candidate_id = NEW.candidate_id FOR UPDATE;
  IF NEW.candidate_id IS NOT NULL AND NOT FOUND THEN
    PERFORM refuse('event_has_a_known_candidate', 'There is no such proposed event.', 'Propose it first.');
  END IF;
  SELECT * INTO market FROM markets m WHERE m.market_id = COALESCE(candidate.market_id, NEW.market_id) FOR SHARE;
  IF market.status = 'voided' THEN
    PERFORM refuse('market_takes_no_events', 'This market was voided.', 'Propose the event on another market.');
  END IF;

  IF NEW.candidate_id IS NULL THEN
    IF market.type IN ('political', 'economic') THEN
      PERFORM refuse('event_needs_human_approval', format('An event on a market of type %s is public by people''s approval alone.',
                     market.type), 'Propose it and have it approved in the admin.');
    END IF;
    NEW.basis := 'hand';
    RETURN NEW;
  END IF;

  -- what is at stake may have been raised since it was proposed
  risk := riskier(candidate.risk, COALESCE(market.risk_level, market_risk(market.type, NULL)));
  IF NEW.human_approval_audit_id IS NOT NULL THEN
    SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'event:publish';
    IF NOT FOUND OR approval.subject_id <> candidate.candidate_id OR approval.digest <> candidate.digest THEN
      PERFORM refuse('event_needs_human_approval', 'This approval is of something else.', 'Have this event approved in the admin.');
    END IF;
    IF approval.expires_at <= clock_timestamp() THEN
      PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                     'Have it approved again.');
    END IF;
    IF risk <> candidate.risk THEN
      PERFORM refuse('market_has_moved_on', 'The market is not what it was when this was proposed.',
                     'Withdraw it, and propose it anew.');
    END IF;
    NEW.basis := 'approval';
  ELSE
    IF NOT event_publishes_by_itself(market.type, risk)
       OR EXISTS (SELECT FROM approval_requests r WHERE r.subject_id = candidate.candidate_id AND r.action = 'event:publish') THEN
      PERFORM refuse('event_needs_human_approval', 'People decide whether this event is published.',
                     'Have it approved in the admin.');
    END IF;
    IF unit_setting('actor_id')::uuid IS DISTINCT FROM candidate.proposed_by THEN
      PERFORM refuse('proposal_is_ones_own', 'Nobody publishes in the name of another.', 'Propose your own.');
    END IF;
    NEW.basis := 'policy';
  END IF;
  IF EXISTS (SELECT FROM events e WHERE e.candidate_id = candidate.candidate_id) THEN
    PERFORM refuse('candidate_is_published_once', 'This event is published already.', 'Look at the event.');
  END IF;

  NEW.tenant_id := candidate.tenant_id;
  NEW.market_id := candidate.market_id;
  NEW.summary := candidate.summary;
  NEW.event_type := candidate.event_type;
  NEW.confidence := candidate.confidence;
  NEW.snapshot_ids := candidate.snapshot_ids;
  NEW.metadata := candidate.metadata;
  NEW.known_at := candidate.known_at;
  NEW.digest := candidate.digest;
  NEW.published_at := clock_timestamp();
  NEW.created_at := NEW.published_at;
  RETURN NEW;
END $$;


ALTER FUNCTION public.event_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: event_links_its_evidence(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.event_links_its_evidence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO event_snapshots (tenant_id, event_id, snapshot_id)
  SELECT NEW.tenant_id, NEW.event_id, s FROM unnest(NEW.snapshot_ids) s;
  RETURN NULL;
END $$;


ALTER FUNCTION public.event_links_its_evidence() OWNER TO xm_owner;

--
-- Name: event_publishes_by_itself(text, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.event_publishes_by_itself(market_type text, market_risk text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT market_type NOT IN ('political', 'economic') AND market_risk <> 'high' AND EXISTS (
    SELECT FROM approval_policies p WHERE p.action = 'event:publish' AND p.risk = market_risk AND p.publishes_by_itself)
$$;


ALTER FUNCTION public.event_publishes_by_itself(market_type text, market_risk text) OWNER TO xm_owner;

--
-- Name: evidence_is_linked_by_its_event(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.evidence_is_linked_by_its_event() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    PERFORM refuse('evidence_is_linked_by_its_event', 'Evidence is linked when its event is published.', 'Publish an event.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.evidence_is_linked_by_its_event() OWNER TO xm_owner;

--
-- Name: fail_job(uuid, integer, text, text, text, double precision); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds double precision) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  failed jobs;
BEGIN
  UPDATE jobs j
  SET status = CASE WHEN last_state <> '' THEN last_state WHEN j.cancel_requested_at IS NOT NULL THEN 'cancelled'
                    WHEN j.attempts >= j.max_attempts THEN 'dlq' ELSE 'retry' END,
      next_attempt_at = retry_at(base_seconds, j.attempts), error_message = why, last_error_at = clock_timestamp(),
      lease_until = NULL, timeout_at = NULL,
      completed_at = CASE WHEN last_state <> '' OR j.cancel_requested_at IS NOT NULL OR j.attempts >= j.max_attempts
                          THEN clock_timestamp() END
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing'
    AND j.locked_by IS NOT DISTINCT FROM by_worker
  RETURNING j.* INTO failed;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO job_events (tenant_id, job_id, owner_id, trace_id, event_type, payload)
  VALUES (failed.tenant_id, of_job, failed.owner_id, failed.trace_id, failed.status,
          jsonb_build_object('attempt', of_attempt, 'error', why));
  IF failed.status <> 'retry' THEN
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (failed.tenant_id, 'job.' || failed.status, failed.trace_id, 'jobs', of_job::text,
            jsonb_build_object('job_type', failed.job_type, 'error', why));
    PERFORM pg_notify('xm_job_ended', of_job::text) WHERE failed.requested_by IS NOT NULL;
  END IF;
  RETURN failed.status;
END $$;


ALTER FUNCTION public.fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds double precision) OWNER TO xm_owner;

--
-- Name: forget_jobs(jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.forget_jobs(kept_seconds jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  forgotten integer;
BEGIN
  UPDATE jobs j SET payload = '{}', result = NULL
  WHERE j.job_id IN (
    SELECT o.job_id FROM jobs o
    WHERE o.completed_at < clock_timestamp() - make_interval(secs => COALESCE((kept_seconds ->> o.job_type)::float8, 2592000))
      AND (o.payload <> '{}' OR o.result IS NOT NULL)
    ORDER BY o.completed_at LIMIT 5000 FOR NO KEY UPDATE SKIP LOCKED);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;


ALTER FUNCTION public.forget_jobs(kept_seconds jsonb) OWNER TO xm_owner;

--
-- Name: get_next_truth_chain_sequence(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.get_next_truth_chain_sequence() RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT h.sequence_number + 1 FROM truth_chain_head h
$$;


ALTER FUNCTION public.get_next_truth_chain_sequence() OWNER TO xm_owner;

--
-- Name: give_back_job(uuid, integer, text, double precision); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds double precision) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE jobs j SET status = CASE j.attempts WHEN 1 THEN 'pending' ELSE 'retry' END, attempts = j.attempts - 1,
                    lease_until = NULL, timeout_at = NULL, started_at = NULL,
                    next_attempt_at = clock_timestamp() + make_interval(secs => after_seconds)
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker;
  RETURN FOUND;
END $$;


ALTER FUNCTION public.give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds double precision) OWNER TO xm_owner;

--
-- Name: grant_still_stands(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.grant_still_stands() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  used uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- a revocation takes the same lock, so one of the two sees the other
  PERFORM FROM approval_requests r WHERE r.id = (SELECT g.request_id FROM approval_grants g WHERE g.audit_id = used) FOR UPDATE;
  IF EXISTS (SELECT FROM approval_revocations v WHERE v.audit_id = used) THEN
    PERFORM refuse('approval_is_revoked', 'The approval that this rests on has been revoked.', 'Propose it anew and have it approved.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.grant_still_stands() OWNER TO xm_owner;

--
-- Name: approval_grants; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_grants (
    audit_id uuid NOT NULL,
    action character varying(100) NOT NULL,
    subject_id uuid NOT NULL,
    digest bytea NOT NULL,
    granted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY public.approval_grants FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_grants OWNER TO xm_owner;

--
-- Name: grant_to_use(uuid, text, uuid, bytea, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.grant_to_use(used uuid, granted_action text, over_subject uuid, over_digest bytea, promise text) RETURNS public.approval_grants
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = used AND g.action = granted_action;
  IF NOT FOUND OR approval.subject_id IS DISTINCT FROM over_subject OR approval.digest IS DISTINCT FROM over_digest THEN
    PERFORM refuse(promise, 'A market changes only by people''s approval of exactly that change.',
                   'Propose it and have it approved in the admin.');
  END IF;
  IF approval.expires_at <= clock_timestamp() THEN
    PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                   'Have it approved again.');
  END IF;
  RETURN approval;
END $$;


ALTER FUNCTION public.grant_to_use(used uuid, granted_action text, over_subject uuid, over_digest bytea, promise text) OWNER TO xm_owner;

--
-- Name: grants_a_market_rests_on(public.markets); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.grants_a_market_rests_on(market public.markets) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT market.human_approval_audit_id
  UNION ALL
  SELECT a.human_approval_audit_id FROM market_amendments a
  WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.number = market.version - 1
  UNION ALL
  SELECT o.human_approval_audit_id FROM market_reopenings o
  WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.number = market.reopened
$$;


ALTER FUNCTION public.grants_a_market_rests_on(market public.markets) OWNER TO xm_owner;

--
-- Name: hand_over_notices(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.hand_over_notices(to_job uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  handed integer;
BEGIN
  UPDATE approval_notices n SET job_id = to_job FROM jobs j
  WHERE j.job_id = to_job AND j.job_type = 'approval:notify' AND n.tenant_id = j.tenant_id AND n.job_id IS NULL;
  GET DIAGNOSTICS handed = ROW_COUNT;
  RETURN handed;
END $$;


ALTER FUNCTION public.hand_over_notices(to_job uuid) OWNER TO xm_owner;

--
-- Name: has_duplicates(text[]); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.has_duplicates(list text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT cardinality(list) <> (SELECT count(DISTINCT item) FROM unnest(list) item)
$$;


ALTER FUNCTION public.has_duplicates(list text[]) OWNER TO xm_owner;

--
-- Name: highest_role(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.highest_role(person uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT r.role FROM public.user_roles r WHERE r.user_id = person
  ORDER BY array_position(ARRAY['super-admin', 'admin', 'editor', 'viewer'], r.role::text) LIMIT 1
$$;


ALTER FUNCTION public.highest_role(person uuid) OWNER TO xm_owner;

--
-- Name: job_moves_as_it_may(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.job_moves_as_it_may() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  step text := OLD.status || ' ' || NEW.status;
BEGIN
  IF NOT (CASE
      WHEN current_user = 'xm_worker' THEN step IN (
        'pending processing', 'retry processing', 'processing completed', 'processing retry', 'processing failed',
        'processing dlq', 'processing cancelled', 'processing pending')
      WHEN current_user = 'xm_api' THEN step IN ('pending cancelled', 'retry cancelled')
      ELSE step IN ('pending cancelled', 'retry cancelled', 'retry pending', 'failed pending', 'dlq pending',
                    'cancelled pending')
    END) THEN
    RAISE EXCEPTION 'A job that is % does not become %.', OLD.status, NEW.status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'job_moves_as_it_may', TABLE = 'jobs',
            HINT = 'Look at the job again: docs/states.md shows every way.';
  END IF;
  IF current_user <> 'xm_worker' THEN
    -- people say what is to happen; what follows from it is not theirs to say
    NEW.completed_at := CASE WHEN NEW.status = 'cancelled' THEN clock_timestamp() END;
    IF NEW.status = 'pending' THEN
      NEW.attempts := 0;
      NEW.next_attempt_at := clock_timestamp();
      NEW.cancel_requested_at := NULL;
    END IF;
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.job_moves_as_it_may() OWNER TO xm_owner;

--
-- Name: job_payload_stays(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.job_payload_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.payload <> '{}' OR OLD.completed_at IS NULL THEN
    RAISE EXCEPTION 'Job % keeps its payload until it has ended and all of it is forgotten.', OLD.job_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'job_payload_stays', TABLE = 'jobs',
            HINT = 'Ask for another job.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.job_payload_stays() OWNER TO xm_owner;

--
-- Name: jobs_are_paused(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.jobs_are_paused(of_tenant uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM switches s
                 WHERE s.name = 'JOBS_MODE' AND s.value = 'paused' AND (s.for_tenant_id IS NULL OR s.for_tenant_id = of_tenant))
$$;


ALTER FUNCTION public.jobs_are_paused(of_tenant uuid) OWNER TO xm_owner;

--
-- Name: kept_answer_stays_for_a_day(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.kept_answer_stays_for_a_day() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < clock_timestamp() - interval '24 hours' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'A kept answer never changes, and stays for 24 hours.'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'kept_answer_stays_for_a_day',
          TABLE = 'idempotency_keys', HINT = 'Send the next request with a key of its own.';
END $$;


ALTER FUNCTION public.kept_answer_stays_for_a_day() OWNER TO xm_owner;

--
-- Name: key_is_live(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.key_is_live(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (
    SELECT FROM api_keys k
    JOIN users u ON u.id = k.user_id AND u.status = 'active'
    JOIN tenants t ON t.id = u.tenant_id AND t.status = 'active'
    WHERE k.id = wanted AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp()))
$$;


ALTER FUNCTION public.key_is_live(wanted uuid) OWNER TO xm_owner;

--
-- Name: key_only_ends(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.key_only_ends() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside api_keys := NEW;
BEGIN
  beside.expires_at := OLD.expires_at;
  beside.revoked_at := OLD.revoked_at;
  beside.last_used_at := OLD.last_used_at;
  IF beside IS DISTINCT FROM OLD
     OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
     OR OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
    RAISE EXCEPTION 'A key never changes; it only ends, and sooner at that.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'key_only_ends', TABLE = 'api_keys',
            HINT = 'Revoke this key and issue another.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.key_only_ends() OWNER TO xm_owner;

--
-- Name: likeness_bands(uuid, bigint); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.likeness_bands(of_tenant uuid, simhash bigint) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT array_agg(hashtextextended(of_tenant::text, (place * 256 + ((simhash >> (8 * place)) & 255))::bigint) ORDER BY place)
  FROM generate_series(0, 7) place WHERE simhash IS NOT NULL
$$;


ALTER FUNCTION public.likeness_bands(of_tenant uuid, simhash bigint) OWNER TO xm_owner;

--
-- Name: list_allows(public.approval_requests, public.approval_decisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.list_allows(request public.approval_requests, decision public.approval_decisions) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  named text;
BEGIN
  SELECT encode(l.canonical, 'escape') INTO named FROM reauthentications a JOIN approval_lists l ON l.id = a.list_id
  WHERE a.id = decision.reauthentication_id;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF request.risk <> 'low' OR decision.verdict = 'break_glass' THEN
    PERFORM refuse('bulk_is_for_low_risk', 'Only what is of low risk is decided on by a list.', 'Open it and decide on it by itself.');
  END IF;
  IF strpos(named, request.id || ' ' || encode(decision.digest, 'hex') || E'\n') = 0 THEN
    PERFORM refuse('not_on_the_list', 'The password was typed for a list that does not name this request with this digest.',
                   'Open it, read it again and decide on what it shows.');
  END IF;
END $$;


ALTER FUNCTION public.list_allows(request public.approval_requests, decision public.approval_decisions) OWNER TO xm_owner;

--
-- Name: list_is_ones_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.list_is_ones_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval_lists l WHERE l.id = NEW.list_id AND l.person_id = NEW.person_id) THEN
    PERFORM refuse('list_is_ones_own', 'A list is decided on by the person who made it.', 'Make a list of your own.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.list_is_ones_own() OWNER TO xm_owner;

--
-- Name: list_is_well_formed(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.list_is_well_formed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
DECLARE
  written text;
  lines text[];
BEGIN
  NEW.tenant_id := COALESCE(unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000');
  NEW.created_at := clock_timestamp();
  PERFORM role_of_acting_staff(NEW.person_id, NEW.tenant_id);
  -- a line is an id of 36 characters, a space, 64 of the digest and a line feed; its bytes are ASCII
  written := encode(NEW.canonical, 'escape');
  lines := string_to_array(rtrim(written, E'\n'), E'\n');
  IF octet_length(NEW.canonical) <> 102 * cardinality(lines) OR cardinality(lines) NOT BETWEEN 1 AND 50
     OR written IS DISTINCT FROM (SELECT string_agg(l || E'\n', '' ORDER BY l COLLATE "C")
                                  FROM (SELECT DISTINCT unnest(lines) AS l) one_of_each)
     OR EXISTS (SELECT FROM unnest(lines) l
                WHERE l !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12} [0-9a-f]{64}$') THEN
    PERFORM refuse('list_is_well_formed', 'A list names 1 to 50 requests, each once and with its digest, sorted.',
                   'Choose at most 50 requests, and read the page again.');
  END IF;
  RETURN NEW;
END $_$;


ALTER FUNCTION public.list_is_well_formed() OWNER TO xm_owner;

--
-- Name: log_standing(integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.log_standing(most integer) RETURNS TABLE(size bigint, unsealed bigint, lag_seconds double precision, sealed_at timestamp with time zone, age_seconds double precision)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH at AS (SELECT s.size, s.sealed_epoch, s.xid, s.seq FROM audit_seal s),
  due AS MATERIALIZED (
    SELECT e.created_at FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (SELECT sealed_epoch, xid, seq FROM at)
    ORDER BY e.epoch, e.xid, e.seq LIMIT most),
  newest AS (SELECT c.sealed_at FROM audit_checkpoint c ORDER BY c.size DESC LIMIT 1),
  now_is AS MATERIALIZED (SELECT clock_timestamp() AS moment)
  SELECT (SELECT a.size FROM at a), (SELECT count(*) FROM due),
         COALESCE(EXTRACT(epoch FROM m.moment - (SELECT min(d.created_at) FROM due d)), 0)::double precision,
         (SELECT n.sealed_at FROM newest n),
         EXTRACT(epoch FROM m.moment - (SELECT n.sealed_at FROM newest n))::double precision
  FROM now_is m
$$;


ALTER FUNCTION public.log_standing(most integer) OWNER TO xm_owner;

--
-- Name: lower_tenant_wall(regclass); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.lower_tenant_wall(around regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  standing name;
BEGIN
  FOR standing IN SELECT p.polname FROM pg_policy p WHERE p.polrelid = around LOOP
    EXECUTE format('DROP POLICY %I ON %s', standing, around);
  END LOOP;
  EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', around);
END $$;


ALTER FUNCTION public.lower_tenant_wall(around regclass) OWNER TO xm_owner;

--
-- Name: market_content_is_approved(public.markets, public.markets); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_content_is_approved(old_market public.markets, new_market public.markets) RETURNS public.markets
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside markets := old_market;
  amended market_amendments;
  opened market_reopenings;
BEGIN
  beside.status := new_market.status;
  beside.updated_at := new_market.updated_at;
  -- generated, and a row that is being written does not know it yet
  beside.approval_action := new_market.approval_action;
  beside.version := new_market.version;
  beside.reopened := new_market.reopened;
  IF new_market IS DISTINCT FROM beside THEN
    PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose an amendment.');
  END IF;
  IF new_market.version <> old_market.version THEN
    SELECT * INTO amended FROM market_amendments a
    WHERE a.tenant_id = old_market.tenant_id AND a.market_id = old_market.market_id AND a.number = old_market.version
      AND new_market.version = a.number + 1;
    IF NOT FOUND THEN
      PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose an amendment.');
    END IF;
    new_market := market_saying(new_market, (
      SELECT r FROM market_revisions r WHERE r.proposal_id = amended.proposal_id AND r.digest = amended.digest
      ORDER BY r.revision_no DESC LIMIT 1));
  END IF;
  IF new_market.reopened <> old_market.reopened THEN
    SELECT * INTO opened FROM market_reopenings o
    WHERE o.tenant_id = old_market.tenant_id AND o.market_id = old_market.market_id AND o.number = old_market.reopened + 1
      AND new_market.reopened = o.number AND new_market.status = 'active';
    IF NOT FOUND THEN
      PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose to open it again.');
    END IF;
    new_market.closes_at := opened.closes_at;
  END IF;
  RETURN new_market;
END $$;


ALTER FUNCTION public.market_content_is_approved(old_market public.markets, new_market public.markets) OWNER TO xm_owner;

--
-- Name: market_has_lost_its_approval(public.markets); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_has_lost_its_approval(market public.markets) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (
    SELECT FROM approval_revocations v
    WHERE v.tenant_id = market.tenant_id AND market_rested_on(market, v.audit_id, v.revoked_at)
    AND NOT EXISTS (
      SELECT FROM market_reopenings o JOIN approval_grants g ON g.audit_id = o.human_approval_audit_id
      WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND g.granted_at > v.revoked_at))
$$;


ALTER FUNCTION public.market_has_lost_its_approval(market public.markets) OWNER TO xm_owner;

--
-- Name: market_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:create', NEW.proposal_id, NEW.digest,
                                           'market_needs_human_approval');
  revision market_revisions;
BEGIN
  IF EXISTS (SELECT FROM markets m WHERE m.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('approval_is_used_once', 'One approval makes one market.', 'The market exists already.');
  END IF;
  revision := revision_granted(approval);
  NEW.tenant_id := approval.tenant_id;
  NEW.symbol := (SELECT p.symbol FROM market_proposals p WHERE p.id = approval.subject_id);
  NEW.created_by := revision.proposed_by;
  NEW.version := 1;
  NEW.reopened := 0;
  NEW.status := 'active';
  NEW.outcome := NULL;
  NEW.known_at := NULL;
  NEW.resolved_at := NULL;
  NEW.challenge_until := NULL;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  RETURN market_saying(NEW, revision);
END $$;


ALTER FUNCTION public.market_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: market_moves_as_it_may(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_moves_as_it_may() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  is_opened boolean := NEW.reopened <> OLD.reopened;
  ended market_resolutions := standing_resolution(OLD.market_id);
  is_disputed boolean := EXISTS (SELECT FROM market_disputes d
                                 WHERE d.tenant_id = OLD.tenant_id AND d.market_id = OLD.market_id AND d.settled_by IS NULL)
    OR EXISTS (SELECT FROM approval_revocations v WHERE v.tenant_id = OLD.tenant_id AND v.audit_id = ended.human_approval_audit_id);
  may boolean;
BEGIN
  NEW := market_content_is_approved(OLD, NEW);
  may := CASE NEW.status
    WHEN OLD.status THEN NOT is_opened
    WHEN 'active' THEN OLD.status IN ('paused', 'closed') AND (is_opened OR OLD.status = 'paused')
    WHEN 'paused' THEN OLD.status = 'active'
    WHEN 'closed' THEN OLD.status IN ('active', 'paused')
    -- no resolution is there before the one that ends it, and none follows but a dispute that is settled by it
    WHEN 'resolved' THEN OLD.status IN ('active', 'paused', 'closed', 'disputed') AND ended.outcome IN ('yes', 'no') AND NOT is_disputed
    WHEN 'voided' THEN OLD.status <> 'voided' AND ended.outcome = 'void' AND NOT is_disputed
    WHEN 'disputed' THEN OLD.status = 'resolved' AND is_disputed
    ELSE false END;
  IF may IS NOT TRUE THEN
    PERFORM refuse('market_moves_as_it_may', format('A %s market cannot become %s.', OLD.status, NEW.status),
                   'Look at the state it is in.');
  END IF;
  IF NEW.status <> OLD.status AND NEW.status = 'active' AND market_has_lost_its_approval(NEW) THEN
    PERFORM refuse('market_waits_for_reopening', 'The approval of this market was revoked.', 'Propose to open it again.');
  END IF;
  IF NEW.status <> OLD.status AND NEW.status IN ('resolved', 'voided') THEN
    NEW.outcome := ended.outcome;
    NEW.known_at := ended.known_at;
    NEW.resolved_at := ended.recorded_at;
    NEW.challenge_until := ended.challenge_until;
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.market_moves_as_it_may() OWNER TO xm_owner;

--
-- Name: market_rested_on(public.markets, uuid, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_rested_on(market public.markets, approval uuid, moment timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT approval = market.human_approval_audit_id
    OR EXISTS (SELECT FROM market_amendments a
               WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.human_approval_audit_id = approval
               AND NOT EXISTS (SELECT FROM market_amendments n WHERE n.tenant_id = a.tenant_id AND n.market_id = a.market_id
                               AND n.number = a.number + 1 AND n.recorded_at < moment))
    OR EXISTS (SELECT FROM market_reopenings o
               WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.human_approval_audit_id = approval
               AND NOT EXISTS (SELECT FROM market_reopenings n WHERE n.tenant_id = o.tenant_id AND n.market_id = o.market_id
                               AND n.number = o.number + 1 AND n.recorded_at < moment))
$$;


ALTER FUNCTION public.market_rested_on(market public.markets, approval uuid, moment timestamp with time zone) OWNER TO xm_owner;

--
-- Name: market_risk(text, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_risk(market_type text, stated text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT (ARRAY['low', 'medium', 'high'])[GREATEST(
    CASE WHEN market_type IN ('political', 'economic') THEN 3
         WHEN market_type IN ('finance', 'social') THEN 2
         ELSE 1 END,
    COALESCE(array_position(ARRAY['low', 'medium', 'high'], stated), 1))]
$$;


ALTER FUNCTION public.market_risk(market_type text, stated text) OWNER TO xm_owner;

--
-- Name: market_revisions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_revisions (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    revision_no integer NOT NULL,
    canonical bytea NOT NULL,
    digest bytea GENERATED ALWAYS AS (sha256(canonical)) STORED,
    title text NOT NULL,
    type character varying(50) NOT NULL,
    risk character varying(20) NOT NULL,
    snapshot_ids text[] DEFAULT '{}'::text[] NOT NULL,
    producer character varying(255),
    schema_version character varying(20),
    safety_assertions text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    proposal_id uuid NOT NULL,
    proposed_by uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    simhash bigint,
    simhash_bands bigint[] GENERATED ALWAYS AS (public.likeness_bands(tenant_id, simhash)) STORED,
    CONSTRAINT revision_risk_is_known CHECK (((risk)::text = ANY ((ARRAY['low'::character varying, 'medium'::character varying, 'high'::character varying])::text[]))),
    CONSTRAINT revision_shows_evidence CHECK (((cardinality(snapshot_ids) > 0) AND (array_position(snapshot_ids, NULL::text) IS NULL) AND (NOT public.has_duplicates(snapshot_ids)))),
    CONSTRAINT revision_type_is_known CHECK (((type)::text = ANY ((ARRAY['political'::character varying, 'economic'::character varying, 'social'::character varying, 'technology'::character varying, 'finance'::character varying, 'culture'::character varying, 'sports'::character varying])::text[]))),
    CONSTRAINT title_is_1_to_1000_long CHECK (((char_length(title) >= 1) AND (char_length(title) <= 1000)))
);

ALTER TABLE ONLY public.market_revisions FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_revisions OWNER TO xm_owner;

--
-- Name: market_saying(public.markets, public.market_revisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_saying(market public.markets, revision public.market_revisions) RETURNS public.markets
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  content jsonb := convert_from(revision.canonical, 'UTF8')::jsonb;
BEGIN
  market.content_digest := revision.digest;
  market.type := revision.type;
  market.subtype := content ->> 'subtype';
  market.region := content ->> 'region';
  market.risk_level := revision.risk;
  market.title := revision.title;
  market.description := content ->> 'description';
  market.resolution_criteria := content ->> 'resolution_criteria';
  market.closes_at := (content ->> 'closes_at')::timestamptz;
  market.exposure := COALESCE((content ->> 'exposure')::numeric, 0);
  market.metadata := COALESCE(content -> 'metadata', '{}');
  RETURN market;
END $$;


ALTER FUNCTION public.market_saying(market public.markets, revision public.market_revisions) OWNER TO xm_owner;

--
-- Name: market_to_change(uuid, public.market_revisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_to_change(proposal_id uuid, revision public.market_revisions) RETURNS public.markets
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  proposal market_proposals;
  market markets;
BEGIN
  -- the lock order of every verb: request, subject, market; the vote holds the first two
  SELECT * INTO STRICT proposal FROM market_proposals p WHERE p.id = proposal_id;
  SELECT * INTO STRICT market FROM markets m WHERE m.market_id = proposal.market_id FOR NO KEY UPDATE;
  PERFORM change_fits_its_market(proposal.kind, market, convert_from(revision.canonical, 'UTF8')::jsonb, revision.created_at);
  RETURN market;
END $$;


ALTER FUNCTION public.market_to_change(proposal_id uuid, revision public.market_revisions) OWNER TO xm_owner;

--
-- Name: market_waits_for_review(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.market_waits_for_review() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (
      SELECT FROM approval_overrides o JOIN approval_grants g ON g.request_id = o.request_id
      WHERE o.tenant_id = NEW.tenant_id AND o.kind = 'break_glass' AND o.overdue_at IS NOT NULL AND o.reviewed_at IS NULL
        AND market_rested_on(NEW, g.audit_id, o.overdue_at)) THEN
    PERFORM refuse('market_waits_for_review', 'One person let this market through alone, and nobody reviewed that in time.',
                   'Have another admin review it.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.market_waits_for_review() OWNER TO xm_owner;

--
-- Name: notice_is_told_once(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.notice_is_told_once() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside approval_notices := NEW;
BEGIN
  beside.job_id := NULL;
  IF NEW.job_id IS NULL OR beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('notice_is_told_once', 'A notice is told once, and stays.', 'Look at the job that told it.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.notice_is_told_once() OWNER TO xm_owner;

--
-- Name: open_wall_to_engine(regclass); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.open_wall_to_engine(around regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  EXECUTE format('CREATE POLICY engine_finds_every_row ON %s FOR SELECT TO xm_worker USING (true)', around);
  EXECUTE format('CREATE POLICY engine_adds_for_every_tenant ON %s FOR INSERT TO xm_worker WITH CHECK (true)', around);
  EXECUTE format('CREATE POLICY engine_moves_every_row ON %s FOR UPDATE TO xm_worker USING (true) WITH CHECK (true)', around);
END $$;


ALTER FUNCTION public.open_wall_to_engine(around regclass) OWNER TO xm_owner;

--
-- Name: override_is_reviewed_once(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.override_is_reviewed_once() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside approval_overrides := NEW;
  opened uuid;
BEGIN
  -- what a review writes is written by a review alone
  IF NEW.outcome IS NOT NULL THEN
    beside.outcome := OLD.outcome;
    beside.reviewed_by := OLD.reviewed_by;
    beside.review_reason := OLD.review_reason;
    beside.reauthentication_id := OLD.reauthentication_id;
  END IF;
  IF OLD.overdue_at IS NULL AND NEW.overdue_at IS NOT NULL AND NEW.outcome IS NULL AND OLD.reviewed_at IS NULL
     AND OLD.review_due_at <= clock_timestamp() THEN
    beside.overdue_at := NULL;
    NEW.overdue_at := clock_timestamp();
  END IF;
  IF beside IS DISTINCT FROM OLD OR OLD.reviewed_at IS NOT NULL OR (NEW.outcome IS NULL AND NEW.overdue_at IS NULL) THEN
    PERFORM refuse('override_is_reviewed_once', 'An override stays as it was made, and is reviewed once.',
                   'Read what the review came to.');
  END IF;
  IF NEW.outcome IS NULL THEN
    RETURN NEW;
  END IF;

  IF COALESCE(role_rank(role_of_acting_staff(NEW.reviewed_by, OLD.tenant_id)), 0) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'An override is reviewed by an admin.', 'Ask somebody who holds that role.');
  END IF;
  IF NEW.reviewed_by = OLD.person_id
     OR EXISTS (SELECT FROM approval_decisions d WHERE d.request_id = OLD.request_id AND d.reviewer_id = NEW.reviewed_by)
     OR EXISTS (SELECT FROM approval_requests r
                WHERE r.id = OLD.request_id AND NEW.reviewed_by IN (r.proposed_by, r.operated_by)) THEN
    PERFORM refuse('override_is_reviewed_by_another',
                   'An override is reviewed by an admin who neither made it, nor decided on it, nor proposed it.', 'Ask another admin.');
  END IF;
  NEW.reviewed_at := clock_timestamp();
  opened := (SELECT g.audit_id FROM approval_grants g WHERE g.request_id = OLD.request_id
             AND NOT EXISTS (SELECT FROM approval_revocations v WHERE v.audit_id = g.audit_id));
  IF NEW.outcome = 'reversed' AND opened IS NOT NULL THEN
    INSERT INTO approval_revocations (audit_id, revoked_by, reason, reauthentication_id)
    VALUES (opened, NEW.reviewed_by, NEW.review_reason, NEW.reauthentication_id);
  ELSE
    PERFORM spend_proof(NEW.reauthentication_id, NEW.reviewed_by);
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.override_is_reviewed_once() OWNER TO xm_owner;

--
-- Name: override_stops_its_market(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.override_stops_its_market() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  market markets;
BEGIN
  SELECT m.* INTO market FROM approval_grants g JOIN market_proposals p ON p.id = g.subject_id
    JOIN markets m ON m.tenant_id = p.tenant_id
      AND (m.market_id = p.market_id OR (p.market_id IS NULL AND m.proposal_id = p.id))
  WHERE g.request_id = NEW.request_id AND g.action IN ('market:create', 'market:amend', 'market:reopen')
  FOR NO KEY UPDATE OF m;
  IF market.status = 'active' AND EXISTS (
      SELECT FROM grants_a_market_rests_on(market) r JOIN approval_grants g ON g.audit_id = r
      WHERE g.request_id = NEW.request_id) THEN
    UPDATE markets SET status = 'paused' WHERE market_id = market.market_id;
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (market.tenant_id, 'market.paused', unit_setting('correlation_id')::uuid, 'markets', market.market_id::text,
            jsonb_build_object('symbol', market.symbol, 'status', 'paused'));
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.override_stops_its_market() OWNER TO xm_owner;

--
-- Name: approval_overrides; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_overrides (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    kind character varying(20) NOT NULL,
    about_id uuid NOT NULL,
    reason text NOT NULL,
    opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    review_due_at timestamp with time zone NOT NULL,
    overdue_at timestamp with time zone,
    outcome character varying(20),
    review_reason text,
    reviewed_at timestamp with time zone,
    person_id uuid NOT NULL,
    reauthentication_id uuid,
    request_id uuid,
    reviewed_by uuid,
    tenant_id uuid NOT NULL,
    CONSTRAINT override_kind_is_known CHECK (((((kind)::text = 'break_glass'::text) AND (request_id IS NOT NULL)) OR (((kind)::text = 'switch'::text) AND (request_id IS NULL)))),
    CONSTRAINT review_says_who_when_and_why CHECK ((((outcome IS NULL) AND (review_reason IS NULL) AND (reviewed_at IS NULL) AND (reviewed_by IS NULL)) OR (((outcome)::text = ANY ((ARRAY['confirmed'::character varying, 'reversed'::character varying])::text[])) AND (review_reason IS NOT NULL) AND (reviewed_at IS NOT NULL) AND (reviewed_by IS NOT NULL)))),
    CONSTRAINT review_says_why CHECK ((length(btrim(review_reason)) >= 10))
);

ALTER TABLE ONLY public.approval_overrides FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_overrides OWNER TO xm_owner;

--
-- Name: overrides_become_overdue(integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.overrides_become_overdue(at_most integer) RETURNS SETOF public.approval_overrides
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH late AS MATERIALIZED (
    SELECT o.id FROM approval_overrides o
    WHERE o.reviewed_at IS NULL AND o.overdue_at IS NULL AND o.review_due_at <= clock_timestamp()
    ORDER BY o.review_due_at LIMIT at_most FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE approval_overrides o SET overdue_at = clock_timestamp() FROM late WHERE o.id = late.id
  RETURNING o.*
$$;


ALTER FUNCTION public.overrides_become_overdue(at_most integer) OWNER TO xm_owner;

--
-- Name: people_to_tell(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.people_to_tell(by_job uuid) RETURNS TABLE(person_id uuid, email text, request_id uuid, occasion text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH people AS MATERIALIZED (
    SELECT u.id, u.tenant_id, u.email, u.is_staff, public.role_rank(public.highest_role(u.id)) AS rank FROM public.users u
    WHERE u.kind = 'person' AND u.status = 'active'
      AND u.tenant_id IN (public.unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000')),
  told AS (
    SELECT n.occasion, r.* FROM public.approval_notices n JOIN public.approval_requests r ON r.id = n.request_id
    WHERE n.job_id = by_job AND n.tenant_id = public.unit_setting('tenant_id')::uuid)
  SELECT p.id, p.email::text, t.id, t.occasion::text FROM told t JOIN people p ON
    CASE WHEN t.occasion = 'closed' THEN p.id = COALESCE(t.operated_by, t.proposed_by)
    ELSE t.status = 'open' AND t.expires_at > clock_timestamp() AND p.is_staff
      AND (p.tenant_id = t.tenant_id OR t.occasion = 'escalated')
      AND p.id <> t.proposed_by AND p.id IS DISTINCT FROM t.operated_by AND p.id <> ALL (t.barred)
      AND NOT EXISTS (SELECT FROM public.approval_decisions d WHERE d.request_id = t.id AND d.reviewer_id = p.id)
      AND EXISTS (SELECT FROM unnest(public.approval_slots(t.required_roles)) w (slot) WHERE public.role_rank(w.slot) <= p.rank
                  GROUP BY w.slot HAVING count(*) > (SELECT count(*) FROM public.approval_decisions d
                                                     WHERE d.request_id = t.id AND d.slot = w.slot))
    END
$$;


ALTER FUNCTION public.people_to_tell(by_job uuid) OWNER TO xm_owner;

--
-- Name: users; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.users (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    kind character varying(20) DEFAULT 'person'::character varying NOT NULL,
    email character varying(255),
    username character varying(255) DEFAULT public.time_ordered_uuid() NOT NULL,
    password_hash character varying(255) DEFAULT '!'::character varying NOT NULL,
    display_name character varying(255),
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    is_active boolean GENERATED ALWAYS AS (((status)::text = 'active'::text)) STORED,
    is_staff boolean DEFAULT false NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    last_login_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    operated_by uuid,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    signature_policy character varying(20) DEFAULT 'none'::character varying NOT NULL,
    CONSTRAINT only_persons_are_staff CHECK (((NOT is_staff) OR ((kind)::text = 'person'::text))),
    CONSTRAINT only_persons_have_a_password CHECK ((((kind)::text = 'person'::text) OR ((password_hash)::text ~~ '!%'::text))),
    CONSTRAINT person_has_an_email CHECK (((NOT ((kind)::text = 'person'::text)) OR (email IS NOT NULL))),
    CONSTRAINT persons_operate_themselves CHECK (((((kind)::text = 'person'::text) AND (operated_by IS NULL)) OR (NOT ((kind)::text = 'person'::text)))),
    CONSTRAINT signature_policy_is_known CHECK (((signature_policy)::text = ANY ((ARRAY['none'::character varying, 'hmac'::character varying, 'ed25519'::character varying])::text[]))),
    CONSTRAINT user_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['person'::character varying, 'agent'::character varying, 'service'::character varying])::text[]))),
    CONSTRAINT user_status_is_known CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'disabled'::character varying])::text[])))
);

ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;


ALTER TABLE public.users OWNER TO xm_owner;

--
-- Name: person_by_email(text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.person_by_email(wanted text) RETURNS SETOF public.users
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT u.* FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
  WHERE lower(u.email) = lower(wanted) AND u.kind = 'person' AND t.status = 'active'
$$;


ALTER FUNCTION public.person_by_email(wanted text) OWNER TO xm_owner;

--
-- Name: person_by_id(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.person_by_id(wanted uuid) RETURNS SETOF public.users
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT u.* FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
  WHERE u.id = wanted AND u.kind = 'person' AND t.status = 'active'
$$;


ALTER FUNCTION public.person_by_id(wanted uuid) OWNER TO xm_owner;

--
-- Name: policy_change_can_be_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_change_can_be_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by)
  VALUES ('00000000-0000-0000-0000-000000000000', 'policy:change', NEW.id, NEW.digest, 'high', NEW.proposed_by);
  RETURN NULL;
END $$;


ALTER FUNCTION public.policy_change_can_be_approved() OWNER TO xm_owner;

--
-- Name: policy_change_is_well_formed(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_change_is_well_formed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  said approval_policies;
  role_held text;
BEGIN
  NEW.created_at := clock_timestamp();
  role_held := role_of_acting_staff(NEW.proposed_by, '00000000-0000-0000-0000-000000000000');
  IF role_held IS NULL OR role_rank(role_held) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'A policy is proposed by an admin of the platform.', 'Ask somebody who holds that role.');
  END IF;
  said := policy_in(NEW.canonical);
  IF NOT EXISTS (SELECT FROM approval_policies p WHERE p.action = said.action) THEN
    PERFORM refuse('policy_change_is_well_formed', format('Nothing is called %s.', said.action), 'Choose an action that has a policy.');
  END IF;
  PERFORM refuse_another_policy(said);
  IF EXISTS (SELECT FROM approval_policies p
             WHERE (p.action, p.risk, p.required_roles, p.request_lifetime, p.due_after, p.grant_lifetime,
                    p.needs_reauthentication, p.publishes_by_itself)
                 = (said.action, said.risk, said.required_roles, said.request_lifetime, said.due_after, said.grant_lifetime,
                    said.needs_reauthentication, said.publishes_by_itself)) THEN
    PERFORM refuse('policy_is_so_already', 'The policy says this already.', 'Change something, or leave it as it is.');
  END IF;
  NEW.action := said.action;
  NEW.risk := said.risk;
  RETURN NEW;
END $$;


ALTER FUNCTION public.policy_change_is_well_formed() OWNER TO xm_owner;

--
-- Name: policy_change_needs_approval(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_change_needs_approval() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP <> 'DELETE' AND current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    IF TG_OP = 'INSERT' AND NEW.set_by_audit_id IS NULL THEN
      NEW.due_after := COALESCE(NEW.due_after, NEW.request_lifetime / 2);
      RETURN NEW;
    END IF;
    IF (TG_OP = 'INSERT' OR (OLD.id, OLD.created_at) = (NEW.id, NEW.created_at)) AND EXISTS (
        SELECT FROM approval_policy_versions v
        WHERE v.audit_id = NEW.set_by_audit_id
          AND (v.action, v.risk, v.quorum, v.required_roles, v.request_lifetime, v.grant_lifetime,
               v.needs_reauthentication, v.due_after, v.publishes_by_itself)
            = (NEW.action, NEW.risk, NEW.quorum, NEW.required_roles, NEW.request_lifetime, NEW.grant_lifetime,
               NEW.needs_reauthentication, NEW.due_after, NEW.publishes_by_itself)
          AND v.number = (SELECT max(n.number) FROM approval_policy_versions n WHERE n.action = v.action AND n.risk = v.risk)) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                 'Propose the change and have it approved.');
END $$;


ALTER FUNCTION public.policy_change_needs_approval() OWNER TO xm_owner;

--
-- Name: approval_policies; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_policies (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    action character varying(100) NOT NULL,
    risk character varying(20) NOT NULL,
    quorum integer NOT NULL,
    required_roles jsonb NOT NULL,
    request_lifetime interval NOT NULL,
    grant_lifetime interval NOT NULL,
    needs_reauthentication boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    due_after interval NOT NULL,
    publishes_by_itself boolean DEFAULT false NOT NULL,
    set_by_audit_id uuid,
    CONSTRAINT only_events_publish_by_themselves CHECK (((NOT publishes_by_itself) OR (((action)::text = 'event:publish'::text) AND (NOT ((risk)::text = 'high'::text))))),
    CONSTRAINT policies_are_changed_by_two_people CHECK (((NOT ((action)::text = 'policy:change'::text)) OR (needs_reauthentication AND (quorum >= 2)))),
    CONSTRAINT policy_asks_at_least_one_person CHECK ((quorum >= 1)),
    CONSTRAINT policy_is_due_in_time CHECK (((due_after > '00:00:00'::interval) AND (due_after <= request_lifetime))),
    CONSTRAINT policy_risk_is_known CHECK (((risk)::text = ANY ((ARRAY['low'::character varying, 'medium'::character varying, 'high'::character varying])::text[]))),
    CONSTRAINT policy_roles_are_known CHECK ((public.approval_slots(required_roles) <@ ARRAY['admin'::text, 'super-admin'::text])),
    CONSTRAINT policy_slots_fill_the_quorum CHECK ((cardinality(public.approval_slots(required_roles)) = quorum))
);


ALTER TABLE public.approval_policies OWNER TO xm_owner;

--
-- Name: policy_in(bytea); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_in(canonical bytea) RETURNS public.approval_policies
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  known CONSTANT text[] := ARRAY['action', 'risk', 'required_roles', 'request_lifetime_seconds', 'due_after_seconds',
    'grant_lifetime_seconds', 'needs_reauthentication', 'publishes_by_itself', 'instead_of', 'explanation'];
  content jsonb;
  named text[];
  said approval_policies;
BEGIN
  BEGIN
    content := convert_from(canonical, 'UTF8')::jsonb;
    named := ARRAY(SELECT jsonb_object_keys(content));
    said.action := content ->> 'action';
    said.risk := content ->> 'risk';
    said.required_roles := content -> 'required_roles';
    said.quorum := cardinality(approval_slots(said.required_roles));
    said.request_lifetime := make_interval(secs => (content ->> 'request_lifetime_seconds')::integer);
    said.due_after := make_interval(secs => (content ->> 'due_after_seconds')::integer);
    said.grant_lifetime := make_interval(secs => (content ->> 'grant_lifetime_seconds')::integer);
    said.needs_reauthentication := (content ->> 'needs_reauthentication')::boolean;
    said.publishes_by_itself := (content ->> 'publishes_by_itself')::boolean;
    -- the grant that set what it is to replace
    said.set_by_audit_id := (content ->> 'instead_of')::uuid;
  EXCEPTION WHEN data_exception OR invalid_parameter_value THEN
    PERFORM refuse('policy_change_is_well_formed', 'The canonical text is no policy.', 'Send RFC 8785 JSON.');
  END;
  IF NOT COALESCE(
      named <@ known AND known <@ named AND said.risk IN ('low', 'medium', 'high')
      AND said.quorum BETWEEN 1 AND 9 AND approval_slots(said.required_roles) <@ ARRAY['admin', 'super-admin']
      AND said.request_lifetime BETWEEN interval '1 hour' AND interval '720 hours'
      AND said.due_after BETWEEN interval '1 minute' AND said.request_lifetime
      AND said.grant_lifetime BETWEEN interval '1 minute' AND interval '720 hours'
      AND (NOT said.publishes_by_itself OR (said.action = 'event:publish' AND said.risk <> 'high'))
      AND (said.action <> 'policy:change' OR (said.quorum >= 2 AND said.needs_reauthentication))
      AND length(btrim(content ->> 'explanation')) >= 10, false)
     OR said.needs_reauthentication IS NULL OR said.publishes_by_itself IS NULL THEN
    PERFORM refuse('policy_change_is_well_formed', 'No policy can say this.',
                   'Ask for 1 to 9 people, two for policy:change, and keep to the lengths of time that the runbook names.');
  END IF;
  RETURN said;
END $$;


ALTER FUNCTION public.policy_in(canonical bytea) OWNER TO xm_owner;

--
-- Name: policy_version_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_version_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants;
  said approval_policies;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id AND g.action = 'policy:change';
  IF NOT FOUND OR NEW.change_id <> approval.subject_id OR NEW.digest <> approval.digest THEN
    PERFORM refuse('policy_change_needs_approval', 'An approval policy changes only by an approved proposal.',
                   'Propose the change and have it approved.');
  END IF;
  IF approval.expires_at <= clock_timestamp() THEN
    PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                   'Have it approved again.');
  END IF;
  SELECT (policy_in(c.canonical)).* INTO said FROM approval_policy_changes c WHERE c.id = approval.subject_id;
  -- two changes of one policy wait for each other here
  PERFORM FROM approval_policies p WHERE p.action = said.action AND p.risk = said.risk FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM approval_policy_versions v WHERE v.audit_id = approval.audit_id) THEN
    PERFORM refuse('policy_version_has_an_approval_of_its_own', 'One approval changes a policy once.', 'It is in force already.');
  END IF;
  PERFORM refuse_another_policy(said);
  NEW.number := 1 + (SELECT count(*) FROM approval_policy_versions v WHERE v.action = said.action AND v.risk = said.risk);
  NEW.action := said.action;
  NEW.risk := said.risk;
  NEW.quorum := said.quorum;
  NEW.required_roles := said.required_roles;
  NEW.request_lifetime := said.request_lifetime;
  NEW.grant_lifetime := said.grant_lifetime;
  NEW.needs_reauthentication := said.needs_reauthentication;
  NEW.due_after := said.due_after;
  NEW.publishes_by_itself := said.publishes_by_itself;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.policy_version_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: policy_version_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.policy_version_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, grant_lifetime,
                                 needs_reauthentication, due_after, publishes_by_itself, set_by_audit_id)
  VALUES (NEW.action, NEW.risk, NEW.quorum, NEW.required_roles, NEW.request_lifetime, NEW.grant_lifetime,
          NEW.needs_reauthentication, NEW.due_after, NEW.publishes_by_itself, NEW.audit_id)
  ON CONFLICT (action, risk) DO UPDATE
  SET (quorum, required_roles, request_lifetime, grant_lifetime, needs_reauthentication, due_after, publishes_by_itself,
       set_by_audit_id)
    = (EXCLUDED.quorum, EXCLUDED.required_roles, EXCLUDED.request_lifetime, EXCLUDED.grant_lifetime,
       EXCLUDED.needs_reauthentication, EXCLUDED.due_after, EXCLUDED.publishes_by_itself, EXCLUDED.set_by_audit_id);
  RETURN NULL;
END $$;


ALTER FUNCTION public.policy_version_takes_effect() OWNER TO xm_owner;

--
-- Name: proposal_follows_its_request(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.proposal_follows_its_request() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  beside market_proposals := NEW;
BEGIN
  beside.status := OLD.status;
  beside.updated_at := OLD.updated_at;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('proposal_never_changes', 'A proposal keeps its symbol and its proposer; its content changes by a revision.',
                   'Revise it, or withdraw it and propose anew.');
  END IF;
  IF current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('proposal_follows_its_request', 'The status of a proposal is what was decided on its request.',
                   'Decide on the request in the admin.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.proposal_follows_its_request() OWNER TO xm_owner;

--
-- Name: proposal_is_ones_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.proposal_is_ones_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  proposer users;
BEGIN
  SELECT * INTO proposer FROM users u WHERE u.id = NEW.proposed_by;
  IF NOT FOUND OR proposer.status <> 'active' THEN
    PERFORM refuse('proposal_has_a_known_proposer', 'The proposer is not an active user.', 'Use a live account.');
  END IF;
  IF NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_ones_own', 'Nobody proposes in the name of another.', 'Use your own key.');
  END IF;
  IF proposer.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('proposer_is_of_another_tenant', 'A proposer belongs to the tenant of the proposal.', 'Propose in your own tenant.');
  END IF;
  IF NEW.market_id IS NOT NULL THEN
    -- a change is called what its market is called
    NEW.symbol := COALESCE((SELECT m.symbol FROM markets m WHERE m.tenant_id = NEW.tenant_id AND m.market_id = NEW.market_id),
                           NEW.symbol, 'unknown');
  END IF;
  NEW.operated_by := proposer.operated_by;
  NEW.status := 'proposed';
  RETURN NEW;
END $$;


ALTER FUNCTION public.proposal_is_ones_own() OWNER TO xm_owner;

--
-- Name: proposer_is_entitled(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.proposer_is_entitled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  held user_entitlements;
  content jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
BEGIN
  -- locked, so that two proposals at once do not each count the same open ones
  SELECT * INTO held FROM user_entitlements e WHERE e.user_id = NEW.proposed_by FOR NO KEY UPDATE;
  IF NOT entitles(held.asset_classes, NEW.type) THEN
    PERFORM refuse('not_entitled_to_this_type', format('The proposer is not entitled to %s markets.', NEW.type),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF NOT entitles(held.instruments, content ->> 'symbol') THEN
    PERFORM refuse('not_entitled_to_this_symbol', format('The proposer is not entitled to the symbol %s.', content ->> 'symbol'),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF content ->> 'region' IS NOT NULL AND NOT entitles(held.venues, content ->> 'region') THEN
    PERFORM refuse('not_entitled_to_this_region', format('The proposer is not entitled to the region %s.', content ->> 'region'),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF COALESCE((content ->> 'exposure')::numeric, 0) > COALESCE(held.max_notional, 0) THEN
    PERFORM refuse('exposure_is_within_the_limit', format('The proposer is entitled to an exposure of %s at most.',
                   COALESCE(held.max_notional, 0)), 'State a lower exposure, or ask an administrator for a higher limit.');
  END IF;
  IF NEW.revision_no = 1 AND (SELECT count(*) FROM market_proposals p
      WHERE p.tenant_id = NEW.tenant_id AND p.proposed_by = NEW.proposed_by AND p.status IN ('proposed', 'changes_requested'))
      > COALESCE(held.max_open_orders, 0) THEN
    PERFORM refuse('open_proposals_are_within_the_limit', format('The proposer is entitled to %s undecided proposals at most.',
                   COALESCE(held.max_open_orders, 0)), 'Wait for decisions, or withdraw a proposal.');
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.proposer_is_entitled() OWNER TO xm_owner;

--
-- Name: prune_kept_answers(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.prune_kept_answers() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH old AS MATERIALIZED (
    SELECT k.id FROM idempotency_keys k WHERE k.created_at < clock_timestamp() - interval '24 hours'
    ORDER BY k.created_at LIMIT 100 FOR UPDATE SKIP LOCKED),
  gone AS (DELETE FROM idempotency_keys WHERE id IN (SELECT o.id FROM old o) RETURNING 1)
  SELECT count(*) FROM gone;
$$;


ALTER FUNCTION public.prune_kept_answers() OWNER TO xm_owner;

--
-- Name: publication_ends_its_candidate(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.publication_ends_its_candidate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE candidate_events SET status = 'processed' WHERE candidate_id = NEW.candidate_id;
  RETURN NULL;
END $$;


ALTER FUNCTION public.publication_ends_its_candidate() OWNER TO xm_owner;

--
-- Name: raise_tenant_wall(regclass); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.raise_tenant_wall(around regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.raise_tenant_wall(around regclass) OWNER TO xm_owner;

--
-- Name: reap_jobs(text, text, jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.reap_jobs(of_worker text, why text, backoffs jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  lost record;
  reaped integer := 0;
BEGIN
  FOR lost IN
    SELECT j.job_id, j.attempts, j.locked_by, j.job_type FROM jobs j
    WHERE j.status = 'processing'
      AND CASE WHEN of_worker IS NULL THEN COALESCE(j.lease_until, j.updated_at + interval '2 minutes') < clock_timestamp()
          ELSE j.locked_by = of_worker END
    ORDER BY j.lease_until LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    PERFORM fail_job(lost.job_id, lost.attempts, lost.locked_by, why, '', COALESCE((backoffs ->> lost.job_type)::float8, 60));
    reaped := reaped + 1;
  END LOOP;
  RETURN reaped;
END $$;


ALTER FUNCTION public.reap_jobs(of_worker text, why text, backoffs jsonb) OWNER TO xm_owner;

--
-- Name: reauthentication_is_of_now(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.reauthentication_is_of_now() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.created_at := clock_timestamp();
  IF NEW.person_id IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('decision_is_ones_own', 'Nobody types the password of another.', 'Log in as yourself.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.reauthentication_is_of_now() OWNER TO xm_owner;

--
-- Name: refuse(text, text, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.refuse(name text, said text, next_step text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION '%', said USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = name, HINT = next_step;
END $$;


ALTER FUNCTION public.refuse(name text, said text, next_step text) OWNER TO xm_owner;

--
-- Name: refuse_a_lost_lease(boolean); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.refuse_a_lost_lease(it_is_ours boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT it_is_ours THEN
    RAISE EXCEPTION 'Another worker has this job, or nobody: what this attempt did is undone.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lease_is_lost', TABLE = 'jobs',
            HINT = 'Nothing: whoever has the job now goes on with it.';
  END IF;
  RETURN true;
END $$;


ALTER FUNCTION public.refuse_a_lost_lease(it_is_ours boolean) OWNER TO xm_owner;

--
-- Name: refuse_another_policy(public.approval_policies); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.refuse_another_policy(said public.approval_policies) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF (SELECT p.set_by_audit_id FROM approval_policies p WHERE p.action = said.action AND p.risk = said.risk)
     IS DISTINCT FROM said.set_by_audit_id THEN
    PERFORM refuse('policy_has_moved_on', 'The policy was changed since this was proposed.', 'Propose the change anew.');
  END IF;
END $$;


ALTER FUNCTION public.refuse_another_policy(said public.approval_policies) OWNER TO xm_owner;

--
-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are never changed, removed or truncated (%).', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME,
          HINT = 'Write a new row instead.';
END $$;


ALTER FUNCTION public.refuse_change() OWNER TO xm_owner;

--
-- Name: reopening_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.reopening_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:reopen', NEW.proposal_id, NEW.digest,
                                           'reopening_needs_human_approval');
  revision market_revisions;
  market markets;
BEGIN
  IF EXISTS (SELECT FROM market_reopenings r WHERE r.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('reopening_approval_is_used_once', 'One approval opens a market once.', 'The market was opened again already.');
  END IF;
  revision := revision_granted(approval);
  market := market_to_change(approval.subject_id, revision);
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := market.reopened + 1;
  NEW.closes_at := (convert_from(revision.canonical, 'UTF8')::jsonb ->> 'closes_at')::timestamptz;
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.reopening_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: reopening_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.reopening_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE markets SET reopened = NEW.number, status = 'active' WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;


ALTER FUNCTION public.reopening_takes_effect() OWNER TO xm_owner;

--
-- Name: request_is_filled_from_its_policy(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.request_is_filled_from_its_policy() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  subject approval_subjects;
  policy approval_policies;
BEGIN
  UPDATE approval_requests SET status = 'superseded'
  WHERE action = NEW.action AND subject_id = NEW.subject_id AND status = 'open';
  SELECT * INTO subject FROM approval_subjects s
  WHERE s.subject_id = NEW.subject_id AND s.action = NEW.action AND s.digest = NEW.digest;
  IF NOT FOUND THEN
    PERFORM refuse('request_has_a_known_subject', 'There is no such content to approve.', 'Propose it first.');
  END IF;
  IF subject.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid
     AND subject.operated_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer, or the person who operates it, asks for its approval.',
                   'Propose your own.');
  END IF;
  IF EXISTS (SELECT FROM approval_requests r WHERE r.action = NEW.action AND r.subject_id = NEW.subject_id
             AND r.status IN ('granted', 'rejected', 'withdrawn')) THEN
    PERFORM refuse('request_is_closed', 'This has been decided or withdrawn for good.', 'Propose anew.');
  END IF;
  SELECT * INTO policy FROM approval_policies p WHERE p.action = NEW.action AND p.risk = subject.risk;
  IF NOT FOUND THEN
    PERFORM refuse('approval_needs_a_policy', format('No policy says who approves %s at %s risk.', NEW.action, subject.risk),
                   'Load the reference rows with manage.py migrate.');
  END IF;
  NEW.tenant_id := subject.tenant_id;
  NEW.risk := subject.risk;
  NEW.proposed_by := subject.proposed_by;
  NEW.operated_by := subject.operated_by;
  NEW.barred := subject.barred;
  NEW.quorum := policy.quorum;
  NEW.required_roles := policy.required_roles;
  NEW.grant_lifetime := policy.grant_lifetime;
  NEW.needs_reauthentication := policy.needs_reauthentication;
  NEW.status := 'open';
  NEW.requested_at := clock_timestamp();
  NEW.expires_at := NEW.requested_at + policy.request_lifetime;
  NEW.due_at := NEW.requested_at + policy.due_after;
  NEW.escalated_at := NULL;
  NEW.closed_at := NULL;
  RETURN NEW;
END $$;


ALTER FUNCTION public.request_is_filled_from_its_policy() OWNER TO xm_owner;

--
-- Name: request_is_noticed(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.request_is_noticed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  about text := CASE
    WHEN TG_OP = 'INSERT' THEN 'put'
    WHEN NEW.escalated_at IS DISTINCT FROM OLD.escalated_at THEN 'escalated'
    WHEN OLD.status = 'open' AND NEW.status IN ('granted', 'rejected', 'changes_requested') THEN 'closed'
  END;
BEGIN
  IF about IS NOT NULL THEN
    INSERT INTO approval_notices (tenant_id, request_id, occasion) VALUES (NEW.tenant_id, NEW.id, about) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.request_is_noticed() OWNER TO xm_owner;

--
-- Name: request_moves_its_candidate(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.request_moves_its_candidate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  becomes text := CASE NEW.status WHEN 'granted' THEN 'approved' WHEN 'rejected' THEN 'rejected'
                                  WHEN 'changes_requested' THEN 'rejected' WHEN 'withdrawn' THEN 'withdrawn' END;
BEGIN
  UPDATE candidate_events SET status = becomes, rejection_reason = CASE becomes WHEN 'rejected' THEN (
      SELECT d.reason FROM approval_decisions d
      WHERE d.request_id = NEW.id AND d.verdict IN ('reject', 'request_changes') ORDER BY d.decided_at DESC LIMIT 1) END
  WHERE becomes IS NOT NULL AND candidate_id = NEW.subject_id AND status = 'pending';
  RETURN NULL;
END $$;


ALTER FUNCTION public.request_moves_its_candidate() OWNER TO xm_owner;

--
-- Name: request_moves_its_proposal(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.request_moves_its_proposal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  becomes text := CASE NEW.status WHEN 'open' THEN 'proposed' WHEN 'granted' THEN 'approved' ELSE NEW.status END;
BEGIN
  IF NEW.status <> 'superseded' THEN
    UPDATE market_proposals SET status = becomes WHERE id = NEW.subject_id AND status <> becomes;
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.request_moves_its_proposal() OWNER TO xm_owner;

--
-- Name: request_only_closes(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.request_only_closes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  by_a_guard boolean := current_user = pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID));
  actor uuid := unit_setting('actor_id')::uuid;
  beside approval_requests := NEW;
BEGIN
  beside.status := OLD.status;
  beside.closed_at := OLD.closed_at;
  beside.escalated_at := OLD.escalated_at;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('request_never_changes', 'A request stays what it was when it was put.', 'Put a new request.');
  END IF;
  IF NEW.escalated_at IS DISTINCT FROM OLD.escalated_at THEN
    IF NOT by_a_guard OR NEW.status <> 'open' OR OLD.status <> 'open' OR OLD.escalated_at IS NOT NULL THEN
      PERFORM refuse('request_never_changes', 'A request is escalated once, by the database, while it is open.',
                     'Look at who can decide on it.');
    END IF;
    NEW.escalated_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF NOT (OLD.status = 'open' OR (OLD.status = 'changes_requested' AND NEW.status = 'withdrawn')) THEN
    PERFORM refuse('request_is_closed', format('This request is %s already.', OLD.status), 'Look at the newer request.');
  END IF;
  IF NOT by_a_guard AND NEW.status <> 'withdrawn' THEN
    PERFORM refuse('approval_needs_its_quorum', 'A request is closed by decisions, not by hand.', 'Decide on it in the admin.');
  END IF;
  IF NOT by_a_guard AND (actor IS NULL OR actor NOT IN (OLD.proposed_by, COALESCE(OLD.operated_by, OLD.proposed_by))) THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer, or the person who operates it, withdraws.',
                   'Reject it in the admin instead.');
  END IF;
  NEW.closed_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.request_only_closes() OWNER TO xm_owner;

--
-- Name: resolution_is_what_was_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.resolution_is_what_was_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  wanted text := (SELECT g.action FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'market:void');
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, COALESCE(wanted, 'market:resolve'), NEW.proposal_id,
                                           NEW.digest, 'resolution_needs_human_approval');
  revision market_revisions;
  market markets;
  before market_resolutions;
  content jsonb;
BEGIN
  IF EXISTS (SELECT FROM market_resolutions r WHERE r.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('resolution_approval_is_used_once', 'One approval makes one resolution.', 'The market is resolved already.');
  END IF;
  revision := revision_granted(approval);
  market := market_to_change(approval.subject_id, revision);
  before := standing_resolution(market.market_id);
  content := convert_from(revision.canonical, 'UTF8')::jsonb;
  NEW.tenant_id := approval.tenant_id;
  NEW.market_id := market.market_id;
  NEW.number := COALESCE(before.number, 0) + 1;
  NEW.supersedes_id := before.id;
  NEW.recorded_at := clock_timestamp();
  NEW.outcome := CASE WHEN wanted IS NULL THEN content ->> 'outcome' ELSE 'void' END;
  NEW.known_at := CASE WHEN wanted IS NULL THEN (content ->> 'known_at')::timestamptz END;
  NEW.challenge_until := CASE WHEN wanted IS NULL THEN NEW.recorded_at + challenge_window(revision.risk) END;
  RETURN NEW;
END $$;


ALTER FUNCTION public.resolution_is_what_was_approved() OWNER TO xm_owner;

--
-- Name: resolution_takes_effect(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.resolution_takes_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE market_disputes SET settled_by = NEW.id
  WHERE tenant_id = NEW.tenant_id AND market_id = NEW.market_id AND settled_by IS NULL;
  UPDATE markets SET status = CASE NEW.outcome WHEN 'void' THEN 'voided' ELSE 'resolved' END WHERE market_id = NEW.market_id;
  RETURN NULL;
END $$;


ALTER FUNCTION public.resolution_takes_effect() OWNER TO xm_owner;

--
-- Name: retraction_is_ones_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.retraction_is_ones_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  event events;
  person users;
BEGIN
  SELECT * INTO event FROM events e WHERE e.event_id = NEW.event_id;
  IF NOT FOUND THEN
    PERFORM refuse('retraction_has_a_known_event', 'There is no such event.', 'Look at the list of events.');
  END IF;
  IF NEW.retracted_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('retraction_is_ones_own', 'Nobody takes back in the name of another.', 'Log in as yourself.');
  END IF;
  SELECT * INTO person FROM users u WHERE u.id = NEW.retracted_by;
  IF NOT FOUND OR person.kind <> 'person' OR person.status <> 'active' OR NOT person.is_staff
     OR person.tenant_id NOT IN (event.tenant_id, '00000000-0000-0000-0000-000000000000')
     OR COALESCE(role_rank(highest_role(person.id)) < role_rank('admin'), true) THEN
    PERFORM refuse('retraction_is_by_staff', 'Only an active admin of the tenant, or of the platform, takes an event back.',
                   'Ask an administrator.');
  END IF;
  IF length(btrim(COALESCE(NEW.reason, ''))) < 10 THEN
    PERFORM refuse('reason_is_given', 'A reason has at least ten characters.', 'Say why it is taken back.');
  END IF;
  NEW.tenant_id := event.tenant_id;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.retraction_is_ones_own() OWNER TO xm_owner;

--
-- Name: retry_at(double precision, integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.retry_at(base_seconds double precision, attempts integer) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT clock_timestamp()
         + make_interval(secs => least(3600, base_seconds * 2 ^ least(attempts - 1, 30)) * (0.8 + 0.4 * random()))
$$;


ALTER FUNCTION public.retry_at(base_seconds double precision, attempts integer) OWNER TO xm_owner;

--
-- Name: revision_can_be_approved(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revision_can_be_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by, barred)
  SELECT NEW.tenant_id, 'market:' || p.kind, NEW.proposal_id, NEW.digest, NEW.risk, p.proposed_by, p.operated_by,
         CASE WHEN p.kind = 'resolve' AND NEW.risk = 'high' THEN barred_from_resolving(p.market_id) ELSE '{}' END
  FROM market_proposals p WHERE p.id = NEW.proposal_id
  ON CONFLICT (tenant_id, action, subject_id, digest) DO NOTHING;
  RETURN NULL;
END $$;


ALTER FUNCTION public.revision_can_be_approved() OWNER TO xm_owner;

--
-- Name: revision_granted(public.approval_grants); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revision_granted(approval public.approval_grants) RETURNS public.market_revisions
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  revision market_revisions;
BEGIN
  SELECT * INTO STRICT revision FROM market_revisions r
  WHERE r.proposal_id = approval.subject_id AND r.digest = approval.digest ORDER BY r.revision_no DESC LIMIT 1;
  RETURN revision;
END $$;


ALTER FUNCTION public.revision_granted(approval public.approval_grants) OWNER TO xm_owner;

--
-- Name: revision_is_its_canonical_text(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revision_is_its_canonical_text() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  proposal market_proposals;
  market markets;
  content jsonb;
BEGIN
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r
  WHERE r.subject_id = NEW.proposal_id AND r.status = 'open'
    AND r.action = (SELECT 'market:' || p.kind FROM market_proposals p WHERE p.id = NEW.proposal_id) FOR UPDATE;
  SELECT * INTO proposal FROM market_proposals p WHERE p.id = NEW.proposal_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('revision_has_a_known_proposal', 'There is no such proposal.', 'Propose it first.');
  END IF;
  IF proposal.status NOT IN ('proposed', 'changes_requested') THEN
    PERFORM refuse('proposal_is_closed', format('This proposal is %s.', proposal.status), 'Propose anew.');
  END IF;
  IF NEW.proposed_by <> proposal.proposed_by OR NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer revises.', 'Propose your own.');
  END IF;
  BEGIN
    content := convert_from(NEW.canonical, 'UTF8')::jsonb;
  EXCEPTION WHEN data_exception THEN
    PERFORM refuse('revision_is_well_formed', 'The canonical text is not JSON.', 'Send RFC 8785 JSON.');
  END;
  PERFORM revision_says_what_its_kind_needs(proposal.kind, content);
  IF content ->> 'symbol' IS DISTINCT FROM proposal.symbol THEN
    PERFORM refuse('symbol_never_changes', 'A proposal keeps its symbol.', 'Withdraw it and propose anew.');
  END IF;

  NEW.tenant_id := proposal.tenant_id;
  NEW.revision_no := 1 + (SELECT count(*) FROM market_revisions r WHERE r.proposal_id = NEW.proposal_id);
  NEW.snapshot_ids := ARRAY(SELECT jsonb_array_elements_text(content -> 'snapshot_ids'));
  NEW.created_at := clock_timestamp();
  IF proposal.kind <> 'create' THEN
    SELECT * INTO STRICT market FROM markets m WHERE m.market_id = proposal.market_id;
    IF content ->> 'market_id' IS DISTINCT FROM market.market_id::text THEN
      PERFORM refuse('symbol_never_changes', 'A proposal keeps its market.', 'Withdraw it and propose anew.');
    END IF;
    PERFORM change_fits_its_market(proposal.kind, market, content, NEW.created_at);
  END IF;
  NEW.title := COALESCE(content ->> 'title', market.title);
  NEW.type := COALESCE(content ->> 'type', market.type);
  -- a change is at least as risky as its market is
  NEW.risk := market_risk(NEW.type, riskier(content ->> 'risk_level', market.risk_level));
  IF (SELECT count(*) FROM snapshots s WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids))
     <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  IF EXISTS (SELECT FROM users u WHERE u.id = NEW.proposed_by AND u.kind = 'agent')
     AND (NEW.producer IS NULL OR NEW.schema_version IS NULL OR cardinality(NEW.safety_assertions) < 2
          OR has_duplicates(NEW.safety_assertions) OR NOT NEW.safety_assertions <@ ARRAY[
            'no-production-write', 'no-seed-data', 'requires-human-approval', 'uses-snapshot-ids-for-provenance']) THEN
    PERFORM refuse('agent_states_its_safety', 'An agent names its producer, its schema version and at least two safety assertions.',
                   'Send producer, schema_version and safety_assertions.');
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.revision_is_its_canonical_text() OWNER TO xm_owner;

--
-- Name: revision_says_what_its_kind_needs(text, jsonb); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revision_says_what_its_kind_needs(kind text, content jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  needed text[] := ARRAY['symbol', 'snapshot_ids']
    || CASE WHEN kind IN ('create', 'amend') THEN ARRAY['type', 'title', 'resolution_criteria', 'closes_at'] ELSE ARRAY['explanation'] END
    || CASE kind WHEN 'resolve' THEN ARRAY['outcome', 'known_at'] WHEN 'reopen' THEN ARRAY['closes_at'] ELSE '{}' END
    || CASE WHEN kind <> 'create' THEN ARRAY['market_id', 'base_digest'] ELSE '{}' END;
BEGIN
  IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(content -> 'snapshot_ids') IS DISTINCT FROM 'array'
     OR EXISTS (SELECT FROM unnest(needed) field WHERE content ->> field IS NULL
                OR (btrim(content ->> field) = '' AND field NOT IN ('closes_at', 'known_at'))) THEN
    PERFORM refuse('revision_is_well_formed', 'The canonical text lacks something that its kind needs.',
                   format('It needs %s.', array_to_string(needed, ', ')));
  END IF;
  IF 'closes_at' = ANY (needed) THEN
    PERFORM time_is_written_plainly(content, 'closes_at');
  END IF;
  IF kind = 'resolve' THEN
    PERFORM time_is_written_plainly(content, 'known_at');
    IF content ->> 'outcome' NOT IN ('yes', 'no') THEN
      PERFORM refuse('resolution_is_yes_or_no', 'A market resolves to yes or to no.', 'Propose a void where it can be neither.');
    END IF;
    IF (content ->> 'known_at')::timestamptz > clock_timestamp() THEN
      PERFORM refuse('resolution_was_known_before', 'Nobody resolves a market by what is not known yet.',
                     'Say in known_at when it became known.');
    END IF;
  END IF;
END $$;


ALTER FUNCTION public.revision_says_what_its_kind_needs(kind text, content jsonb) OWNER TO xm_owner;

--
-- Name: revisions_alike(bigint); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revisions_alike(wanted bigint) RETURNS TABLE(revision_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT r.id FROM market_revisions r
  WHERE r.simhash_bands && likeness_bands(unit_setting('tenant_id')::uuid, wanted)
    AND r.tenant_id = unit_setting('tenant_id')::uuid
    AND length(replace(((r.simhash # wanted)::bit(64))::text, '0', '')) <= 12
$$;


ALTER FUNCTION public.revisions_alike(wanted bigint) OWNER TO xm_owner;

--
-- Name: revocation_is_a_persons_own(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revocation_is_a_persons_own() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants;
  role_held text;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id;
  IF NOT FOUND THEN
    PERFORM refuse('revocation_has_a_known_grant', 'There is no such grant.', 'Look for it among the grants in the admin.');
  END IF;
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r WHERE r.id = approval.request_id FOR UPDATE;
  NEW.tenant_id := approval.tenant_id;
  NEW.revoked_at := clock_timestamp();
  role_held := role_of_acting_staff(NEW.revoked_by, approval.tenant_id);
  IF role_held IS NULL OR role_rank(role_held) < role_rank('admin') THEN
    PERFORM refuse('reviewer_lacks_the_role', 'An approval is revoked by an admin.', 'Ask somebody who holds that role.');
  END IF;
  IF EXISTS (SELECT FROM approval_revocations r WHERE r.audit_id = NEW.audit_id) THEN
    PERFORM refuse('grant_is_revoked_once', 'This approval has been revoked already.', 'Read who revoked it, and why.');
  END IF;
  PERFORM spend_proof(NEW.reauthentication_id, NEW.revoked_by);
  RETURN NEW;
END $$;


ALTER FUNCTION public.revocation_is_a_persons_own() OWNER TO xm_owner;

--
-- Name: revocation_stops_its_market(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revocation_stops_its_market() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  approval approval_grants;
  market markets;
  becomes text;
BEGIN
  SELECT * INTO STRICT approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id;
  -- the lock order of every verb: request, subject, market; the revocation holds the first
  SELECT m.* INTO market FROM market_proposals p JOIN markets m ON m.tenant_id = p.tenant_id
    AND (m.market_id = p.market_id OR (p.market_id IS NULL AND m.proposal_id = p.id))
  WHERE p.id = approval.subject_id FOR UPDATE OF p FOR NO KEY UPDATE OF m;
  becomes := CASE
    WHEN market.status = 'active' AND market_has_lost_its_approval(market) THEN 'paused'
    WHEN market.status = 'resolved' AND market.challenge_until > clock_timestamp()
      AND (standing_resolution(market.market_id)).human_approval_audit_id = NEW.audit_id THEN 'disputed' END;
  IF becomes IS NOT NULL THEN
    UPDATE markets SET status = becomes WHERE market_id = market.market_id;
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (market.tenant_id, 'market.' || becomes, unit_setting('correlation_id')::uuid, 'markets', market.market_id::text,
            jsonb_build_object('symbol', market.symbol, 'status', becomes));
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.revocation_stops_its_market() OWNER TO xm_owner;

--
-- Name: revocation_takes_its_event_back(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.revocation_takes_its_event_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO event_retractions (event_id, retracted_by, reason)
  SELECT e.event_id, NEW.revoked_by, NEW.reason FROM events e
  WHERE e.human_approval_audit_id = NEW.audit_id AND NOT EXISTS (
    SELECT FROM event_retractions r WHERE r.event_id = e.event_id);
  RETURN NULL;
END $$;


ALTER FUNCTION public.revocation_takes_its_event_back() OWNER TO xm_owner;

--
-- Name: riskier(text, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.riskier(one text, other text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT (ARRAY['low', 'medium', 'high'])[GREATEST(
    array_position(ARRAY['low', 'medium', 'high'], one), array_position(ARRAY['low', 'medium', 'high'], other))]
$$;


ALTER FUNCTION public.riskier(one text, other text) OWNER TO xm_owner;

--
-- Name: role_is_granted_from_above(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.role_is_granted_from_above() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  granter uuid := NULLIF(current_setting('app.actor_id', true), '')::uuid;
  touched user_roles := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  ranks text[] := ARRAY['viewer', 'editor', 'admin', 'super-admin'];
BEGIN
  IF TG_OP <> 'DELETE' AND EXISTS (SELECT FROM users u WHERE u.id = NEW.user_id AND u.kind <> 'person') THEN
    RAISE EXCEPTION 'Only persons hold roles.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_persons_hold_roles', TABLE = 'user_roles',
            HINT = 'Agents and services may what docs/permissions.md says of them.';
  END IF;
  IF granter IS NOT NULL AND granter = touched.user_id THEN
    RAISE EXCEPTION 'Nobody changes their own roles.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'nobody_changes_their_own_roles', TABLE = 'user_roles',
            HINT = 'Ask another administrator.';
  END IF;
  -- the owner, and whoever operates the platform by command, may be nobody; a process serves somebody
  IF (granter IS NOT NULL OR current_setting('role') NOT IN ('xm_owner', 'xm_platform'))
     AND COALESCE(array_position(ranks, highest_role(granter)), 0) < greatest(3, array_position(ranks, touched.role::text)) THEN
    RAISE EXCEPTION 'Nobody gives or takes a role above their own.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'role_is_granted_from_above', TABLE = 'user_roles',
            HINT = 'Ask somebody who holds that role.';
  END IF;
  RETURN touched;
END $$;


ALTER FUNCTION public.role_is_granted_from_above() OWNER TO xm_owner;

--
-- Name: role_is_in_its_users_tenant(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.role_is_in_its_users_tenant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  SELECT u.tenant_id INTO NEW.tenant_id FROM public.users u WHERE u.id = NEW.user_id;
  RETURN NEW;
END $$;


ALTER FUNCTION public.role_is_in_its_users_tenant() OWNER TO xm_owner;

--
-- Name: role_lent(public.approval_requests, public.approval_decisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.role_lent(request public.approval_requests, decision public.approval_decisions) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  lent approval_delegations;
BEGIN
  SELECT * INTO lent FROM approval_delegations g WHERE g.id = decision.delegation_id FOR SHARE;
  IF NOT FOUND OR lent.to_person_id <> decision.reviewer_id OR lent.revoked_at IS NOT NULL
     OR lent.starts_at > decision.decided_at OR lent.ends_at <= decision.decided_at THEN
    PERFORM refuse('delegation_is_in_force', 'No such delegation is given to you at this moment.',
                   'Decide in your own role, or ask the person for a delegation.');
  END IF;
  IF lent.from_person_id IN (request.proposed_by, request.operated_by) OR lent.from_person_id = ANY (request.barred) THEN
    PERFORM refuse('delegator_cannot_decide', 'Whoever may not decide on this lets nobody else do it for them.',
                   'Decide in your own role, or by the delegation of somebody else.');
  END IF;
  IF NOT EXISTS (SELECT FROM users u JOIN user_roles r ON r.user_id = u.id
                 WHERE u.id = lent.from_person_id AND u.status = 'active' AND u.is_staff
                 AND u.tenant_id IN (request.tenant_id, '00000000-0000-0000-0000-000000000000')
                 AND role_rank(r.role) >= role_rank(lent.role)) THEN
    PERFORM refuse('delegator_holds_the_role', format('Whoever delegated this is no active %s any more.', lent.role),
                   'Ask somebody who holds that role.');
  END IF;
  RETURN lent.role;
END $$;


ALTER FUNCTION public.role_lent(request public.approval_requests, decision public.approval_decisions) OWNER TO xm_owner;

--
-- Name: role_of_acting_staff(uuid, uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.role_of_acting_staff(person uuid, works_in uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  member users;
BEGIN
  IF person IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('decision_is_ones_own', 'Nobody decides in the name of another.', 'Log in as yourself.');
  END IF;
  SELECT * INTO member FROM users u WHERE u.id = person;
  IF NOT FOUND OR member.kind <> 'person' OR member.status <> 'active' OR NOT member.is_staff THEN
    PERFORM refuse('reviewer_is_active_staff', 'Only an active person of staff decides.', 'Ask a member of staff.');
  END IF;
  IF member.tenant_id NOT IN (works_in, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('reviewer_is_of_another_tenant', 'A reviewer belongs to the tenant of the proposal, or to the platform.',
                   'Ask a member of that tenant.');
  END IF;
  RETURN (SELECT r.role FROM user_roles r WHERE r.user_id = person ORDER BY role_rank(r.role) DESC LIMIT 1);
END $$;


ALTER FUNCTION public.role_of_acting_staff(person uuid, works_in uuid) OWNER TO xm_owner;

--
-- Name: role_rank(text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.role_rank(role text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT pg_catalog.array_position(ARRAY['viewer', 'editor', 'admin', 'super-admin'], role)
$$;


ALTER FUNCTION public.role_rank(role text) OWNER TO xm_owner;

--
-- Name: seal_only_moves_on(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.seal_only_moves_on() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.epoch < OLD.epoch OR NEW.size < OLD.size
     OR (NEW.sealed_epoch, NEW.xid, NEW.seq) < (OLD.sealed_epoch, OLD.xid, OLD.seq) THEN
    RAISE EXCEPTION 'The seal of the log only moves on.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'audit_seal',
            HINT = 'What was sealed stays as it was sealed.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.seal_only_moves_on() OWNER TO xm_owner;

--
-- Name: sealed_place(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.sealed_place(of_event uuid) RETURNS TABLE(record bytea, place bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  fact audit_event;
  tile record;
BEGIN
  SELECT * INTO fact FROM audit_event e
  WHERE e.audit_id = of_event AND e.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  record := audit_record(fact);
  IF (fact.epoch, fact.xid, fact.seq) <= (SELECT s.sealed_epoch, s.xid, s.seq FROM audit_seal s) THEN
    SELECT t.position, t.epoch, t.xid, t.seq INTO tile FROM audit_tile t
    WHERE t.level = 0 AND (t.epoch, t.xid, t.seq) <= (fact.epoch, fact.xid, fact.seq)
    ORDER BY t.epoch DESC, t.xid DESC, t.seq DESC LIMIT 1;
    SELECT tile.position * 256 + count(*) INTO place FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) >= (tile.epoch, tile.xid, tile.seq) AND (e.epoch, e.xid, e.seq) < (fact.epoch, fact.xid, fact.seq);
  END IF;
  RETURN NEXT;
END $$;


ALTER FUNCTION public.sealed_place(of_event uuid) OWNER TO xm_owner;

--
-- Name: signing_key(text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.signing_key(wanted text) RETURNS TABLE(key_id uuid, user_id uuid, tenant_id uuid, kind text, role text, state text, algorithm text, secret bytea, public_key bytea, policy text, scopes text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT k.id, u.id, u.tenant_id, u.kind::text,
         CASE WHEN u.kind = 'person' THEN public.highest_role(u.id) END,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
              WHEN k.expires_at <= clock_timestamp() THEN 'expired'
              WHEN u.status <> 'active' OR t.status <> 'active' THEN 'disabled'
              ELSE 'active' END,
         k.algorithm::text, k.secret, k.public_key, u.signature_policy::text, k.scopes
  FROM public.signing_keys k
  JOIN public.users u ON u.id = k.user_id
  JOIN public.tenants t ON t.id = u.tenant_id
  WHERE k.key_id = wanted
$$;


ALTER FUNCTION public.signing_key(wanted text) OWNER TO xm_owner;

--
-- Name: signing_key_only_ends(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.signing_key_only_ends() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF (NEW.id, NEW.tenant_id, NEW.user_id, NEW.key_id, NEW.algorithm, NEW.secret, NEW.public_key, NEW.label, NEW.scopes,
      NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.tenant_id, OLD.user_id, OLD.key_id, OLD.algorithm, OLD.secret, OLD.public_key, OLD.label, OLD.scopes,
      OLD.created_at)
     OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
     OR OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
    RAISE EXCEPTION 'A signing key never changes; it only ends, and sooner at that.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signing_key_only_ends',
            TABLE = 'signing_keys', HINT = 'Revoke this key and make another.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.signing_key_only_ends() OWNER TO xm_owner;

--
-- Name: slot_broken_open(public.approval_requests, public.approval_decisions); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.slot_broken_open(request public.approval_requests, decision public.approval_decisions) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF decision.role_held <> 'super-admin' OR decision.delegation_id IS NOT NULL THEN
    PERFORM refuse('break_glass_is_for_super_admins', 'Only a super-admin breaks the glass, in a role of their own.',
                   'Ask a super-admin, or wait for the people whom the policy asks for.');
  END IF;
  IF EXISTS (SELECT FROM approval_overrides o
             WHERE o.person_id = decision.reviewer_id AND o.kind = 'break_glass' AND o.reviewed_at IS NULL) THEN
    PERFORM refuse('override_waits_for_review', 'What you overrode last time has not been reviewed yet.',
                   'Ask another admin to review it.');
  END IF;
  IF request.risk = 'high' AND NOT EXISTS (
      SELECT FROM approval_decisions d WHERE d.request_id = request.id AND d.verdict = 'approve') THEN
    PERFORM refuse('break_glass_needs_another_person', 'At high risk the glass is broken only beside the approval of another person.',
                   'Ask an admin to approve it first.');
  END IF;
  RETURN slot_filled_by(request, decision.role_held);
END $$;


ALTER FUNCTION public.slot_broken_open(request public.approval_requests, decision public.approval_decisions) OWNER TO xm_owner;

--
-- Name: slot_filled_by(public.approval_requests, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.slot_filled_by(request public.approval_requests, held text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  filled text[] := ARRAY(SELECT d.slot FROM approval_decisions d WHERE d.request_id = request.id AND d.slot IS NOT NULL);
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY approval_slots(request.required_roles) LOOP
    IF wanted = ANY (filled) THEN
      filled := filled[:array_position(filled, wanted) - 1] || filled[array_position(filled, wanted) + 1:];
    ELSIF role_rank(wanted) <= role_rank(held) THEN
      RETURN wanted;
    END IF;
  END LOOP;
  PERFORM refuse('open_slot_needs_a_higher_role', 'What is still missing is the approval of a higher role.',
                 'Ask somebody who holds it.');
END $$;


ALTER FUNCTION public.slot_filled_by(request public.approval_requests, held text) OWNER TO xm_owner;

--
-- Name: snapshot_id_of(text, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.snapshot_id_of(url text, fetched_at timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT encode(sha256(convert_to(
    url || '|' || to_char(fetched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')), 'hex')
$$;


ALTER FUNCTION public.snapshot_id_of(url text, fetched_at timestamp with time zone) OWNER TO xm_owner;

--
-- Name: snapshot_is_named_by_the_clock(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.snapshot_is_named_by_the_clock() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.fetched_at := COALESCE(NEW.fetched_at, clock_timestamp());
  NEW.snapshot_id := COALESCE(NEW.snapshot_id, snapshot_id_of(NEW.url, NEW.fetched_at));
  RETURN NEW;
END $$;


ALTER FUNCTION public.snapshot_is_named_by_the_clock() OWNER TO xm_owner;

--
-- Name: snapshot_record_digest(text, bytea, text, bigint, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.snapshot_record_digest(snapshot_id text, content_digest bytea, content_type text, size_bytes bigint, path text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT sha256(convert_to(concat_ws(E'\n', 'xmarket snapshot v1', snapshot_id, COALESCE(encode(content_digest, 'hex'), ''),
                                     COALESCE(content_type, ''), COALESCE(size_bytes::text, ''), path), 'UTF8'))
$$;


ALTER FUNCTION public.snapshot_record_digest(snapshot_id text, content_digest bytea, content_type text, size_bytes bigint, path text) OWNER TO xm_owner;

--
-- Name: spend_proof(uuid, uuid, boolean); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.spend_proof(proof uuid, person uuid, by_list boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  typed reauthentications;
BEGIN
  SELECT * INTO typed FROM reauthentications a WHERE a.id = proof FOR UPDATE;
  IF NOT FOUND OR typed.person_id <> person
     OR clock_timestamp() NOT BETWEEN typed.created_at AND typed.created_at + interval '5 minutes' THEN
    PERFORM refuse('reauthentication_is_fresh', 'A decision needs the password, typed by this person within five minutes.',
                   'Type your password again.');
  END IF;
  IF typed.list_id IS NOT NULL AND NOT by_list THEN
    PERFORM refuse('not_on_the_list', 'This password was typed for a list of requests.', 'Type your password again.');
  END IF;
  IF EXISTS (SELECT FROM approval_decisions d WHERE d.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_revocations r WHERE r.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_delegations g WHERE g.reauthentication_id = proof)
     OR EXISTS (SELECT FROM approval_overrides o WHERE o.reauthentication_id = proof) THEN
    PERFORM refuse('reauthentication_is_used_once', 'One typing of the password serves one decision.', 'Type your password again.');
  END IF;
END $$;


ALTER FUNCTION public.spend_proof(proof uuid, person uuid, by_list boolean) OWNER TO xm_owner;

--
-- Name: market_resolutions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_resolutions (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    number integer NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    outcome character varying(20) NOT NULL,
    approval_action text GENERATED ALWAYS AS (
CASE
    WHEN ((outcome)::text = 'void'::text) THEN 'market:void'::text
    ELSE 'market:resolve'::text
END) STORED,
    known_at timestamp with time zone,
    challenge_until timestamp with time zone,
    human_approval_audit_id uuid NOT NULL,
    market_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    supersedes_id uuid,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    CONSTRAINT resolution_outcome_is_known CHECK (((outcome)::text = ANY ((ARRAY['yes'::character varying, 'no'::character varying, 'void'::character varying])::text[]))),
    CONSTRAINT resolution_was_known_before CHECK ((((challenge_until IS NULL) AND (known_at IS NULL) AND ((outcome)::text = 'void'::text)) OR ((NOT ((outcome)::text = 'void'::text)) AND (challenge_until IS NOT NULL) AND (known_at <= recorded_at))))
);

ALTER TABLE ONLY public.market_resolutions FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_resolutions OWNER TO xm_owner;

--
-- Name: standing_resolution(uuid); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.standing_resolution(resolved uuid) RETURNS public.market_resolutions
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT r FROM market_resolutions r JOIN markets m ON m.tenant_id = r.tenant_id AND m.market_id = r.market_id
  WHERE m.market_id = resolved ORDER BY r.number DESC LIMIT 1
$$;


ALTER FUNCTION public.standing_resolution(resolved uuid) OWNER TO xm_owner;

--
-- Name: switch_is_reviewed(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.switch_is_reviewed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  turned_by uuid := (SELECT u.id FROM users u WHERE u.id = unit_setting('actor_id')::uuid AND u.kind = 'person');
BEGIN
  IF turned_by IS NOT NULL THEN
    INSERT INTO approval_overrides (tenant_id, kind, about_id, person_id, reason, review_due_at)
    VALUES (COALESCE(NEW.for_tenant_id, '00000000-0000-0000-0000-000000000000'), 'switch', NEW.id, turned_by,
            format('%s %s: %s', NEW.name, NEW.value, COALESCE(unit_setting('reason'), 'no reason was given')),
            clock_timestamp() + interval '24 hours');
  END IF;
  RETURN NULL;
END $$;


ALTER FUNCTION public.switch_is_reviewed() OWNER TO xm_owner;

--
-- Name: switch_is_turned_at_home(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.switch_is_turned_at_home() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF current_user = 'xm_staff'
     AND NEW.for_tenant_id IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid
     OR TG_OP = 'UPDATE' AND (NEW.id, NEW.name, NEW.for_tenant_id) IS DISTINCT FROM (OLD.id, OLD.name, OLD.for_tenant_id) THEN
    RAISE EXCEPTION 'A tenant turns its own switches; the others are the platform''s.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'switch_is_turned_at_home', TABLE = 'switches',
            HINT = 'Ask the people of the platform.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.switch_is_turned_at_home() OWNER TO xm_owner;

--
-- Name: take_nonce(uuid, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.take_nonce(of_key uuid, brought text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO request_nonces (tenant_id, signing_key_id, nonce)
  SELECT k.tenant_id, k.id, brought FROM signing_keys k WHERE k.id = of_key
  ON CONFLICT ON CONSTRAINT nonce_is_used_once DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  WITH old AS MATERIALIZED (
    SELECT n.id FROM request_nonces n JOIN signing_keys k ON k.tenant_id = n.tenant_id AND k.id = n.signing_key_id
    WHERE k.id = of_key AND n.taken_at < clock_timestamp() - interval '10 minutes'
    LIMIT 100 FOR UPDATE OF n SKIP LOCKED)
  DELETE FROM request_nonces WHERE id IN (SELECT o.id FROM old o);
  -- once a minute is news enough, and nobody waits for it
  UPDATE signing_keys SET last_used_at = clock_timestamp() WHERE id = (
    SELECT k.id FROM signing_keys k
    WHERE k.id = of_key AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED);
  RETURN true;
END $$;


ALTER FUNCTION public.take_nonce(of_key uuid, brought text) OWNER TO xm_owner;

--
-- Name: take_token(uuid, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.take_token(of_user uuid, wanted text) RETURNS TABLE(said text, quota integer, remaining integer, seconds integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  now_is timestamptz := clock_timestamp();
  per_minute integer;
  is_person boolean;
  home uuid;
  standing float8;
BEGIN
  SELECT u.kind = 'person', u.tenant_id, CASE wanted WHEN 'proposals' THEN e.rfq_rate_limit ELSE e.order_rate_limit END
  INTO is_person, home, per_minute
  FROM users u LEFT JOIN user_entitlements e ON e.user_id = u.id WHERE u.id = of_user;
  IF NOT is_person AND agents_are_paused(home) THEN
    RETURN QUERY SELECT 'paused', 0, 0, 0;
    RETURN;
  END IF;
  IF COALESCE(per_minute, 0) <= 0 THEN
    RETURN QUERY SELECT 'not_entitled', 0, 0, 0;
    RETURN;
  END IF;
  INSERT INTO rate_buckets AS b (tenant_id, user_id, kind, tokens, refilled_at)
  VALUES (home, of_user, wanted, per_minute - 1, now_is)
  ON CONFLICT ON CONSTRAINT one_bucket_of_each_kind DO UPDATE
    SET tokens = least(per_minute, b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60) - 1,
        refilled_at = now_is
    WHERE least(per_minute, b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60) >= 1
  RETURNING b.tokens INTO standing;
  IF FOUND THEN
    RETURN QUERY SELECT 'taken', per_minute, floor(standing)::integer, 0;
    RETURN;
  END IF;
  SELECT b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60 INTO standing
  FROM rate_buckets b WHERE b.tenant_id = home AND b.user_id = of_user AND b.kind = wanted;
  RETURN QUERY SELECT 'too_many', per_minute, 0, greatest(1, ceil((1 - standing) * 60 / per_minute))::integer;
END $$;


ALTER FUNCTION public.take_token(of_user uuid, wanted text) OWNER TO xm_owner;

--
-- Name: take_turn(text, double precision); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.take_turn(of_type text, step_seconds double precision) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
  now_is timestamptz := clock_timestamp();
  step interval := make_interval(secs => step_seconds);
BEGIN
  INSERT INTO job_rates AS r (job_type, begins_at) VALUES (of_type, now_is + step)
  ON CONFLICT (job_type) DO UPDATE SET begins_at = now_is + step WHERE r.begins_at <= now_is;
  IF FOUND THEN
    RETURN 0;
  END IF;
  RETURN (SELECT greatest(0.001, extract(epoch FROM r.begins_at - now_is)) FROM job_rates r WHERE r.job_type = of_type);
END $$;


ALTER FUNCTION public.take_turn(of_type text, step_seconds double precision) OWNER TO xm_owner;

--
-- Name: tell_job_progress(uuid, integer, text, integer, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE jobs j SET progress = how_far, stage = doing
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker;
  RETURN FOUND;
END $$;


ALTER FUNCTION public.tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text) OWNER TO xm_owner;

--
-- Name: tell_who_waits(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.tell_who_waits() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  -- told once for each transaction: PostgreSQL drops what was said in it before
  PERFORM pg_notify('xm_approval', to_jsonb(NEW) ->> TG_ARGV[0]);
  RETURN NULL;
END $$;


ALTER FUNCTION public.tell_who_waits() OWNER TO xm_owner;

--
-- Name: tenants_to_tell(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.tenants_to_tell() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT DISTINCT n.tenant_id FROM public.approval_notices n WHERE n.job_id IS NULL
$$;


ALTER FUNCTION public.tenants_to_tell() OWNER TO xm_owner;

--
-- Name: tile_only_grows(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.tile_only_grows() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF (NEW.id, NEW.level, NEW.position, NEW.epoch, NEW.xid, NEW.seq)
       IS DISTINCT FROM (OLD.id, OLD.level, OLD.position, OLD.epoch, OLD.xid, OLD.seq)
     OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'A tile of the log only grows.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'audit_tile',
            HINT = 'What was sealed stays as it was sealed.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.tile_only_grows() OWNER TO xm_owner;

--
-- Name: time_is_written_plainly(jsonb, text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.time_is_written_plainly(content jsonb, field text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF to_char((content ->> field)::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') IS DISTINCT FROM content ->> field THEN
    PERFORM refuse('revision_is_well_formed', format('%s is not written as YYYY-MM-DDTHH:MM:SS.ffffffZ.', field),
                   'Write the time in UTC, with microseconds.');
  END IF;
END $$;


ALTER FUNCTION public.time_is_written_plainly(content jsonb, field text) OWNER TO xm_owner;

--
-- Name: trial_is_taken_back(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.trial_is_taken_back() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM refuse('trial_is_taken_back', 'What was only tried is never kept.', 'Take it back before the transaction ends.');
  RETURN NULL;
END $$;


ALTER FUNCTION public.trial_is_taken_back() OWNER TO xm_owner;

--
-- Name: truth_chain_data(public.truth_chain); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.truth_chain_data(t public.truth_chain) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  SELECT jsonb_build_object(
    'id', t.id, 'sequence_number', t.sequence_number, 'record_type', t.record_type, 'subject_type', t.subject_type,
    'subject_id', t.subject_id, 'payload', t.payload, 'actor_id', t.actor_id, 'actor_type', t.actor_type,
    'signature', t.signature, 'anchor_tx_hash', t.anchor_tx_hash,
    'anchored_at', to_char(t.anchored_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'created_at', to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;


ALTER FUNCTION public.truth_chain_data(t public.truth_chain) OWNER TO xm_owner;

--
-- Name: truth_head_moves_on(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.truth_head_moves_on() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.sequence_number <> OLD.sequence_number + 1
     OR NOT EXISTS (SELECT FROM truth_chain t WHERE t.sequence_number = NEW.sequence_number AND t.hash = NEW.hash) THEN
    RAISE EXCEPTION 'The head of the truth chain moves on with its newest entry.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_only_grows', TABLE = 'truth_chain_head',
            HINT = 'Append an entry instead.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.truth_head_moves_on() OWNER TO xm_owner;

--
-- Name: two_keys_are_live(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.two_keys_are_live() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  -- one after the other, or two at once would each count the same two
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'api_keys', NEW.user_id, NEW.label), 0));
  IF (SELECT count(*) FROM api_keys k
      WHERE k.tenant_id = NEW.tenant_id AND k.user_id = NEW.user_id AND k.label = NEW.label
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) >= 2 THEN
    RAISE EXCEPTION 'Two keys of this label are live already.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'two_keys_are_live', TABLE = 'api_keys',
            HINT = 'Revoke one of them first, or choose another label.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.two_keys_are_live() OWNER TO xm_owner;

--
-- Name: two_signing_keys_are_live(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.two_signing_keys_are_live() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
  -- one after the other, or two at once would each count the same two
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'signing_keys', NEW.user_id, NEW.algorithm, NEW.label), 0));
  IF (SELECT count(*) FROM public.signing_keys k
      WHERE k.tenant_id = NEW.tenant_id AND k.user_id = NEW.user_id AND k.algorithm = NEW.algorithm AND k.label = NEW.label
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) >= 2 THEN
    RAISE EXCEPTION 'Two signing keys of this label are live already.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'two_signing_keys_are_live',
            TABLE = 'signing_keys', HINT = 'Revoke one of them first, or choose another label.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.two_signing_keys_are_live() OWNER TO xm_owner;

--
-- Name: unit_setting(text); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.unit_setting(name text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT NULLIF(pg_catalog.current_setting(pg_catalog.concat('app.', name), true), '')
$$;


ALTER FUNCTION public.unit_setting(name text) OWNER TO xm_owner;

--
-- Name: unsealed_places(integer); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.unsealed_places(most integer) RETURNS TABLE(place bigint, epoch integer, xid xid8, seq bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH at AS (SELECT s.size, s.epoch, s.sealed_epoch, s.xid, s.seq FROM audit_seal s),
  due AS MATERIALIZED (
    SELECT e.epoch, e.xid, e.seq,
           (SELECT size FROM at) + row_number() OVER (ORDER BY e.epoch, e.xid, e.seq) - 1 AS place
    FROM audit_event e
    WHERE (e.epoch, e.xid, e.seq) > (SELECT sealed_epoch, xid, seq FROM at)
      -- of an epoch that is over, nobody writes any more
      AND (e.epoch < (SELECT epoch FROM at) OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY e.epoch, e.xid, e.seq LIMIT most)
  SELECT d.place, d.epoch, d.xid, d.seq FROM due d
  WHERE d.place % 256 = 0 OR d.place = (SELECT max(l.place) FROM due l)
  ORDER BY d.place
$$;


ALTER FUNCTION public.unsealed_places(most integer) OWNER TO xm_owner;

--
-- Name: update_updated_at_column(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.update_updated_at_column() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;


ALTER FUNCTION public.update_updated_at_column() OWNER TO xm_owner;

--
-- Name: user_stays_who_they_are(); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.user_stays_who_they_are() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.tenant_id) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.tenant_id)
     OR NEW.operated_by IS DISTINCT FROM OLD.operated_by THEN
    RAISE EXCEPTION 'User % keeps id, kind, tenant and operator for ever.', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'user_stays_who_they_are',
            TABLE = 'users', HINT = 'Disable this user and make another.';
  END IF;
  RETURN NEW;
END $$;


ALTER FUNCTION public.user_stays_who_they_are() OWNER TO xm_owner;

--
-- Name: verify_truth_chain_integrity(bigint); Type: FUNCTION; Schema: public; Owner: xm_owner
--

CREATE FUNCTION public.verify_truth_chain_integrity(up_to bigint DEFAULT NULL::bigint) RETURNS TABLE(sequence_number bigint, is_valid boolean, expected_hash text, actual_hash text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
  WITH entries AS (
    SELECT t, lag(t.hash) OVER (ORDER BY t.sequence_number) AS before,
           row_number() OVER (ORDER BY t.sequence_number) AS place
    FROM truth_chain t WHERE up_to IS NULL OR t.sequence_number <= up_to),
  links AS (
    SELECT (e.t).sequence_number, calculate_truth_chain_hash(truth_chain_data(e.t), e.before) AS expected,
           (e.t).hash AS actual, (e.t).previous_hash IS NOT DISTINCT FROM e.before AND (e.t).sequence_number = e.place AS follows
    FROM entries e)
  SELECT l.sequence_number, l.follows AND l.expected = l.actual, l.expected, l.actual::text FROM links l
  UNION ALL
  -- a tail that was cut off is known from the head
  SELECT h.sequence_number, false, h.hash::text, last.actual::text
  FROM truth_chain_head h
  LEFT JOIN LATERAL (SELECT l.sequence_number, l.actual FROM links l ORDER BY l.sequence_number DESC LIMIT 1) last ON true
  WHERE up_to IS NULL AND (h.sequence_number, h.hash::text) IS DISTINCT FROM (COALESCE(last.sequence_number, 0), last.actual::text)
  ORDER BY 1, 2 DESC
$$;


ALTER FUNCTION public.verify_truth_chain_integrity(up_to bigint) OWNER TO xm_owner;

--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.api_keys (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    prefix character varying(16) NOT NULL,
    digest bytea NOT NULL,
    label character varying(100) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    user_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    last_used_at timestamp with time zone,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT key_digest_is_a_sha256 CHECK ((octet_length(digest) = 32)),
    CONSTRAINT scopes_are_written_plainly CHECK (((array_position(scopes, NULL::text) IS NULL) AND (array_to_string(scopes, ' '::text) ~ '^((\*|[a-z_-]+:[a-z_-]+)( (?!$)|$))*$'::text)))
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE public.api_keys OWNER TO xm_owner;

--
-- Name: approval_claims; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_claims (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    claimed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    released_at timestamp with time zone,
    person_id uuid NOT NULL,
    request_id uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY public.approval_claims FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_claims OWNER TO xm_owner;

--
-- Name: approval_comments; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_comments (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    author_id uuid NOT NULL,
    request_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT comment_says_something CHECK (((btrim(body) <> ''::text) AND (length(body) <= 4000)))
);

ALTER TABLE ONLY public.approval_comments FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_comments OWNER TO xm_owner;

--
-- Name: approval_delegations; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_delegations (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    role character varying(50) NOT NULL,
    starts_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    revoked_at timestamp with time zone,
    from_person_id uuid NOT NULL,
    reauthentication_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    to_person_id uuid NOT NULL,
    CONSTRAINT delegated_role_decides CHECK (((role)::text = ANY ((ARRAY['admin'::character varying, 'super-admin'::character varying])::text[]))),
    CONSTRAINT delegation_ends_after_it_begins CHECK ((ends_at > starts_at)),
    CONSTRAINT delegation_is_to_another CHECK ((NOT (from_person_id = to_person_id))),
    CONSTRAINT delegation_says_why CHECK ((length(btrim(reason)) >= 10))
);

ALTER TABLE ONLY public.approval_delegations FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_delegations OWNER TO xm_owner;

--
-- Name: approval_lists; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_lists (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    canonical bytea NOT NULL,
    digest bytea GENERATED ALWAYS AS (sha256(canonical)) STORED,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    person_id uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY public.approval_lists FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_lists OWNER TO xm_owner;

--
-- Name: approval_notices; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_notices (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    occasion character varying(20) NOT NULL,
    job_id uuid,
    noticed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    request_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT notice_occasion_is_known CHECK (((occasion)::text = ANY ((ARRAY['put'::character varying, 'due'::character varying, 'escalated'::character varying, 'closed'::character varying])::text[])))
);

ALTER TABLE ONLY public.approval_notices FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_notices OWNER TO xm_owner;

--
-- Name: approval_policy_changes; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_policy_changes (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    action character varying(100) NOT NULL,
    risk character varying(20) NOT NULL,
    canonical bytea NOT NULL,
    digest bytea GENERATED ALWAYS AS (sha256(canonical)) STORED,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    proposed_by uuid NOT NULL
);


ALTER TABLE public.approval_policy_changes OWNER TO xm_owner;

--
-- Name: approval_policy_versions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_policy_versions (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    approval_action text GENERATED ALWAYS AS ('policy:change'::text) STORED,
    digest bytea NOT NULL,
    number integer NOT NULL,
    action character varying(100) NOT NULL,
    risk character varying(20) NOT NULL,
    quorum integer NOT NULL,
    required_roles jsonb NOT NULL,
    request_lifetime interval NOT NULL,
    grant_lifetime interval NOT NULL,
    needs_reauthentication boolean NOT NULL,
    due_after interval NOT NULL,
    publishes_by_itself boolean NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    audit_id uuid NOT NULL,
    change_id uuid NOT NULL
);


ALTER TABLE public.approval_policy_versions OWNER TO xm_owner;

--
-- Name: approval_revocations; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_revocations (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    reason text NOT NULL,
    revoked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    audit_id uuid NOT NULL,
    reauthentication_id uuid NOT NULL,
    revoked_by uuid NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT revocation_says_why CHECK ((length(btrim(reason)) >= 10))
);

ALTER TABLE ONLY public.approval_revocations FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_revocations OWNER TO xm_owner;

--
-- Name: approval_subjects; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.approval_subjects (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    action character varying(100) NOT NULL,
    subject_id uuid NOT NULL,
    digest bytea NOT NULL,
    risk character varying(20) NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    operated_by uuid,
    proposed_by uuid NOT NULL,
    tenant_id uuid NOT NULL,
    barred uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT subject_risk_is_known CHECK (((risk)::text = ANY ((ARRAY['low'::character varying, 'medium'::character varying, 'high'::character varying])::text[])))
);

ALTER TABLE ONLY public.approval_subjects FORCE ROW LEVEL SECURITY;


ALTER TABLE public.approval_subjects OWNER TO xm_owner;

--
-- Name: audit_checkpoint; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_checkpoint (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    epoch integer NOT NULL,
    note text NOT NULL,
    sealed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT checkpoint_root_is_a_sha256 CHECK ((octet_length(root) = 32))
);


ALTER TABLE public.audit_checkpoint OWNER TO xm_owner;

--
-- Name: audit_cosignature; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_cosignature (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    holder character varying(255) NOT NULL,
    size bigint NOT NULL,
    line text NOT NULL,
    cosigned_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE public.audit_cosignature OWNER TO xm_owner;

--
-- Name: audit_event_seq_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.audit_event ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_event_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_events_shown; Type: VIEW; Schema: public; Owner: xm_owner
--

CREATE VIEW public.audit_events_shown WITH (security_invoker='true') AS
 SELECT tenant_id,
    audit_id AS id,
    (json_build_object('audit_id', audit_id, 'actor_id', actor_id, 'actor_type', actor_type, 'action', action, 'entity_type', entity_type, 'entity_id', entity_id, 'old_value', old_value, 'new_value', new_value, 'payload_hash', payload_hash, 'signature', signature, 'job_id', job_id, 'correlation_id', correlation_id, 'ip_address', ip_address, 'user_agent', user_agent, 'metadata', metadata, 'created_at', to_char((created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'epoch', epoch, 'xid', (xid)::text, 'seq', seq))::text AS shown
   FROM public.audit_event;


ALTER VIEW public.audit_events_shown OWNER TO xm_owner;

--
-- Name: audit_holder; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_holder (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    name character varying(255) NOT NULL,
    size bigint DEFAULT 0 NOT NULL,
    published_at timestamp with time zone,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    last_error text,
    left_at timestamp with time zone,
    CONSTRAINT failing_holder_says_since_when CHECK ((((failing_since IS NULL) AND (tries = 0)) OR ((failing_since IS NOT NULL) AND (tries > 0))))
);


ALTER TABLE public.audit_holder OWNER TO xm_owner;

--
-- Name: audit_log; Type: VIEW; Schema: public; Owner: xm_owner
--

CREATE VIEW public.audit_log WITH (security_invoker='true') AS
 SELECT audit_id AS id,
    tenant_id,
    actor_id AS user_id,
    action,
    entity_type,
    entity_id,
    old_value,
    new_value,
    correlation_id,
    ip_address,
    user_agent,
    created_at
   FROM public.audit_event;


ALTER VIEW public.audit_log OWNER TO xm_owner;

--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_seal (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    size bigint DEFAULT 0 NOT NULL,
    sealed_epoch integer DEFAULT 0 NOT NULL,
    xid xid8 DEFAULT '0'::xid8 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    truth_sequence bigint DEFAULT 0 NOT NULL,
    is_only boolean DEFAULT true NOT NULL,
    CONSTRAINT the_seal_is_the_only_one CHECK (is_only)
);


ALTER TABLE public.audit_seal OWNER TO xm_owner;

--
-- Name: audit_tile; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.audit_tile (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    level smallint NOT NULL,
    "position" bigint NOT NULL,
    hashes bytea NOT NULL,
    epoch integer,
    xid xid8,
    seq bigint,
    CONSTRAINT tile_has_a_position CHECK (("position" >= 0)),
    CONSTRAINT tile_is_of_whole_hashes CHECK ((((octet_length(hashes) >= 32) AND (octet_length(hashes) <= 8192)) AND ((octet_length(hashes) % 32) = 0))),
    CONSTRAINT tile_level_is_known CHECK (((level >= 0) AND (level <= 7)))
);
ALTER TABLE ONLY public.audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;


ALTER TABLE public.audit_tile OWNER TO xm_owner;

--
-- Name: auth_group; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


ALTER TABLE public.auth_group OWNER TO xm_owner;

--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


ALTER TABLE public.auth_group_permissions OWNER TO xm_owner;

--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


ALTER TABLE public.auth_permission OWNER TO xm_owner;

--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accessattempt; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.axes_accessattempt (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);


ALTER TABLE public.axes_accessattempt OWNER TO xm_owner;

--
-- Name: axes_accessattempt_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.axes_accessattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accessfailurelog; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.axes_accessfailurelog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL
);


ALTER TABLE public.axes_accessfailurelog OWNER TO xm_owner;

--
-- Name: axes_accessfailurelog_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.axes_accessfailurelog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessfailurelog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accesslog; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.axes_accesslog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL
);


ALTER TABLE public.axes_accesslog OWNER TO xm_owner;

--
-- Name: axes_accesslog_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.axes_accesslog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accesslog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: blobs; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.blobs (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    digest bytea NOT NULL,
    size_bytes bigint NOT NULL,
    encoding character varying(20) DEFAULT 'zstd'::character varying NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    quarantined_at timestamp with time zone,
    CONSTRAINT blob_digest_is_a_sha256 CHECK ((octet_length(digest) = 32)),
    CONSTRAINT blob_encoding_is_known CHECK (((encoding)::text = 'zstd'::text)),
    CONSTRAINT blob_is_at_most_1_mib CHECK (((size_bytes >= 0) AND (size_bytes <= 1048576)))
);


ALTER TABLE public.blobs OWNER TO xm_owner;

--
-- Name: candidate_events; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.candidate_events (
    candidate_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    canonical bytea NOT NULL,
    digest bytea GENERATED ALWAYS AS (sha256(canonical)) STORED,
    summary text NOT NULL,
    event_type character varying(50),
    confidence numeric(3,2),
    snapshot_ids text[] DEFAULT '{}'::text[] NOT NULL,
    known_at timestamp with time zone NOT NULL,
    impact_score numeric(5,2),
    llm_reasoning text,
    variable_name character varying(100),
    variable_description text,
    metadata jsonb DEFAULT '{}'::jsonb,
    risk character varying(20) NOT NULL,
    dedupe_hash character varying(64) NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    rejection_reason text,
    producer character varying(255),
    schema_version character varying(20),
    safety_assertions text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    market_id uuid NOT NULL,
    operated_by uuid,
    proposed_by uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    CONSTRAINT candidate_confidence_is_0_to_1 CHECK (((confidence IS NULL) OR ((confidence >= (0)::numeric) AND (confidence <= (1)::numeric)))),
    CONSTRAINT candidate_risk_is_known CHECK (((risk)::text = ANY ((ARRAY['low'::character varying, 'medium'::character varying, 'high'::character varying])::text[]))),
    CONSTRAINT candidate_shows_evidence CHECK (((cardinality(snapshot_ids) > 0) AND (array_position(snapshot_ids, NULL::text) IS NULL) AND (NOT public.has_duplicates(snapshot_ids)))),
    CONSTRAINT candidate_status_is_known CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'approved'::character varying, 'rejected'::character varying, 'processed'::character varying, 'withdrawn'::character varying])::text[]))),
    CONSTRAINT impact_is_100_at_most CHECK (((impact_score IS NULL) OR ((impact_score >= ('-100'::integer)::numeric) AND (impact_score <= (100)::numeric)))),
    CONSTRAINT summary_is_1_to_500_long CHECK (((char_length(summary) >= 1) AND (char_length(summary) <= 500)))
);

ALTER TABLE ONLY public.candidate_events FORCE ROW LEVEL SECURITY;


ALTER TABLE public.candidate_events OWNER TO xm_owner;

--
-- Name: django_admin_log; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id uuid NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);


ALTER TABLE public.django_admin_log OWNER TO xm_owner;

--
-- Name: django_admin_log_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_content_type; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


ALTER TABLE public.django_content_type OWNER TO xm_owner;

--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


ALTER TABLE public.django_migrations OWNER TO xm_owner;

--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_session; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);


ALTER TABLE public.django_session OWNER TO xm_owner;

--
-- Name: event_retractions; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.event_retractions (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    event_id uuid NOT NULL,
    retracted_by uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY public.event_retractions FORCE ROW LEVEL SECURITY;


ALTER TABLE public.event_retractions OWNER TO xm_owner;

--
-- Name: event_snapshots; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.event_snapshots (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    snapshot_id character varying(64) NOT NULL,
    event_id uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY public.event_snapshots FORCE ROW LEVEL SECURITY;


ALTER TABLE public.event_snapshots OWNER TO xm_owner;

--
-- Name: events; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.events (
    event_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    summary text NOT NULL,
    event_type character varying(50),
    confidence numeric(3,2),
    snapshot_ids text[] DEFAULT '{}'::text[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb,
    published_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    market_id uuid NOT NULL,
    human_approval_audit_id uuid,
    basis character varying(20) DEFAULT 'hand'::character varying NOT NULL,
    digest bytea,
    known_at timestamp with time zone,
    candidate_id uuid,
    approval_action text GENERATED ALWAYS AS (
CASE
    WHEN (human_approval_audit_id IS NOT NULL) THEN 'event:publish'::text
    ELSE NULL::text
END) STORED,
    CONSTRAINT confidence_is_0_to_1 CHECK (((confidence IS NULL) OR ((confidence >= (0)::numeric) AND (confidence <= (1)::numeric)))),
    CONSTRAINT event_says_why_it_is_public CHECK (((((basis)::text = 'approval'::text) AND (candidate_id IS NOT NULL) AND (digest IS NOT NULL) AND (human_approval_audit_id IS NOT NULL)) OR (((basis)::text = 'policy'::text) AND (candidate_id IS NOT NULL) AND (digest IS NOT NULL) AND (human_approval_audit_id IS NULL)) OR (((basis)::text = 'hand'::text) AND (candidate_id IS NULL) AND (digest IS NULL) AND (human_approval_audit_id IS NULL)))),
    CONSTRAINT event_shows_evidence CHECK (((cardinality(snapshot_ids) > 0) AND (array_position(snapshot_ids, NULL::text) IS NULL) AND (NOT public.has_duplicates(snapshot_ids))))
);

ALTER TABLE ONLY public.events FORCE ROW LEVEL SECURITY;


ALTER TABLE public.events OWNER TO xm_owner;

--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.idempotency_keys (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    method character varying(10) NOT NULL,
    path character varying(500) NOT NULL,
    key character varying(255) NOT NULL,
    payload_digest bytea NOT NULL,
    status_code integer NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    principal_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    CONSTRAINT kept_answer_digest_is_a_sha256 CHECK ((octet_length(payload_digest) = 32)),
    CONSTRAINT kept_answer_is_a_success CHECK (((status_code >= 200) AND (status_code <= 299)))
);

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE public.idempotency_keys OWNER TO xm_owner;

--
-- Name: job_events; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.job_events (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    job_id uuid NOT NULL,
    owner_id uuid,
    visible_to uuid GENERATED ALWAYS AS (COALESCE(owner_id, tenant_id)) STORED,
    trace_id uuid,
    event_type character varying(64) NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.job_events FORCE ROW LEVEL SECURITY;


ALTER TABLE public.job_events OWNER TO xm_owner;

--
-- Name: job_rates; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.job_rates (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    job_type character varying(255) NOT NULL,
    begins_at timestamp with time zone NOT NULL
);


ALTER TABLE public.job_rates OWNER TO xm_owner;

--
-- Name: jobs; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.jobs (
    job_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    idempotency_key character varying(255) NOT NULL,
    job_type character varying(100) NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    status character varying(50) DEFAULT 'pending'::character varying NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT statement_timestamp(),
    result jsonb,
    error_message text,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    completed_at timestamp with time zone,
    owner_id uuid,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    visible_to uuid GENERATED ALWAYS AS (COALESCE(owner_id, tenant_id)) STORED,
    cancel_requested_at timestamp with time zone,
    concurrency_key character varying(255),
    lane character varying(50) DEFAULT 'default'::character varying NOT NULL,
    last_error_at timestamp with time zone,
    lease_until timestamp with time zone,
    locked_by character varying(100),
    payload_digest bytea,
    progress smallint,
    requested_by uuid DEFAULT (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid,
    stage character varying(64),
    started_at timestamp with time zone,
    timeout_at timestamp with time zone,
    trace_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.correlation_id'::text, true), ''::text))::uuid, gen_random_uuid()) NOT NULL,
    CONSTRAINT job_attempts_are_1_to_20 CHECK (((max_attempts >= 1) AND (max_attempts <= 20))),
    CONSTRAINT job_has_a_lane CHECK ((NOT ((lane)::text = ''::text))),
    CONSTRAINT job_payload_digest_is_a_sha256 CHECK ((octet_length(payload_digest) = 32)),
    CONSTRAINT job_payload_is_small CHECK ((octet_length((payload)::text) <= 65536)),
    CONSTRAINT job_progress_is_a_percentage CHECK (((progress IS NULL) OR ((progress >= 0) AND (progress <= 100)))),
    CONSTRAINT job_status_is_known CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'processing'::character varying, 'completed'::character varying, 'failed'::character varying, 'retry'::character varying, 'dlq'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT waiting_job_has_a_time CHECK (((NOT ((status)::text = ANY ((ARRAY['pending'::character varying, 'retry'::character varying])::text[]))) OR (next_attempt_at IS NOT NULL)))
);

ALTER TABLE ONLY public.jobs FORCE ROW LEVEL SECURITY;


ALTER TABLE public.jobs OWNER TO xm_owner;

--
-- Name: market_amendments; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_amendments (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    number integer NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    approval_action text GENERATED ALWAYS AS ('market:amend'::text) STORED,
    previous_digest bytea NOT NULL,
    human_approval_audit_id uuid NOT NULL,
    market_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL
);

ALTER TABLE ONLY public.market_amendments FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_amendments OWNER TO xm_owner;

--
-- Name: market_clarifications; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_clarifications (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    text text NOT NULL,
    known_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    market_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    written_by uuid NOT NULL,
    CONSTRAINT clarification_is_1_to_4000_long CHECK (((char_length(btrim(text)) >= 1) AND (char_length(btrim(text)) <= 4000))),
    CONSTRAINT clarification_was_known_before CHECK ((known_at <= created_at))
);

ALTER TABLE ONLY public.market_clarifications FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_clarifications OWNER TO xm_owner;

--
-- Name: market_disputes; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_disputes (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    reason text NOT NULL,
    snapshot_ids text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    market_id uuid NOT NULL,
    raised_by uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    resolution_id uuid NOT NULL,
    settled_by uuid,
    CONSTRAINT dispute_says_why CHECK (((char_length(btrim(reason)) >= 10) AND (char_length(btrim(reason)) <= 4000))),
    CONSTRAINT dispute_shows_evidence CHECK (((cardinality(snapshot_ids) > 0) AND (array_position(snapshot_ids, NULL::text) IS NULL) AND (NOT public.has_duplicates(snapshot_ids))))
);

ALTER TABLE ONLY public.market_disputes FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_disputes OWNER TO xm_owner;

--
-- Name: market_proposals; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_proposals (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    symbol character varying(50) NOT NULL,
    status character varying(20) DEFAULT 'proposed'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    operated_by uuid,
    proposed_by uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    kind character varying(20) DEFAULT 'create'::character varying NOT NULL,
    market_id uuid,
    CONSTRAINT change_names_its_market CHECK (((((kind)::text = 'create'::text) AND (market_id IS NULL)) OR ((NOT ((kind)::text = 'create'::text)) AND (market_id IS NOT NULL)))),
    CONSTRAINT proposal_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['create'::character varying, 'amend'::character varying, 'resolve'::character varying, 'void'::character varying, 'reopen'::character varying])::text[]))),
    CONSTRAINT proposal_status_is_known CHECK (((status)::text = ANY ((ARRAY['proposed'::character varying, 'changes_requested'::character varying, 'approved'::character varying, 'rejected'::character varying, 'withdrawn'::character varying])::text[]))),
    CONSTRAINT symbol_is_written_plainly CHECK (((symbol)::text ~ '^[A-Za-z0-9._-]{1,50}$'::text))
);

ALTER TABLE ONLY public.market_proposals FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_proposals OWNER TO xm_owner;

--
-- Name: market_reopenings; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.market_reopenings (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    number integer NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    approval_action text GENERATED ALWAYS AS ('market:reopen'::text) STORED,
    closes_at timestamp with time zone NOT NULL,
    human_approval_audit_id uuid NOT NULL,
    market_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL
);

ALTER TABLE ONLY public.market_reopenings FORCE ROW LEVEL SECURITY;


ALTER TABLE public.market_reopenings OWNER TO xm_owner;

--
-- Name: markets_shown; Type: VIEW; Schema: public; Owner: xm_owner
--

CREATE VIEW public.markets_shown WITH (security_invoker='true') AS
 SELECT tenant_id,
    market_id AS id,
    (json_build_object('market_id', market_id, 'symbol', symbol, 'type', type, 'subtype', subtype, 'region', region, 'risk_level', risk_level, 'status', status, 'title', title, 'description', description, 'resolution_criteria', resolution_criteria, 'closes_at', to_char((closes_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'exposure', (exposure)::text, 'metadata', metadata, 'snapshot_ids', ( SELECT r.snapshot_ids
           FROM public.market_revisions r
          WHERE ((r.tenant_id = m.tenant_id) AND (r.digest = m.content_digest) AND (r.proposal_id =
                CASE m.version
                    WHEN 1 THEN m.proposal_id
                    ELSE ( SELECT a.proposal_id
                       FROM public.market_amendments a
                      WHERE ((a.tenant_id = m.tenant_id) AND (a.market_id = m.market_id) AND (a.number = (m.version - 1))))
                END))
          ORDER BY r.revision_no DESC
         LIMIT 1), 'created_by', created_by, 'proposal_id', proposal_id, 'digest', encode(digest, 'hex'::text), 'content_digest', encode(content_digest, 'hex'::text), 'version', version, 'human_approval_audit_id', human_approval_audit_id, 'receipt', (('/api/v1/audit-events/'::text || human_approval_audit_id) || '/receipt'::text), 'outcome', outcome, 'known_at', to_char((known_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'resolved_at', to_char((resolved_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'challenge_until', to_char((challenge_until AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'created_at', to_char((created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'updated_at', to_char((updated_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text)))::text AS shown
   FROM public.markets m;


ALTER VIEW public.markets_shown OWNER TO xm_owner;

--
-- Name: otp_static_staticdevice; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.otp_static_staticdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    user_id uuid NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_static_staticdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0))
);


ALTER TABLE public.otp_static_staticdevice OWNER TO xm_owner;

--
-- Name: otp_static_staticdevice_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.otp_static_staticdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_staticdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: otp_static_statictoken; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.otp_static_statictoken (
    id integer NOT NULL,
    token character varying(16) NOT NULL,
    device_id integer NOT NULL
);


ALTER TABLE public.otp_static_statictoken OWNER TO xm_owner;

--
-- Name: otp_static_statictoken_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.otp_static_statictoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_statictoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: otp_totp_totpdevice; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.otp_totp_totpdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    key character varying(80) NOT NULL,
    step smallint NOT NULL,
    t0 bigint NOT NULL,
    digits smallint NOT NULL,
    tolerance smallint NOT NULL,
    drift smallint NOT NULL,
    last_t bigint NOT NULL,
    user_id uuid NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_totp_totpdevice_digits_check CHECK ((digits >= 0)),
    CONSTRAINT otp_totp_totpdevice_step_check CHECK ((step >= 0)),
    CONSTRAINT otp_totp_totpdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0)),
    CONSTRAINT otp_totp_totpdevice_tolerance_check CHECK ((tolerance >= 0))
);


ALTER TABLE public.otp_totp_totpdevice OWNER TO xm_owner;

--
-- Name: otp_totp_totpdevice_id_seq; Type: SEQUENCE; Schema: public; Owner: xm_owner
--

ALTER TABLE public.otp_totp_totpdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_totp_totpdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: outbox_events; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.outbox_events (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    event_type character varying(255) NOT NULL,
    event_id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    correlation_id uuid,
    entity_type character varying(100),
    entity_id character varying(255),
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    published_at timestamp with time zone,
    retry_count integer DEFAULT 0,
    last_error text,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL
);

ALTER TABLE ONLY public.outbox_events FORCE ROW LEVEL SECURITY;


ALTER TABLE public.outbox_events OWNER TO xm_owner;

--
-- Name: rate_buckets; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.rate_buckets (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    kind character varying(20) NOT NULL,
    tokens double precision NOT NULL,
    refilled_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT bucket_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['proposals'::character varying, 'writes'::character varying])::text[])))
);

ALTER TABLE ONLY public.rate_buckets FORCE ROW LEVEL SECURITY;


ALTER TABLE public.rate_buckets OWNER TO xm_owner;

--
-- Name: reauthentications; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.reauthentications (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    person_kind character varying(20) DEFAULT 'person'::character varying NOT NULL,
    method character varying(20) NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    person_id uuid NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    list_id uuid,
    CONSTRAINT only_persons_reauthenticate CHECK (((person_kind)::text = 'person'::text)),
    CONSTRAINT reauthentication_method_is_known CHECK (((method)::text = ANY ((ARRAY['password'::character varying, 'trial'::character varying])::text[])))
);

ALTER TABLE ONLY public.reauthentications FORCE ROW LEVEL SECURITY;


ALTER TABLE public.reauthentications OWNER TO xm_owner;

--
-- Name: request_nonces; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.request_nonces (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    nonce character varying(128) NOT NULL,
    taken_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tenant_id uuid NOT NULL,
    signing_key_id uuid NOT NULL
);

ALTER TABLE ONLY public.request_nonces FORCE ROW LEVEL SECURITY;


ALTER TABLE public.request_nonces OWNER TO xm_owner;

--
-- Name: signing_keys; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.signing_keys (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    key_id character varying(40) NOT NULL,
    algorithm character varying(20) NOT NULL,
    secret bytea,
    public_key bytea,
    label character varying(100) NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT public_key_is_ed25519 CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT signing_key_holds_what_its_algorithm_needs CHECK (((((algorithm)::text = 'hmac-sha256'::text) AND (public_key IS NULL) AND (secret IS NOT NULL)) OR (((algorithm)::text = 'ed25519'::text) AND (public_key IS NOT NULL) AND (secret IS NULL)))),
    CONSTRAINT signing_key_id_is_written_plainly CHECK (((key_id)::text ~ '^xms_[0-9a-f]{16}$'::text)),
    CONSTRAINT signing_scopes_are_written_plainly CHECK (((array_position(scopes, NULL::text) IS NULL) AND (array_to_string(scopes, ' '::text) ~ '^((\*|[a-z_-]+:[a-z_-]+)( (?!$)|$))*$'::text)))
);

ALTER TABLE ONLY public.signing_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE public.signing_keys OWNER TO xm_owner;

--
-- Name: snapshots; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.snapshots (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    snapshot_id character varying(64) NOT NULL,
    url text NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    object_store_path text NOT NULL,
    content_digest bytea,
    content_type character varying(255),
    size_bytes bigint,
    record_digest bytea GENERATED ALWAYS AS (public.snapshot_record_digest((snapshot_id)::text, content_digest, (content_type)::text, size_bytes, object_store_path)) STORED,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    CONSTRAINT snapshot_content_type_is_one_line CHECK (((content_type)::text !~ '[\r\n]'::text)),
    CONSTRAINT snapshot_id_is_its_source_and_time CHECK (((snapshot_id)::text = public.snapshot_id_of(url, fetched_at))),
    CONSTRAINT snapshot_path_is_its_content CHECK (((content_digest IS NULL) OR (object_store_path = ('db:sha256/'::text || encode(content_digest, 'hex'::text)))))
);

ALTER TABLE ONLY public.snapshots FORCE ROW LEVEL SECURITY;


ALTER TABLE public.snapshots OWNER TO xm_owner;

--
-- Name: switches; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.switches (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    name character varying(50) NOT NULL,
    value character varying(20) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    for_tenant_id uuid,
    CONSTRAINT switch_and_value_are_known CHECK ((((name)::text = ANY ((ARRAY['AGENTS_MODE'::character varying, 'JOBS_MODE'::character varying])::text[])) AND ((value)::text = ANY ((ARRAY['enabled'::character varying, 'paused'::character varying])::text[]))))
);


ALTER TABLE public.switches OWNER TO xm_owner;

--
-- Name: tasks; Type: VIEW; Schema: public; Owner: xm_owner
--

CREATE VIEW public.tasks WITH (security_invoker='true') AS
 SELECT job_id AS id,
    tenant_id,
    NULL::uuid AS job_id,
    owner_id AS owner_user_id,
    idempotency_key,
    job_type AS task_type,
        CASE status
            WHEN 'pending'::text THEN 'queued'::character varying
            WHEN 'retry'::text THEN 'queued'::character varying
            WHEN 'processing'::text THEN 'running'::character varying
            WHEN 'dlq'::text THEN 'failed'::character varying
            ELSE status
        END AS status,
    stage,
    progress,
    payload AS input_payload,
    result AS output_payload,
    error_message,
    attempts AS attempt_count,
    max_attempts,
    last_error_at,
    started_at,
    completed_at,
    timeout_at,
    created_at,
    updated_at
   FROM public.jobs j
  WHERE (owner_id IS NOT NULL);


ALTER VIEW public.tasks OWNER TO xm_owner;

--
-- Name: tenants; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.tenants (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    name character varying(255) NOT NULL,
    type character varying(50) DEFAULT 'standard'::character varying NOT NULL,
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT tenant_status_is_known CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'disabled'::character varying])::text[])))
);


ALTER TABLE public.tenants OWNER TO xm_owner;

--
-- Name: truth_chain_head; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.truth_chain_head (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    sequence_number bigint DEFAULT 0 NOT NULL,
    hash character varying(64),
    is_only boolean DEFAULT true NOT NULL,
    CONSTRAINT the_truth_is_the_only_one CHECK (is_only)
);


ALTER TABLE public.truth_chain_head OWNER TO xm_owner;

--
-- Name: user_entitlements; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.user_entitlements (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    asset_classes text[] DEFAULT '{}'::text[],
    instruments text[] DEFAULT '{}'::text[],
    venues text[] DEFAULT '{}'::text[],
    max_notional numeric(20,4),
    rfq_rate_limit integer DEFAULT 10,
    order_rate_limit integer DEFAULT 100,
    max_open_orders integer DEFAULT 100,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT entitlements_are_not_negative CHECK (((max_open_orders >= 0) AND (order_rate_limit >= 0) AND (rfq_rate_limit >= 0) AND ((max_notional IS NULL) OR (max_notional >= (0)::numeric))))
);

ALTER TABLE ONLY public.user_entitlements FORCE ROW LEVEL SECURITY;


ALTER TABLE public.user_entitlements OWNER TO xm_owner;

--
-- Name: user_roles; Type: TABLE; Schema: public; Owner: xm_owner
--

CREATE TABLE public.user_roles (
    id uuid DEFAULT public.time_ordered_uuid() NOT NULL,
    role character varying(50) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    tenant_id uuid DEFAULT COALESCE((NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid, '00000000-0000-0000-0000-000000000000'::uuid) NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT role_is_known CHECK (((role)::text = ANY ((ARRAY['viewer'::character varying, 'editor'::character varying, 'admin'::character varying, 'super-admin'::character varying])::text[])))
);

ALTER TABLE ONLY public.user_roles FORCE ROW LEVEL SECURITY;


ALTER TABLE public.user_roles OWNER TO xm_owner;

--
-- Name: market_amendments amendment_approval_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendment_approval_is_used_once UNIQUE (human_approval_audit_id);


--
-- Name: market_amendments amendment_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendment_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_amendments amendments_are_counted; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendments_are_counted UNIQUE (tenant_id, market_id, number);


--
-- Name: api_keys api_key_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_key_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: approval_claims approval_claims_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_claims
    ADD CONSTRAINT approval_claims_pkey PRIMARY KEY (id);


--
-- Name: approval_comments approval_comments_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_comments
    ADD CONSTRAINT approval_comments_pkey PRIMARY KEY (id);


--
-- Name: approval_decisions approval_decisions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT approval_decisions_pkey PRIMARY KEY (id);


--
-- Name: approval_delegations approval_delegations_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT approval_delegations_pkey PRIMARY KEY (id);


--
-- Name: approval_grants approval_grants_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT approval_grants_pkey PRIMARY KEY (audit_id);


--
-- Name: markets approval_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT approval_is_used_once UNIQUE (human_approval_audit_id);


--
-- Name: approval_lists approval_lists_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_lists
    ADD CONSTRAINT approval_lists_pkey PRIMARY KEY (id);


--
-- Name: approval_notices approval_notices_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_notices
    ADD CONSTRAINT approval_notices_pkey PRIMARY KEY (id);


--
-- Name: approval_overrides approval_overrides_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT approval_overrides_pkey PRIMARY KEY (id);


--
-- Name: approval_policies approval_policies_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policies
    ADD CONSTRAINT approval_policies_pkey PRIMARY KEY (id);


--
-- Name: approval_policy_changes approval_policy_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_changes
    ADD CONSTRAINT approval_policy_changes_pkey PRIMARY KEY (id);


--
-- Name: approval_policy_versions approval_policy_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_versions
    ADD CONSTRAINT approval_policy_versions_pkey PRIMARY KEY (id);


--
-- Name: approval_requests approval_requests_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT approval_requests_pkey PRIMARY KEY (id);


--
-- Name: approval_revocations approval_revocations_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT approval_revocations_pkey PRIMARY KEY (id);


--
-- Name: approval_subjects approval_subjects_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_subjects
    ADD CONSTRAINT approval_subjects_pkey PRIMARY KEY (id);


--
-- Name: audit_checkpoint audit_checkpoint_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_checkpoint
    ADD CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (id);


--
-- Name: audit_cosignature audit_cosignature_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_cosignature
    ADD CONSTRAINT audit_cosignature_pkey PRIMARY KEY (id);


--
-- Name: audit_event audit_event_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_belongs_to_its_tenant UNIQUE (tenant_id, audit_id);


--
-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (audit_id);


--
-- Name: audit_holder audit_holder_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_holder
    ADD CONSTRAINT audit_holder_pkey PRIMARY KEY (id);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (id);


--
-- Name: audit_tile audit_tile_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_tile
    ADD CONSTRAINT audit_tile_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: axes_accessattempt axes_accessattempt_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id);


--
-- Name: axes_accessattempt axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent);


--
-- Name: axes_accessfailurelog axes_accessfailurelog_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.axes_accessfailurelog
    ADD CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id);


--
-- Name: axes_accesslog axes_accesslog_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.axes_accesslog
    ADD CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id);


--
-- Name: blobs blobs_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_pkey PRIMARY KEY (id);


--
-- Name: rate_buckets bucket_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.rate_buckets
    ADD CONSTRAINT bucket_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: candidate_events candidate_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.candidate_events
    ADD CONSTRAINT candidate_belongs_to_its_tenant UNIQUE (tenant_id, candidate_id);


--
-- Name: candidate_events candidate_events_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.candidate_events
    ADD CONSTRAINT candidate_events_pkey PRIMARY KEY (candidate_id);


--
-- Name: events candidate_is_published_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT candidate_is_published_once UNIQUE (tenant_id, candidate_id);


--
-- Name: approval_claims claim_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_claims
    ADD CONSTRAINT claim_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_clarifications clarification_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_clarifications
    ADD CONSTRAINT clarification_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_comments comment_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_comments
    ADD CONSTRAINT comment_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: blobs content_is_stored_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT content_is_stored_once UNIQUE (digest);


--
-- Name: approval_decisions decision_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_delegations delegation_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT delegation_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_delegations delegation_has_a_proof_of_its_own; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT delegation_has_a_proof_of_its_own UNIQUE (reauthentication_id);


--
-- Name: market_disputes dispute_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_disputes dispute_is_raised_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_is_raised_once UNIQUE (tenant_id, resolution_id, raised_by);


--
-- Name: django_admin_log django_admin_log_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: django_session django_session_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);


--
-- Name: users email_is_taken_in_this_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT email_is_taken_in_this_tenant UNIQUE (tenant_id, email);


--
-- Name: user_entitlements entitlement_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_entitlements
    ADD CONSTRAINT entitlement_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: events event_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT event_belongs_to_its_tenant UNIQUE (tenant_id, event_id);


--
-- Name: event_retractions event_is_retracted_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_retractions
    ADD CONSTRAINT event_is_retracted_once UNIQUE (tenant_id, event_id);


--
-- Name: event_retractions event_retractions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_retractions
    ADD CONSTRAINT event_retractions_pkey PRIMARY KEY (id);


--
-- Name: event_snapshots event_snapshots_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_snapshots
    ADD CONSTRAINT event_snapshots_pkey PRIMARY KEY (id);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (event_id);


--
-- Name: event_snapshots evidence_is_linked_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_snapshots
    ADD CONSTRAINT evidence_is_linked_once UNIQUE (tenant_id, event_id, snapshot_id);


--
-- Name: approval_grants grant_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT grant_belongs_to_its_tenant UNIQUE (tenant_id, audit_id);


--
-- Name: approval_grants grant_is_bound_to_its_digest; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT grant_is_bound_to_its_digest UNIQUE (audit_id, action, subject_id, digest);


--
-- Name: approval_revocations grant_is_revoked_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT grant_is_revoked_once UNIQUE (audit_id);


--
-- Name: audit_holder holder_has_one_state; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_holder
    ADD CONSTRAINT holder_has_one_state UNIQUE (name);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id);


--
-- Name: jobs job_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT job_belongs_to_its_tenant UNIQUE (tenant_id, job_id);


--
-- Name: job_events job_event_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_event_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: job_events job_events_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_events_pkey PRIMARY KEY (id);


--
-- Name: job_rates job_rates_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_rates
    ADD CONSTRAINT job_rates_pkey PRIMARY KEY (id);


--
-- Name: job_rates job_type_has_one_rate; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_rates
    ADD CONSTRAINT job_type_has_one_rate UNIQUE (job_type);


--
-- Name: jobs jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (job_id);


--
-- Name: idempotency_keys kept_answer_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT kept_answer_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: api_keys key_prefix_is_taken; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT key_prefix_is_taken UNIQUE (prefix);


--
-- Name: approval_lists list_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_lists
    ADD CONSTRAINT list_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_amendments market_amendments_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT market_amendments_pkey PRIMARY KEY (id);


--
-- Name: markets market_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_belongs_to_its_tenant UNIQUE (tenant_id, market_id);


--
-- Name: market_clarifications market_clarifications_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_clarifications
    ADD CONSTRAINT market_clarifications_pkey PRIMARY KEY (id);


--
-- Name: market_disputes market_disputes_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT market_disputes_pkey PRIMARY KEY (id);


--
-- Name: market_proposals market_proposals_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT market_proposals_pkey PRIMARY KEY (id);


--
-- Name: market_reopenings market_reopenings_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT market_reopenings_pkey PRIMARY KEY (id);


--
-- Name: market_resolutions market_resolutions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT market_resolutions_pkey PRIMARY KEY (id);


--
-- Name: market_revisions market_revisions_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_revisions
    ADD CONSTRAINT market_revisions_pkey PRIMARY KEY (id);


--
-- Name: markets market_symbol_is_taken; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_symbol_is_taken UNIQUE (tenant_id, symbol);


--
-- Name: markets markets_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT markets_pkey PRIMARY KEY (market_id);


--
-- Name: outbox_events message_is_sent_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT message_is_sent_once UNIQUE (event_id);


--
-- Name: request_nonces nonce_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.request_nonces
    ADD CONSTRAINT nonce_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: request_nonces nonce_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.request_nonces
    ADD CONSTRAINT nonce_is_used_once UNIQUE (tenant_id, signing_key_id, nonce);


--
-- Name: approval_notices notice_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_notices
    ADD CONSTRAINT notice_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_notices occasion_is_noticed_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_notices
    ADD CONSTRAINT occasion_is_noticed_once UNIQUE (request_id, occasion);


--
-- Name: rate_buckets one_bucket_of_each_kind; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.rate_buckets
    ADD CONSTRAINT one_bucket_of_each_kind UNIQUE (tenant_id, user_id, kind);


--
-- Name: audit_checkpoint one_checkpoint_of_each_size; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_checkpoint
    ADD CONSTRAINT one_checkpoint_of_each_size UNIQUE (size);


--
-- Name: approval_policies one_policy_per_action_and_risk; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policies
    ADD CONSTRAINT one_policy_per_action_and_risk UNIQUE (action, risk);


--
-- Name: switches one_switch_of_each_name; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.switches
    ADD CONSTRAINT one_switch_of_each_name UNIQUE NULLS NOT DISTINCT (name, for_tenant_id);


--
-- Name: audit_tile one_tile_of_each_place; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_tile
    ADD CONSTRAINT one_tile_of_each_place UNIQUE (level, "position");


--
-- Name: otp_static_staticdevice otp_static_staticdevice_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_pkey PRIMARY KEY (id);


--
-- Name: otp_static_statictoken otp_static_statictoken_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictoken_pkey PRIMARY KEY (id);


--
-- Name: otp_totp_totpdevice otp_totp_totpdevice_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_pkey PRIMARY KEY (id);


--
-- Name: outbox_events outbox_event_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_event_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: outbox_events outbox_events_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (id);


--
-- Name: approval_overrides override_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT override_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_policy_versions policy_version_has_an_approval_of_its_own; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_versions
    ADD CONSTRAINT policy_version_has_an_approval_of_its_own UNIQUE (audit_id);


--
-- Name: approval_policy_versions policy_versions_are_numbered; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_versions
    ADD CONSTRAINT policy_versions_are_numbered UNIQUE (action, risk, number);


--
-- Name: market_amendments proposal_amends_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT proposal_amends_once UNIQUE (tenant_id, proposal_id);


--
-- Name: markets proposal_becomes_one_market; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT proposal_becomes_one_market UNIQUE (tenant_id, proposal_id);


--
-- Name: market_proposals proposal_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT proposal_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_reopenings proposal_reopens_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT proposal_reopens_once UNIQUE (tenant_id, proposal_id);


--
-- Name: market_resolutions proposal_resolves_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT proposal_resolves_once UNIQUE (tenant_id, proposal_id);


--
-- Name: events publication_is_approved_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT publication_is_approved_once UNIQUE (human_approval_audit_id);


--
-- Name: rate_buckets rate_buckets_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.rate_buckets
    ADD CONSTRAINT rate_buckets_pkey PRIMARY KEY (id);


--
-- Name: reauthentications reauthentication_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.reauthentications
    ADD CONSTRAINT reauthentication_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_decisions reauthentication_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT reauthentication_is_used_once UNIQUE (reauthentication_id);


--
-- Name: reauthentications reauthentications_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.reauthentications
    ADD CONSTRAINT reauthentications_pkey PRIMARY KEY (id);


--
-- Name: market_reopenings reopening_approval_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopening_approval_is_used_once UNIQUE (human_approval_audit_id);


--
-- Name: market_reopenings reopening_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopening_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_reopenings reopenings_are_counted; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopenings_are_counted UNIQUE (tenant_id, market_id, number);


--
-- Name: approval_requests request_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT request_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: idempotency_keys request_is_answered_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT request_is_answered_once UNIQUE (tenant_id, principal_id, method, path, key);


--
-- Name: approval_grants request_is_granted_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT request_is_granted_once UNIQUE (request_id);


--
-- Name: approval_requests request_is_over_one_digest; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT request_is_over_one_digest UNIQUE (id, digest);


--
-- Name: request_nonces request_nonces_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.request_nonces
    ADD CONSTRAINT request_nonces_pkey PRIMARY KEY (id);


--
-- Name: market_resolutions resolution_approval_is_used_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_approval_is_used_once UNIQUE (human_approval_audit_id);


--
-- Name: market_resolutions resolution_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_resolutions resolutions_are_counted; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolutions_are_counted UNIQUE (tenant_id, market_id, number);


--
-- Name: event_retractions retraction_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_retractions
    ADD CONSTRAINT retraction_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_overrides review_has_a_proof_of_its_own; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT review_has_a_proof_of_its_own UNIQUE (reauthentication_id);


--
-- Name: approval_decisions reviewer_decides_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT reviewer_decides_once UNIQUE (request_id, reviewer_id);


--
-- Name: market_revisions revision_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_revisions
    ADD CONSTRAINT revision_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: market_revisions revisions_are_counted; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_revisions
    ADD CONSTRAINT revisions_are_counted UNIQUE (proposal_id, revision_no);


--
-- Name: approval_revocations revocation_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT revocation_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: approval_revocations revocation_has_a_proof_of_its_own; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT revocation_has_a_proof_of_its_own UNIQUE (reauthentication_id);


--
-- Name: user_roles role_is_held_already; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT role_is_held_already UNIQUE (user_id, role);


--
-- Name: signing_keys signing_key_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_key_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: signing_keys signing_key_id_is_taken; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_key_id_is_taken UNIQUE (key_id);


--
-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (id);


--
-- Name: snapshots snapshot_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshot_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: snapshots snapshot_differs; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshot_differs UNIQUE (tenant_id, snapshot_id);


--
-- Name: snapshots snapshots_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (id);


--
-- Name: approval_subjects subject_is_named_by_its_digest; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_subjects
    ADD CONSTRAINT subject_is_named_by_its_digest UNIQUE (tenant_id, action, subject_id, digest);


--
-- Name: switches switches_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.switches
    ADD CONSTRAINT switches_pkey PRIMARY KEY (id);


--
-- Name: tenants tenant_name_is_taken; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenant_name_is_taken UNIQUE (name);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: audit_seal there_is_one_seal; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT there_is_one_seal UNIQUE (is_only);


--
-- Name: truth_chain_head there_is_one_truth; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.truth_chain_head
    ADD CONSTRAINT there_is_one_truth UNIQUE (is_only);


--
-- Name: truth_chain_head truth_chain_head_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.truth_chain_head
    ADD CONSTRAINT truth_chain_head_pkey PRIMARY KEY (id);


--
-- Name: truth_chain truth_chain_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.truth_chain
    ADD CONSTRAINT truth_chain_pkey PRIMARY KEY (id);


--
-- Name: truth_chain truth_has_one_order; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.truth_chain
    ADD CONSTRAINT truth_has_one_order UNIQUE (sequence_number);


--
-- Name: users user_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT user_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: user_entitlements user_entitlements_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_entitlements
    ADD CONSTRAINT user_entitlements_pkey PRIMARY KEY (id);


--
-- Name: user_entitlements user_is_entitled_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_entitlements
    ADD CONSTRAINT user_is_entitled_once UNIQUE (user_id);


--
-- Name: users user_is_of_one_kind; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT user_is_of_one_kind UNIQUE (id, kind);


--
-- Name: user_roles user_role_belongs_to_its_tenant; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_role_belongs_to_its_tenant UNIQUE (tenant_id, id);


--
-- Name: user_roles user_roles_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (id);


--
-- Name: users username_is_taken; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT username_is_taken UNIQUE (tenant_id, username);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: audit_cosignature witness_cosigns_a_size_once; Type: CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_cosignature
    ADD CONSTRAINT witness_cosigns_a_size_once UNIQUE (size, holder);


--
-- Name: api_keys_tenant_id_e6c8b0b1; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX api_keys_tenant_id_e6c8b0b1 ON public.api_keys USING btree (tenant_id);


--
-- Name: api_keys_user_id_1367826c; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX api_keys_user_id_1367826c ON public.api_keys USING btree (user_id);


--
-- Name: approval_claims_request_id_b26dc7b9; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX approval_claims_request_id_b26dc7b9 ON public.approval_claims USING btree (request_id);


--
-- Name: approval_decisions_reviewer_id_ea2cf946; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX approval_decisions_reviewer_id_ea2cf946 ON public.approval_decisions USING btree (reviewer_id);


--
-- Name: approval_delegations_from_person_id_1d9052c4; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX approval_delegations_from_person_id_1d9052c4 ON public.approval_delegations USING btree (from_person_id);


--
-- Name: approval_overrides_request_id_a763c0a8; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX approval_overrides_request_id_a763c0a8 ON public.approval_overrides USING btree (request_id);


--
-- Name: approval_revocations_revoked_by_1ef7d09c; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX approval_revocations_revoked_by_1ef7d09c ON public.approval_revocations USING btree (revoked_by);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


--
-- Name: axes_accessattempt_ip_address_10922d9c; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessattempt_ip_address_10922d9c ON public.axes_accessattempt USING btree (ip_address);


--
-- Name: axes_accessattempt_user_agent_ad89678b; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessattempt_user_agent_ad89678b ON public.axes_accessattempt USING btree (user_agent);


--
-- Name: axes_accessattempt_user_agent_ad89678b_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON public.axes_accessattempt USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accessattempt_username_3f2d4ca0; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON public.axes_accessattempt USING btree (username);


--
-- Name: axes_accessattempt_username_3f2d4ca0_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON public.axes_accessattempt USING btree (username varchar_pattern_ops);


--
-- Name: axes_accessfailurelog_ip_address_2e9f5a7f; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON public.axes_accessfailurelog USING btree (ip_address);


--
-- Name: axes_accessfailurelog_user_agent_ea145dda; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON public.axes_accessfailurelog USING btree (user_agent);


--
-- Name: axes_accessfailurelog_user_agent_ea145dda_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON public.axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accessfailurelog_username_a8b7e8a4; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON public.axes_accessfailurelog USING btree (username);


--
-- Name: axes_accessfailurelog_username_a8b7e8a4_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON public.axes_accessfailurelog USING btree (username varchar_pattern_ops);


--
-- Name: axes_accesslog_ip_address_86b417e5; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accesslog_ip_address_86b417e5 ON public.axes_accesslog USING btree (ip_address);


--
-- Name: axes_accesslog_user_agent_0e659004; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accesslog_user_agent_0e659004 ON public.axes_accesslog USING btree (user_agent);


--
-- Name: axes_accesslog_user_agent_0e659004_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accesslog_user_agent_0e659004_like ON public.axes_accesslog USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accesslog_username_df93064b; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accesslog_username_df93064b ON public.axes_accesslog USING btree (username);


--
-- Name: axes_accesslog_username_df93064b_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX axes_accesslog_username_df93064b_like ON public.axes_accesslog USING btree (username varchar_pattern_ops);


--
-- Name: change_is_proposed_already; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX change_is_proposed_already ON public.market_proposals USING btree (tenant_id, market_id, kind) WHERE ((market_id IS NOT NULL) AND ((status)::text = ANY ((ARRAY['proposed'::character varying, 'changes_requested'::character varying])::text[])));


--
-- Name: django_admin_log_content_type_id_c4bce8eb; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);


--
-- Name: django_admin_log_user_id_c564eba6; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);


--
-- Name: django_session_expire_date_a5c62663; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


--
-- Name: django_session_session_key_c0390e0f_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


--
-- Name: email_is_taken; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX email_is_taken ON public.users USING btree (lower((email)::text)) WHERE ((kind)::text = 'person'::text);


--
-- Name: event_is_proposed_once; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX event_is_proposed_once ON public.candidate_events USING btree (tenant_id, market_id, dedupe_hash) WHERE (NOT ((status)::text = 'withdrawn'::text));


--
-- Name: event_retractions_retracted_by_9caba973; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX event_retractions_retracted_by_9caba973 ON public.event_retractions USING btree (retracted_by);


--
-- Name: idx_approval_comments_thread; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_comments_thread ON public.approval_comments USING btree (request_id, id);


--
-- Name: idx_approval_delegations_to; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_delegations_to ON public.approval_delegations USING btree (to_person_id, ends_at);


--
-- Name: idx_approval_notices_job; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_notices_job ON public.approval_notices USING btree (job_id);


--
-- Name: idx_approval_notices_untold; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_notices_untold ON public.approval_notices USING btree (tenant_id) WHERE (job_id IS NULL);


--
-- Name: idx_approval_overrides_open; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_overrides_open ON public.approval_overrides USING btree (review_due_at) WHERE (reviewed_at IS NULL);


--
-- Name: idx_approval_requests_due; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_requests_due ON public.approval_requests USING btree (due_at) WHERE ((escalated_at IS NULL) AND ((status)::text = 'open'::text));


--
-- Name: idx_approval_requests_expiring; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_requests_expiring ON public.approval_requests USING btree (expires_at) WHERE ((status)::text = 'open'::text);


--
-- Name: idx_approval_requests_proposer; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_requests_proposer ON public.approval_requests USING btree (proposed_by, requested_at);


--
-- Name: idx_approval_requests_queue; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_requests_queue ON public.approval_requests USING btree (tenant_id, status, expires_at);


--
-- Name: idx_approval_requests_subject; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_requests_subject ON public.approval_requests USING btree (subject_id);


--
-- Name: idx_approval_subjects_subject; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_approval_subjects_subject ON public.approval_subjects USING btree (subject_id);


--
-- Name: idx_audit_event_action; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_action ON public.audit_event USING btree (tenant_id, action, audit_id);


--
-- Name: idx_audit_event_actor; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_actor ON public.audit_event USING btree (actor_id, actor_type);


--
-- Name: idx_audit_event_correlation; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_correlation ON public.audit_event USING btree (correlation_id);


--
-- Name: idx_audit_event_created_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_created_at ON public.audit_event USING brin (created_at);


--
-- Name: idx_audit_event_entity; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_entity ON public.audit_event USING btree (entity_id, entity_type);


--
-- Name: idx_audit_event_order; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_event_order ON public.audit_event USING btree (epoch, xid, seq);


--
-- Name: idx_audit_tile_begins_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_audit_tile_begins_at ON public.audit_tile USING btree (epoch, xid, seq) WHERE (level = 0);


--
-- Name: idx_candidate_events_market; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_candidate_events_market ON public.candidate_events USING btree (tenant_id, market_id, candidate_id);


--
-- Name: idx_candidate_events_proposer; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_candidate_events_proposer ON public.candidate_events USING btree (tenant_id, proposed_by, status);


--
-- Name: idx_candidate_events_status; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_candidate_events_status ON public.candidate_events USING btree (tenant_id, status, candidate_id);


--
-- Name: idx_event_snapshots_snapshot; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_event_snapshots_snapshot ON public.event_snapshots USING btree (tenant_id, snapshot_id);


--
-- Name: idx_events_market; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_events_market ON public.events USING btree (tenant_id, market_id, event_id);


--
-- Name: idx_idempotency_keys_age; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_idempotency_keys_age ON public.idempotency_keys USING btree (created_at);


--
-- Name: idx_job_events_of_a_job; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_job_events_of_a_job ON public.job_events USING btree (job_id, created_at DESC);


--
-- Name: idx_job_events_of_an_owner; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_job_events_of_an_owner ON public.job_events USING btree (owner_id, event_type, created_at DESC) WHERE (owner_id IS NOT NULL);


--
-- Name: idx_job_events_trace; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_job_events_trace ON public.job_events USING btree (trace_id);


--
-- Name: idx_jobs_completed_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_completed_at ON public.jobs USING btree (completed_at) WHERE (completed_at IS NOT NULL);


--
-- Name: idx_jobs_created_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_created_at ON public.jobs USING btree (created_at);


--
-- Name: idx_jobs_dlq; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_dlq ON public.jobs USING btree (created_at) WHERE ((status)::text = 'dlq'::text);


--
-- Name: idx_jobs_due; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_due ON public.jobs USING btree (lane, tenant_id, next_attempt_at, job_id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'retry'::character varying])::text[]));


--
-- Name: idx_jobs_leases; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_leases ON public.jobs USING btree (lease_until) WHERE ((status)::text = 'processing'::text);


--
-- Name: idx_jobs_of_an_owner; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_of_an_owner ON public.jobs USING btree (tenant_id, owner_id, created_at) WHERE (owner_id IS NOT NULL);


--
-- Name: idx_jobs_running_by_key; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_jobs_running_by_key ON public.jobs USING btree (concurrency_key) WHERE ((concurrency_key IS NOT NULL) AND ((status)::text = 'processing'::text));


--
-- Name: idx_market_clarifications; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_clarifications ON public.market_clarifications USING btree (tenant_id, market_id, id);


--
-- Name: idx_market_disputes_market; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_disputes_market ON public.market_disputes USING btree (tenant_id, market_id, id);


--
-- Name: idx_market_proposals_market; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_proposals_market ON public.market_proposals USING btree (tenant_id, market_id, id);


--
-- Name: idx_market_proposals_status; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_proposals_status ON public.market_proposals USING btree (tenant_id, status, id);


--
-- Name: idx_market_revisions_digest; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_revisions_digest ON public.market_revisions USING btree (proposal_id, digest);


--
-- Name: idx_market_revisions_likeness; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_market_revisions_likeness ON public.market_revisions USING gin (simhash_bands);


--
-- Name: idx_markets_closing; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_markets_closing ON public.markets USING btree (closes_at) WHERE ((status)::text = ANY ((ARRAY['active'::character varying, 'paused'::character varying])::text[]));


--
-- Name: idx_markets_status; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_markets_status ON public.markets USING btree (tenant_id, status);


--
-- Name: idx_markets_type; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_markets_type ON public.markets USING btree (tenant_id, type);


--
-- Name: idx_outbox_tenant; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_outbox_tenant ON public.outbox_events USING btree (tenant_id);


--
-- Name: idx_outbox_unpublished; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_outbox_unpublished ON public.outbox_events USING btree (created_at) WHERE (published_at IS NULL);


--
-- Name: idx_policy_changes_policy; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_policy_changes_policy ON public.approval_policy_changes USING btree (action, risk);


--
-- Name: idx_request_nonces_taken_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_request_nonces_taken_at ON public.request_nonces USING btree (tenant_id, signing_key_id, taken_at);


--
-- Name: idx_snapshots_fetched_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_snapshots_fetched_at ON public.snapshots USING btree (tenant_id, fetched_at);


--
-- Name: idx_snapshots_url; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_snapshots_url ON public.snapshots USING btree (tenant_id, url);


--
-- Name: idx_tenants_status; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_tenants_status ON public.tenants USING btree (status);


--
-- Name: idx_truth_chain_actor; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_actor ON public.truth_chain USING btree (actor_id);


--
-- Name: idx_truth_chain_created_at; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_created_at ON public.truth_chain USING btree (created_at);


--
-- Name: idx_truth_chain_hash; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_hash ON public.truth_chain USING btree (hash);


--
-- Name: idx_truth_chain_subject; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_subject ON public.truth_chain USING btree (subject_type, subject_id);


--
-- Name: idx_truth_chain_subject_id; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_subject_id ON public.truth_chain USING btree (subject_id);


--
-- Name: idx_truth_chain_type; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_truth_chain_type ON public.truth_chain USING btree (record_type);


--
-- Name: idx_user_roles_user_id; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_user_roles_user_id ON public.user_roles USING btree (user_id);


--
-- Name: idx_users_email; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX idx_users_email ON public.users USING btree (email);


--
-- Name: market_proposals_operated_by_baa8db94; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX market_proposals_operated_by_baa8db94 ON public.market_proposals USING btree (operated_by);


--
-- Name: market_proposals_proposed_by_d648ffd5; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX market_proposals_proposed_by_d648ffd5 ON public.market_proposals USING btree (proposed_by);


--
-- Name: markets_created_by_26b18b35; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX markets_created_by_26b18b35 ON public.markets USING btree (created_by);


--
-- Name: one_open_claim; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX one_open_claim ON public.approval_claims USING btree (request_id) WHERE (released_at IS NULL);


--
-- Name: one_open_request; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX one_open_request ON public.approval_requests USING btree (action, subject_id) WHERE ((status)::text = 'open'::text);


--
-- Name: one_unreviewed_break_glass; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX one_unreviewed_break_glass ON public.approval_overrides USING btree (person_id) WHERE (((kind)::text = 'break_glass'::text) AND (reviewed_at IS NULL));


--
-- Name: otp_static_staticdevice_user_id_7f9cff2b; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX otp_static_staticdevice_user_id_7f9cff2b ON public.otp_static_staticdevice USING btree (user_id);


--
-- Name: otp_static_statictoken_device_id_74b7c7d1; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX otp_static_statictoken_device_id_74b7c7d1 ON public.otp_static_statictoken USING btree (device_id);


--
-- Name: otp_static_statictoken_token_d0a51866; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX otp_static_statictoken_token_d0a51866 ON public.otp_static_statictoken USING btree (token);


--
-- Name: otp_static_statictoken_token_d0a51866_like; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX otp_static_statictoken_token_d0a51866_like ON public.otp_static_statictoken USING btree (token varchar_pattern_ops);


--
-- Name: otp_totp_totpdevice_user_id_0fb18292; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX otp_totp_totpdevice_user_id_0fb18292 ON public.otp_totp_totpdevice USING btree (user_id);


--
-- Name: reauthentications_person_id_37274025; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX reauthentications_person_id_37274025 ON public.reauthentications USING btree (person_id);


--
-- Name: signing_keys_tenant_id_81cc17fd; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX signing_keys_tenant_id_81cc17fd ON public.signing_keys USING btree (tenant_id);


--
-- Name: signing_keys_user_id_3da7ff52; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX signing_keys_user_id_3da7ff52 ON public.signing_keys USING btree (user_id);


--
-- Name: switches_for_tenant_id_e0a47b72; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX switches_for_tenant_id_e0a47b72 ON public.switches USING btree (for_tenant_id);


--
-- Name: symbol_is_taken; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX symbol_is_taken ON public.market_proposals USING btree (tenant_id, symbol) WHERE (((kind)::text = 'create'::text) AND ((status)::text = ANY ((ARRAY['proposed'::character varying, 'changes_requested'::character varying, 'approved'::character varying])::text[])));


--
-- Name: uq_jobs_owner_key; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX uq_jobs_owner_key ON public.jobs USING btree (tenant_id, owner_id, idempotency_key) WHERE (owner_id IS NOT NULL);


--
-- Name: uq_jobs_type_key; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE UNIQUE INDEX uq_jobs_type_key ON public.jobs USING btree (tenant_id, job_type, idempotency_key) WHERE (owner_id IS NULL);


--
-- Name: user_entitlements_tenant_id_574988b6; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX user_entitlements_tenant_id_574988b6 ON public.user_entitlements USING btree (tenant_id);


--
-- Name: user_roles_tenant_id_fe2cc37c; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX user_roles_tenant_id_fe2cc37c ON public.user_roles USING btree (tenant_id);


--
-- Name: users_operated_by_292d3ef5; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX users_operated_by_292d3ef5 ON public.users USING btree (operated_by);


--
-- Name: users_tenant_id_07f315ee; Type: INDEX; Schema: public; Owner: xm_owner
--

CREATE INDEX users_tenant_id_07f315ee ON public.users USING btree (tenant_id);


--
-- Name: approval_requests agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT OR UPDATE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: candidate_events agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: events agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.events ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: market_disputes agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: market_proposals agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: market_revisions agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: snapshots agents_are_not_paused; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.agents_are_not_paused();

ALTER TABLE public.snapshots ENABLE ALWAYS TRIGGER agents_are_not_paused;


--
-- Name: market_amendments agreement_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agreement_still_stands BEFORE INSERT ON public.market_amendments FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('human_approval_audit_id');

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER agreement_still_stands;


--
-- Name: market_reopenings agreement_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agreement_still_stands BEFORE INSERT ON public.market_reopenings FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('human_approval_audit_id');

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER agreement_still_stands;


--
-- Name: market_resolutions agreement_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agreement_still_stands BEFORE INSERT ON public.market_resolutions FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('human_approval_audit_id');

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER agreement_still_stands;


--
-- Name: markets agreement_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER agreement_still_stands BEFORE INSERT ON public.markets FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('human_approval_audit_id');

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER agreement_still_stands;


--
-- Name: market_amendments amendment_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER amendment_is_what_was_approved BEFORE INSERT ON public.market_amendments FOR EACH ROW EXECUTE FUNCTION public.amendment_is_what_was_approved();

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER amendment_is_what_was_approved;


--
-- Name: market_amendments amendment_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER amendment_never_changes BEFORE DELETE OR UPDATE ON public.market_amendments FOR EACH ROW EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER amendment_never_changes;


--
-- Name: market_amendments amendment_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER amendment_takes_effect AFTER INSERT ON public.market_amendments FOR EACH ROW EXECUTE FUNCTION public.amendment_takes_effect();

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER amendment_takes_effect;


--
-- Name: market_amendments amendments_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER amendments_are_never_truncated BEFORE TRUNCATE ON public.market_amendments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER amendments_are_never_truncated;


--
-- Name: api_keys api_keys_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER api_keys_are_never_truncated BEFORE TRUNCATE ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER api_keys_are_never_truncated;


--
-- Name: approval_grants approval_needs_its_quorum; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER approval_needs_its_quorum BEFORE INSERT ON public.approval_grants FOR EACH ROW EXECUTE FUNCTION public.approval_needs_its_quorum();

ALTER TABLE public.approval_grants ENABLE ALWAYS TRIGGER approval_needs_its_quorum;


--
-- Name: audit_event audit_event_is_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER audit_event_is_never_truncated BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER audit_event_is_never_truncated;


--
-- Name: audit_event audit_event_only_grows; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER audit_event_only_grows BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER audit_event_only_grows;


--
-- Name: blobs blob_is_only_quarantined; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER blob_is_only_quarantined BEFORE UPDATE ON public.blobs FOR EACH ROW EXECUTE FUNCTION public.blob_is_only_quarantined();

ALTER TABLE public.blobs ENABLE ALWAYS TRIGGER blob_is_only_quarantined;


--
-- Name: blobs blobs_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER blobs_are_never_truncated BEFORE TRUNCATE ON public.blobs FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('content_never_changes');

ALTER TABLE public.blobs ENABLE ALWAYS TRIGGER blobs_are_never_truncated;


--
-- Name: candidate_events candidate_can_be_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidate_can_be_approved AFTER INSERT ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.candidate_can_be_approved();

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidate_can_be_approved;


--
-- Name: candidate_events candidate_follows_its_request; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidate_follows_its_request BEFORE UPDATE ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.candidate_follows_its_request();

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidate_follows_its_request;


--
-- Name: candidate_events candidate_is_its_canonical_text; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidate_is_its_canonical_text BEFORE INSERT ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.candidate_is_its_canonical_text();

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidate_is_its_canonical_text;


--
-- Name: candidate_events candidate_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidate_is_never_deleted BEFORE DELETE ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.refuse_change('candidate_never_changes');

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidate_is_never_deleted;


--
-- Name: candidate_events candidates_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidates_are_never_truncated BEFORE TRUNCATE ON public.candidate_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('candidate_never_changes');

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidates_are_never_truncated;


--
-- Name: candidate_events candidates_proposer_is_entitled; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER candidates_proposer_is_entitled AFTER INSERT ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.candidates_proposer_is_entitled();

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER candidates_proposer_is_entitled;


--
-- Name: api_keys change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'digest', 'last_used_at');

ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_claims change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_claims FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_claims ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_comments change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_comments FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'body', '');

ALTER TABLE public.approval_comments ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_decisions change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_decisions FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_delegations change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_delegations FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_delegations ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_lists change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_lists FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'canonical', '');

ALTER TABLE public.approval_lists ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_overrides change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_overrides FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_overrides ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_policies change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_policies FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_policies ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_policy_changes change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_policy_changes FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'canonical', '');

ALTER TABLE public.approval_policy_changes ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_policy_versions change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_policy_versions FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_requests change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_revocations change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_revocations FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: approval_subjects change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.approval_subjects FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.approval_subjects ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: candidate_events change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('candidate_id', 'canonical,llm_reasoning,variable_description', '');

ALTER TABLE public.candidate_events ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: event_retractions change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.event_retractions FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.event_retractions ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: event_snapshots change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.event_snapshots FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.event_snapshots ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: events change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('event_id', '', '');

ALTER TABLE public.events ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_amendments change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_amendments FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_amendments ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_clarifications change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_clarifications FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_clarifications ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_disputes change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_proposals change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_reopenings change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_reopenings FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_resolutions change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_resolutions FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: market_revisions change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'canonical,simhash_bands', '');

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: markets change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.markets FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('market_id', 'description,resolution_criteria', '');

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: signing_keys change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.signing_keys FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'secret', 'last_used_at');

ALTER TABLE public.signing_keys ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: snapshots change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.snapshots ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: switches change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.switches FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.switches ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: tenants change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.tenants FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.tenants ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: user_entitlements change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.user_entitlements FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.user_entitlements ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: user_roles change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.user_roles FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', '', '');

ALTER TABLE public.user_roles ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: users change_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER change_is_audited AFTER INSERT OR DELETE OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.audit_governed_change('id', 'password_hash', 'last_login_at');

ALTER TABLE public.users ENABLE ALWAYS TRIGGER change_is_audited;


--
-- Name: audit_checkpoint checkpoint_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER checkpoint_stays BEFORE DELETE OR UPDATE ON public.audit_checkpoint FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_checkpoint ENABLE ALWAYS TRIGGER checkpoint_stays;


--
-- Name: audit_checkpoint checkpoints_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER checkpoints_are_never_truncated BEFORE TRUNCATE ON public.audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_checkpoint ENABLE ALWAYS TRIGGER checkpoints_are_never_truncated;


--
-- Name: approval_claims claim_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER claim_is_never_deleted BEFORE DELETE ON public.approval_claims FOR EACH ROW EXECUTE FUNCTION public.refuse_change('claim_never_changes');

ALTER TABLE public.approval_claims ENABLE ALWAYS TRIGGER claim_is_never_deleted;


--
-- Name: approval_claims claim_is_ones_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER claim_is_ones_own BEFORE INSERT ON public.approval_claims FOR EACH ROW EXECUTE FUNCTION public.claim_is_ones_own();

ALTER TABLE public.approval_claims ENABLE ALWAYS TRIGGER claim_is_ones_own;


--
-- Name: approval_claims claim_is_only_released; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER claim_is_only_released BEFORE UPDATE ON public.approval_claims FOR EACH ROW EXECUTE FUNCTION public.claim_is_only_released();

ALTER TABLE public.approval_claims ENABLE ALWAYS TRIGGER claim_is_only_released;


--
-- Name: approval_claims claims_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER claims_are_never_truncated BEFORE TRUNCATE ON public.approval_claims FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('claim_never_changes');

ALTER TABLE public.approval_claims ENABLE ALWAYS TRIGGER claims_are_never_truncated;


--
-- Name: market_clarifications clarification_is_ones_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER clarification_is_ones_own BEFORE INSERT ON public.market_clarifications FOR EACH ROW EXECUTE FUNCTION public.clarification_is_ones_own();

ALTER TABLE public.market_clarifications ENABLE ALWAYS TRIGGER clarification_is_ones_own;


--
-- Name: market_clarifications clarification_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER clarification_never_changes BEFORE DELETE OR UPDATE ON public.market_clarifications FOR EACH ROW EXECUTE FUNCTION public.refuse_change('clarification_never_changes');

ALTER TABLE public.market_clarifications ENABLE ALWAYS TRIGGER clarification_never_changes;


--
-- Name: market_clarifications clarifications_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER clarifications_are_never_truncated BEFORE TRUNCATE ON public.market_clarifications FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('clarification_never_changes');

ALTER TABLE public.market_clarifications ENABLE ALWAYS TRIGGER clarifications_are_never_truncated;


--
-- Name: approval_comments comment_is_by_whoever_takes_part; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER comment_is_by_whoever_takes_part BEFORE INSERT ON public.approval_comments FOR EACH ROW EXECUTE FUNCTION public.comment_is_by_whoever_takes_part();

ALTER TABLE public.approval_comments ENABLE ALWAYS TRIGGER comment_is_by_whoever_takes_part;


--
-- Name: approval_comments comment_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER comment_never_changes BEFORE DELETE OR UPDATE ON public.approval_comments FOR EACH ROW EXECUTE FUNCTION public.refuse_change('comment_never_changes');

ALTER TABLE public.approval_comments ENABLE ALWAYS TRIGGER comment_never_changes;


--
-- Name: approval_comments comments_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER comments_are_never_truncated BEFORE TRUNCATE ON public.approval_comments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('comment_never_changes');

ALTER TABLE public.approval_comments ENABLE ALWAYS TRIGGER comments_are_never_truncated;


--
-- Name: blobs content_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER content_is_never_deleted BEFORE DELETE ON public.blobs FOR EACH ROW EXECUTE FUNCTION public.refuse_change('content_never_changes');

ALTER TABLE public.blobs ENABLE ALWAYS TRIGGER content_is_never_deleted;


--
-- Name: audit_cosignature cosignature_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER cosignature_stays BEFORE DELETE OR UPDATE ON public.audit_cosignature FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_cosignature ENABLE ALWAYS TRIGGER cosignature_stays;


--
-- Name: audit_cosignature cosignatures_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER cosignatures_are_never_truncated BEFORE TRUNCATE ON public.audit_cosignature FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_cosignature ENABLE ALWAYS TRIGGER cosignatures_are_never_truncated;


--
-- Name: approval_decisions decision_is_a_persons_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER decision_is_a_persons_own BEFORE INSERT ON public.approval_decisions FOR EACH ROW EXECUTE FUNCTION public.decision_is_a_persons_own();

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER decision_is_a_persons_own;


--
-- Name: approval_decisions decision_is_told; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER decision_is_told AFTER INSERT ON public.approval_decisions FOR EACH ROW EXECUTE FUNCTION public.tell_who_waits('request_id');

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER decision_is_told;


--
-- Name: approval_decisions decision_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER decision_never_changes BEFORE DELETE OR UPDATE ON public.approval_decisions FOR EACH ROW EXECUTE FUNCTION public.refuse_change('decision_never_changes');

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER decision_never_changes;


--
-- Name: approval_decisions decision_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER decision_takes_effect AFTER INSERT ON public.approval_decisions FOR EACH ROW EXECUTE FUNCTION public.decision_takes_effect();

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER decision_takes_effect;


--
-- Name: approval_decisions decisions_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER decisions_are_never_truncated BEFORE TRUNCATE ON public.approval_decisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('decision_never_changes');

ALTER TABLE public.approval_decisions ENABLE ALWAYS TRIGGER decisions_are_never_truncated;


--
-- Name: approval_delegations delegation_is_a_persons_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER delegation_is_a_persons_own BEFORE INSERT ON public.approval_delegations FOR EACH ROW EXECUTE FUNCTION public.delegation_is_a_persons_own();

ALTER TABLE public.approval_delegations ENABLE ALWAYS TRIGGER delegation_is_a_persons_own;


--
-- Name: approval_delegations delegation_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER delegation_is_never_deleted BEFORE DELETE ON public.approval_delegations FOR EACH ROW EXECUTE FUNCTION public.refuse_change('delegation_never_changes');

ALTER TABLE public.approval_delegations ENABLE ALWAYS TRIGGER delegation_is_never_deleted;


--
-- Name: approval_delegations delegation_only_ends; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER delegation_only_ends BEFORE UPDATE ON public.approval_delegations FOR EACH ROW EXECUTE FUNCTION public.delegation_only_ends();

ALTER TABLE public.approval_delegations ENABLE ALWAYS TRIGGER delegation_only_ends;


--
-- Name: approval_delegations delegations_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER delegations_are_never_truncated BEFORE TRUNCATE ON public.approval_delegations FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('delegation_never_changes');

ALTER TABLE public.approval_delegations ENABLE ALWAYS TRIGGER delegations_are_never_truncated;


--
-- Name: market_disputes dispute_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER dispute_is_never_deleted BEFORE DELETE ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.refuse_change('dispute_never_changes');

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER dispute_is_never_deleted;


--
-- Name: market_disputes dispute_is_only_settled; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER dispute_is_only_settled BEFORE UPDATE ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.dispute_is_only_settled();

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER dispute_is_only_settled;


--
-- Name: market_disputes dispute_is_raised_in_time; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER dispute_is_raised_in_time BEFORE INSERT ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.dispute_is_raised_in_time();

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER dispute_is_raised_in_time;


--
-- Name: market_disputes dispute_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER dispute_takes_effect AFTER INSERT ON public.market_disputes FOR EACH ROW EXECUTE FUNCTION public.dispute_takes_effect();

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER dispute_takes_effect;


--
-- Name: market_disputes disputes_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER disputes_are_never_truncated BEFORE TRUNCATE ON public.market_disputes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('dispute_never_changes');

ALTER TABLE public.market_disputes ENABLE ALWAYS TRIGGER disputes_are_never_truncated;


--
-- Name: user_entitlements entitlement_is_in_its_users_tenant; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER entitlement_is_in_its_users_tenant BEFORE INSERT OR UPDATE ON public.user_entitlements FOR EACH ROW EXECUTE FUNCTION public.role_is_in_its_users_tenant();

ALTER TABLE public.user_entitlements ENABLE ALWAYS TRIGGER entitlement_is_in_its_users_tenant;


--
-- Name: events event_approval_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER event_approval_still_stands BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('human_approval_audit_id');

ALTER TABLE public.events ENABLE ALWAYS TRIGGER event_approval_still_stands;


--
-- Name: events event_is_of_a_candidate; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER event_is_of_a_candidate BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.event_is_of_a_candidate();

ALTER TABLE public.events ENABLE ALWAYS TRIGGER event_is_of_a_candidate;


--
-- Name: events event_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER event_is_what_was_approved BEFORE INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.event_is_what_was_approved();

ALTER TABLE public.events ENABLE ALWAYS TRIGGER event_is_what_was_approved;


--
-- Name: events event_links_its_evidence; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER event_links_its_evidence AFTER INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.event_links_its_evidence();

ALTER TABLE public.events ENABLE ALWAYS TRIGGER event_links_its_evidence;


--
-- Name: events event_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER event_never_changes BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.refuse_change('event_never_changes');

ALTER TABLE public.events ENABLE ALWAYS TRIGGER event_never_changes;


--
-- Name: events events_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('event_never_changes');

ALTER TABLE public.events ENABLE ALWAYS TRIGGER events_are_never_truncated;


--
-- Name: event_snapshots evidence_is_linked_by_its_event; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER evidence_is_linked_by_its_event BEFORE INSERT ON public.event_snapshots FOR EACH ROW EXECUTE FUNCTION public.evidence_is_linked_by_its_event();

ALTER TABLE public.event_snapshots ENABLE ALWAYS TRIGGER evidence_is_linked_by_its_event;


--
-- Name: event_snapshots evidence_link_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER evidence_link_never_changes BEFORE DELETE OR UPDATE ON public.event_snapshots FOR EACH ROW EXECUTE FUNCTION public.refuse_change('event_never_changes');

ALTER TABLE public.event_snapshots ENABLE ALWAYS TRIGGER evidence_link_never_changes;


--
-- Name: event_snapshots evidence_links_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER evidence_links_are_never_truncated BEFORE TRUNCATE ON public.event_snapshots FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('event_never_changes');

ALTER TABLE public.event_snapshots ENABLE ALWAYS TRIGGER evidence_links_are_never_truncated;


--
-- Name: approval_grants grant_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER grant_never_changes BEFORE DELETE OR UPDATE ON public.approval_grants FOR EACH ROW EXECUTE FUNCTION public.refuse_change('grant_never_changes');

ALTER TABLE public.approval_grants ENABLE ALWAYS TRIGGER grant_never_changes;


--
-- Name: approval_policy_versions grant_still_stands; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER grant_still_stands BEFORE INSERT ON public.approval_policy_versions FOR EACH ROW EXECUTE FUNCTION public.grant_still_stands('audit_id');

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER grant_still_stands;


--
-- Name: approval_grants grants_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER grants_are_never_truncated BEFORE TRUNCATE ON public.approval_grants FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('grant_never_changes');

ALTER TABLE public.approval_grants ENABLE ALWAYS TRIGGER grants_are_never_truncated;


--
-- Name: audit_holder holders_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER holders_are_never_truncated BEFORE TRUNCATE ON public.audit_holder FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_holder ENABLE ALWAYS TRIGGER holders_are_never_truncated;


--
-- Name: job_events job_events_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER job_events_are_never_truncated BEFORE TRUNCATE ON public.job_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.job_events ENABLE ALWAYS TRIGGER job_events_are_never_truncated;


--
-- Name: jobs job_move_is_audited; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER job_move_is_audited AFTER UPDATE OF status, cancel_requested_at ON public.jobs FOR EACH ROW WHEN (((((new.status)::text = 'dlq'::text) AND ((old.status)::text <> 'dlq'::text)) OR (((((new.status)::text <> (old.status)::text) AND (CURRENT_USER <> 'xm_worker'::name)) OR (new.cancel_requested_at IS DISTINCT FROM old.cancel_requested_at)) AND ((current_setting('app.action'::text, true) <> ''::text) OR (CURRENT_USER <> ALL (ARRAY['xm_worker'::name, 'xm_owner'::name])))))) EXECUTE FUNCTION public.audit_job_move();

ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER job_move_is_audited;


--
-- Name: jobs job_moves_as_it_may; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER job_moves_as_it_may BEFORE UPDATE OF status ON public.jobs FOR EACH ROW WHEN ((((old.status)::text IS DISTINCT FROM (new.status)::text) AND (CURRENT_USER <> 'xm_owner'::name))) EXECUTE FUNCTION public.job_moves_as_it_may();

ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER job_moves_as_it_may;


--
-- Name: jobs job_payload_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER job_payload_stays BEFORE UPDATE OF payload ON public.jobs FOR EACH ROW WHEN (((old.payload IS DISTINCT FROM new.payload) AND (CURRENT_USER <> 'xm_owner'::name))) EXECUTE FUNCTION public.job_payload_stays();

ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER job_payload_stays;


--
-- Name: idempotency_keys kept_answer_stays_for_a_day; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER kept_answer_stays_for_a_day BEFORE DELETE OR UPDATE ON public.idempotency_keys FOR EACH ROW EXECUTE FUNCTION public.kept_answer_stays_for_a_day();

ALTER TABLE public.idempotency_keys ENABLE ALWAYS TRIGGER kept_answer_stays_for_a_day;


--
-- Name: idempotency_keys kept_answers_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER kept_answers_are_never_truncated BEFORE TRUNCATE ON public.idempotency_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('kept_answer_stays_for_a_day');

ALTER TABLE public.idempotency_keys ENABLE ALWAYS TRIGGER kept_answers_are_never_truncated;


--
-- Name: api_keys key_only_ends; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER key_only_ends BEFORE UPDATE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.key_only_ends();

ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER key_only_ends;


--
-- Name: reauthentications list_is_ones_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER list_is_ones_own BEFORE INSERT ON public.reauthentications FOR EACH ROW WHEN ((new.list_id IS NOT NULL)) EXECUTE FUNCTION public.list_is_ones_own();

ALTER TABLE public.reauthentications ENABLE ALWAYS TRIGGER list_is_ones_own;


--
-- Name: approval_lists list_is_well_formed; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER list_is_well_formed BEFORE INSERT ON public.approval_lists FOR EACH ROW EXECUTE FUNCTION public.list_is_well_formed();

ALTER TABLE public.approval_lists ENABLE ALWAYS TRIGGER list_is_well_formed;


--
-- Name: approval_lists list_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER list_never_changes BEFORE DELETE OR UPDATE ON public.approval_lists FOR EACH ROW EXECUTE FUNCTION public.refuse_change('list_never_changes');

ALTER TABLE public.approval_lists ENABLE ALWAYS TRIGGER list_never_changes;


--
-- Name: approval_lists lists_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER lists_are_never_truncated BEFORE TRUNCATE ON public.approval_lists FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('list_never_changes');

ALTER TABLE public.approval_lists ENABLE ALWAYS TRIGGER lists_are_never_truncated;


--
-- Name: markets market_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER market_is_never_deleted BEFORE DELETE ON public.markets FOR EACH ROW EXECUTE FUNCTION public.refuse_change('market_is_never_deleted');

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER market_is_never_deleted;


--
-- Name: markets market_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER market_is_what_was_approved BEFORE INSERT ON public.markets FOR EACH ROW EXECUTE FUNCTION public.market_is_what_was_approved();

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER market_is_what_was_approved;


--
-- Name: markets market_moves_as_it_may; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER market_moves_as_it_may BEFORE UPDATE ON public.markets FOR EACH ROW EXECUTE FUNCTION public.market_moves_as_it_may();

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER market_moves_as_it_may;


--
-- Name: markets market_waits_for_review; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER market_waits_for_review BEFORE UPDATE OF status ON public.markets FOR EACH ROW WHEN ((((new.status)::text = 'active'::text) AND ((old.status)::text <> 'active'::text))) EXECUTE FUNCTION public.market_waits_for_review();

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER market_waits_for_review;


--
-- Name: markets markets_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER markets_are_never_truncated BEFORE TRUNCATE ON public.markets FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('market_is_never_deleted');

ALTER TABLE public.markets ENABLE ALWAYS TRIGGER markets_are_never_truncated;


--
-- Name: approval_requests move_is_told; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER move_is_told AFTER UPDATE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.tell_who_waits('id');

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER move_is_told;


--
-- Name: approval_notices notice_is_told_once; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER notice_is_told_once BEFORE UPDATE ON public.approval_notices FOR EACH ROW EXECUTE FUNCTION public.notice_is_told_once();

ALTER TABLE public.approval_notices ENABLE ALWAYS TRIGGER notice_is_told_once;


--
-- Name: approval_notices notice_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER notice_stays BEFORE DELETE ON public.approval_notices FOR EACH ROW EXECUTE FUNCTION public.refuse_change('notice_is_told_once');

ALTER TABLE public.approval_notices ENABLE ALWAYS TRIGGER notice_stays;


--
-- Name: approval_notices notices_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER notices_are_never_truncated BEFORE TRUNCATE ON public.approval_notices FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('notice_is_told_once');

ALTER TABLE public.approval_notices ENABLE ALWAYS TRIGGER notices_are_never_truncated;


--
-- Name: approval_overrides override_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER override_is_never_deleted BEFORE DELETE ON public.approval_overrides FOR EACH ROW EXECUTE FUNCTION public.refuse_change('override_is_reviewed_once');

ALTER TABLE public.approval_overrides ENABLE ALWAYS TRIGGER override_is_never_deleted;


--
-- Name: approval_overrides override_is_reviewed_once; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER override_is_reviewed_once BEFORE UPDATE ON public.approval_overrides FOR EACH ROW EXECUTE FUNCTION public.override_is_reviewed_once();

ALTER TABLE public.approval_overrides ENABLE ALWAYS TRIGGER override_is_reviewed_once;


--
-- Name: approval_overrides override_stops_its_market; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER override_stops_its_market AFTER UPDATE OF overdue_at ON public.approval_overrides FOR EACH ROW WHEN (((old.overdue_at IS NULL) AND (new.overdue_at IS NOT NULL) AND ((new.kind)::text = 'break_glass'::text))) EXECUTE FUNCTION public.override_stops_its_market();

ALTER TABLE public.approval_overrides ENABLE ALWAYS TRIGGER override_stops_its_market;


--
-- Name: approval_overrides overrides_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER overrides_are_never_truncated BEFORE TRUNCATE ON public.approval_overrides FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('override_is_reviewed_once');

ALTER TABLE public.approval_overrides ENABLE ALWAYS TRIGGER overrides_are_never_truncated;


--
-- Name: approval_policies policies_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policies_are_never_truncated BEFORE TRUNCATE ON public.approval_policies FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('policy_change_needs_approval');

ALTER TABLE public.approval_policies ENABLE ALWAYS TRIGGER policies_are_never_truncated;


--
-- Name: approval_policy_changes policy_change_can_be_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_change_can_be_approved AFTER INSERT ON public.approval_policy_changes FOR EACH ROW EXECUTE FUNCTION public.policy_change_can_be_approved();

ALTER TABLE public.approval_policy_changes ENABLE ALWAYS TRIGGER policy_change_can_be_approved;


--
-- Name: approval_policy_changes policy_change_is_well_formed; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_change_is_well_formed BEFORE INSERT ON public.approval_policy_changes FOR EACH ROW EXECUTE FUNCTION public.policy_change_is_well_formed();

ALTER TABLE public.approval_policy_changes ENABLE ALWAYS TRIGGER policy_change_is_well_formed;


--
-- Name: approval_policies policy_change_needs_approval; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_change_needs_approval BEFORE INSERT OR DELETE OR UPDATE ON public.approval_policies FOR EACH ROW EXECUTE FUNCTION public.policy_change_needs_approval();

ALTER TABLE public.approval_policies ENABLE ALWAYS TRIGGER policy_change_needs_approval;


--
-- Name: approval_policy_changes policy_change_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_change_never_changes BEFORE DELETE OR UPDATE ON public.approval_policy_changes FOR EACH ROW EXECUTE FUNCTION public.refuse_change('policy_change_never_changes');

ALTER TABLE public.approval_policy_changes ENABLE ALWAYS TRIGGER policy_change_never_changes;


--
-- Name: approval_policy_changes policy_changes_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_changes_are_never_truncated BEFORE TRUNCATE ON public.approval_policy_changes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('policy_change_never_changes');

ALTER TABLE public.approval_policy_changes ENABLE ALWAYS TRIGGER policy_changes_are_never_truncated;


--
-- Name: approval_policy_versions policy_version_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_version_is_what_was_approved BEFORE INSERT ON public.approval_policy_versions FOR EACH ROW EXECUTE FUNCTION public.policy_version_is_what_was_approved();

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER policy_version_is_what_was_approved;


--
-- Name: approval_policy_versions policy_version_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_version_never_changes BEFORE DELETE OR UPDATE ON public.approval_policy_versions FOR EACH ROW EXECUTE FUNCTION public.refuse_change('policy_change_never_changes');

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER policy_version_never_changes;


--
-- Name: approval_policy_versions policy_version_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_version_takes_effect AFTER INSERT ON public.approval_policy_versions FOR EACH ROW EXECUTE FUNCTION public.policy_version_takes_effect();

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER policy_version_takes_effect;


--
-- Name: approval_policy_versions policy_versions_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER policy_versions_are_never_truncated BEFORE TRUNCATE ON public.approval_policy_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('policy_change_never_changes');

ALTER TABLE public.approval_policy_versions ENABLE ALWAYS TRIGGER policy_versions_are_never_truncated;


--
-- Name: market_proposals proposal_follows_its_request; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER proposal_follows_its_request BEFORE UPDATE ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.proposal_follows_its_request();

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER proposal_follows_its_request;


--
-- Name: market_proposals proposal_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER proposal_is_never_deleted BEFORE DELETE ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.refuse_change('proposal_never_changes');

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER proposal_is_never_deleted;


--
-- Name: market_proposals proposal_is_ones_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER proposal_is_ones_own BEFORE INSERT ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.proposal_is_ones_own();

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER proposal_is_ones_own;


--
-- Name: market_proposals proposals_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER proposals_are_never_truncated BEFORE TRUNCATE ON public.market_proposals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('proposal_never_changes');

ALTER TABLE public.market_proposals ENABLE ALWAYS TRIGGER proposals_are_never_truncated;


--
-- Name: market_revisions proposer_is_entitled; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER proposer_is_entitled AFTER INSERT ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.proposer_is_entitled();

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER proposer_is_entitled;


--
-- Name: events publication_ends_its_candidate; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER publication_ends_its_candidate AFTER INSERT ON public.events FOR EACH ROW WHEN ((new.candidate_id IS NOT NULL)) EXECUTE FUNCTION public.publication_ends_its_candidate();

ALTER TABLE public.events ENABLE ALWAYS TRIGGER publication_ends_its_candidate;


--
-- Name: rate_buckets rate_buckets_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER rate_buckets_are_never_truncated BEFORE TRUNCATE ON public.rate_buckets FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.rate_buckets ENABLE ALWAYS TRIGGER rate_buckets_are_never_truncated;


--
-- Name: reauthentications reauthentication_is_of_now; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reauthentication_is_of_now BEFORE INSERT ON public.reauthentications FOR EACH ROW EXECUTE FUNCTION public.reauthentication_is_of_now();

ALTER TABLE public.reauthentications ENABLE ALWAYS TRIGGER reauthentication_is_of_now;


--
-- Name: reauthentications reauthentication_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reauthentication_never_changes BEFORE DELETE OR UPDATE ON public.reauthentications FOR EACH ROW EXECUTE FUNCTION public.refuse_change('reauthentication_never_changes');

ALTER TABLE public.reauthentications ENABLE ALWAYS TRIGGER reauthentication_never_changes;


--
-- Name: reauthentications reauthentications_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reauthentications_are_never_truncated BEFORE TRUNCATE ON public.reauthentications FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('reauthentication_never_changes');

ALTER TABLE public.reauthentications ENABLE ALWAYS TRIGGER reauthentications_are_never_truncated;


--
-- Name: market_reopenings reopening_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reopening_is_what_was_approved BEFORE INSERT ON public.market_reopenings FOR EACH ROW EXECUTE FUNCTION public.reopening_is_what_was_approved();

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER reopening_is_what_was_approved;


--
-- Name: market_reopenings reopening_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reopening_never_changes BEFORE DELETE OR UPDATE ON public.market_reopenings FOR EACH ROW EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER reopening_never_changes;


--
-- Name: market_reopenings reopening_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reopening_takes_effect AFTER INSERT ON public.market_reopenings FOR EACH ROW EXECUTE FUNCTION public.reopening_takes_effect();

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER reopening_takes_effect;


--
-- Name: market_reopenings reopenings_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER reopenings_are_never_truncated BEFORE TRUNCATE ON public.market_reopenings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_reopenings ENABLE ALWAYS TRIGGER reopenings_are_never_truncated;


--
-- Name: approval_requests request_is_filled_from_its_policy; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_is_filled_from_its_policy BEFORE INSERT ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.request_is_filled_from_its_policy();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_is_filled_from_its_policy;


--
-- Name: approval_requests request_is_never_deleted; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_is_never_deleted BEFORE DELETE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.refuse_change('request_never_changes');

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_is_never_deleted;


--
-- Name: approval_requests request_is_noticed; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_is_noticed AFTER INSERT OR UPDATE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.request_is_noticed();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_is_noticed;


--
-- Name: approval_requests request_is_of_what_waits; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_is_of_what_waits BEFORE INSERT ON public.approval_requests FOR EACH ROW WHEN (((new.action)::text = 'event:publish'::text)) EXECUTE FUNCTION public.candidate_waits_for_people();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_is_of_what_waits;


--
-- Name: approval_requests request_moves_its_candidate; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_moves_its_candidate AFTER UPDATE OF status ON public.approval_requests FOR EACH ROW WHEN (((new.action)::text = 'event:publish'::text)) EXECUTE FUNCTION public.request_moves_its_candidate();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_moves_its_candidate;


--
-- Name: approval_requests request_moves_its_proposal; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_moves_its_proposal AFTER INSERT OR UPDATE OF status ON public.approval_requests FOR EACH ROW WHEN (((new.action)::text ~~ 'market:%'::text)) EXECUTE FUNCTION public.request_moves_its_proposal();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_moves_its_proposal;


--
-- Name: request_nonces request_nonces_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_nonces_are_never_truncated BEFORE TRUNCATE ON public.request_nonces FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.request_nonces ENABLE ALWAYS TRIGGER request_nonces_are_never_truncated;


--
-- Name: approval_requests request_only_closes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER request_only_closes BEFORE UPDATE ON public.approval_requests FOR EACH ROW EXECUTE FUNCTION public.request_only_closes();

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER request_only_closes;


--
-- Name: approval_requests requests_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER requests_are_never_truncated BEFORE TRUNCATE ON public.approval_requests FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('request_never_changes');

ALTER TABLE public.approval_requests ENABLE ALWAYS TRIGGER requests_are_never_truncated;


--
-- Name: market_resolutions resolution_is_what_was_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER resolution_is_what_was_approved BEFORE INSERT ON public.market_resolutions FOR EACH ROW EXECUTE FUNCTION public.resolution_is_what_was_approved();

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER resolution_is_what_was_approved;


--
-- Name: market_resolutions resolution_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER resolution_never_changes BEFORE DELETE OR UPDATE ON public.market_resolutions FOR EACH ROW EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER resolution_never_changes;


--
-- Name: market_resolutions resolution_takes_effect; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER resolution_takes_effect AFTER INSERT ON public.market_resolutions FOR EACH ROW EXECUTE FUNCTION public.resolution_takes_effect();

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER resolution_takes_effect;


--
-- Name: market_resolutions resolutions_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER resolutions_are_never_truncated BEFORE TRUNCATE ON public.market_resolutions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('change_never_changes');

ALTER TABLE public.market_resolutions ENABLE ALWAYS TRIGGER resolutions_are_never_truncated;


--
-- Name: event_retractions retraction_is_ones_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER retraction_is_ones_own BEFORE INSERT ON public.event_retractions FOR EACH ROW EXECUTE FUNCTION public.retraction_is_ones_own();

ALTER TABLE public.event_retractions ENABLE ALWAYS TRIGGER retraction_is_ones_own;


--
-- Name: event_retractions retraction_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER retraction_never_changes BEFORE DELETE OR UPDATE ON public.event_retractions FOR EACH ROW EXECUTE FUNCTION public.refuse_change('retraction_never_changes');

ALTER TABLE public.event_retractions ENABLE ALWAYS TRIGGER retraction_never_changes;


--
-- Name: event_retractions retractions_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER retractions_are_never_truncated BEFORE TRUNCATE ON public.event_retractions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('retraction_never_changes');

ALTER TABLE public.event_retractions ENABLE ALWAYS TRIGGER retractions_are_never_truncated;


--
-- Name: market_revisions revision_can_be_approved; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revision_can_be_approved AFTER INSERT ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.revision_can_be_approved();

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER revision_can_be_approved;


--
-- Name: market_revisions revision_is_its_canonical_text; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revision_is_its_canonical_text BEFORE INSERT ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.revision_is_its_canonical_text();

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER revision_is_its_canonical_text;


--
-- Name: market_revisions revision_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revision_never_changes BEFORE DELETE OR UPDATE ON public.market_revisions FOR EACH ROW EXECUTE FUNCTION public.refuse_change('revision_never_changes');

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER revision_never_changes;


--
-- Name: market_revisions revisions_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revisions_are_never_truncated BEFORE TRUNCATE ON public.market_revisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('revision_never_changes');

ALTER TABLE public.market_revisions ENABLE ALWAYS TRIGGER revisions_are_never_truncated;


--
-- Name: approval_revocations revocation_is_a_persons_own; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revocation_is_a_persons_own BEFORE INSERT ON public.approval_revocations FOR EACH ROW EXECUTE FUNCTION public.revocation_is_a_persons_own();

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER revocation_is_a_persons_own;


--
-- Name: approval_revocations revocation_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revocation_never_changes BEFORE DELETE OR UPDATE ON public.approval_revocations FOR EACH ROW EXECUTE FUNCTION public.refuse_change('revocation_never_changes');

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER revocation_never_changes;


--
-- Name: approval_revocations revocation_stops_its_market; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revocation_stops_its_market AFTER INSERT ON public.approval_revocations FOR EACH ROW EXECUTE FUNCTION public.revocation_stops_its_market();

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER revocation_stops_its_market;


--
-- Name: approval_revocations revocation_takes_its_event_back; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revocation_takes_its_event_back AFTER INSERT ON public.approval_revocations FOR EACH ROW EXECUTE FUNCTION public.revocation_takes_its_event_back();

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER revocation_takes_its_event_back;


--
-- Name: approval_revocations revocations_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER revocations_are_never_truncated BEFORE TRUNCATE ON public.approval_revocations FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('revocation_never_changes');

ALTER TABLE public.approval_revocations ENABLE ALWAYS TRIGGER revocations_are_never_truncated;


--
-- Name: user_roles role_is_granted_from_above; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER role_is_granted_from_above BEFORE INSERT OR DELETE OR UPDATE ON public.user_roles FOR EACH ROW EXECUTE FUNCTION public.role_is_granted_from_above();

ALTER TABLE public.user_roles ENABLE ALWAYS TRIGGER role_is_granted_from_above;


--
-- Name: user_roles role_is_in_its_users_tenant; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER role_is_in_its_users_tenant BEFORE INSERT OR UPDATE ON public.user_roles FOR EACH ROW EXECUTE FUNCTION public.role_is_in_its_users_tenant();

ALTER TABLE public.user_roles ENABLE ALWAYS TRIGGER role_is_in_its_users_tenant;


--
-- Name: audit_seal seal_only_moves_on; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER seal_only_moves_on BEFORE UPDATE ON public.audit_seal FOR EACH ROW EXECUTE FUNCTION public.seal_only_moves_on();

ALTER TABLE public.audit_seal ENABLE ALWAYS TRIGGER seal_only_moves_on;


--
-- Name: audit_seal seal_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER seal_stays BEFORE DELETE ON public.audit_seal FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_seal ENABLE ALWAYS TRIGGER seal_stays;


--
-- Name: signing_keys signing_key_only_ends; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER signing_key_only_ends BEFORE UPDATE ON public.signing_keys FOR EACH ROW EXECUTE FUNCTION public.signing_key_only_ends();

ALTER TABLE public.signing_keys ENABLE ALWAYS TRIGGER signing_key_only_ends;


--
-- Name: signing_keys signing_keys_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER signing_keys_are_never_truncated BEFORE TRUNCATE ON public.signing_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.signing_keys ENABLE ALWAYS TRIGGER signing_keys_are_never_truncated;


--
-- Name: snapshots snapshot_is_named_by_the_clock; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER snapshot_is_named_by_the_clock BEFORE INSERT ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.snapshot_is_named_by_the_clock();

ALTER TABLE public.snapshots ENABLE ALWAYS TRIGGER snapshot_is_named_by_the_clock;


--
-- Name: snapshots snapshot_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER snapshot_never_changes BEFORE DELETE OR UPDATE ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.refuse_change('snapshot_never_changes');

ALTER TABLE public.snapshots ENABLE ALWAYS TRIGGER snapshot_never_changes;


--
-- Name: snapshots snapshots_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER snapshots_are_never_truncated BEFORE TRUNCATE ON public.snapshots FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('snapshot_never_changes');

ALTER TABLE public.snapshots ENABLE ALWAYS TRIGGER snapshots_are_never_truncated;


--
-- Name: approval_subjects subject_never_changes; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER subject_never_changes BEFORE DELETE OR UPDATE ON public.approval_subjects FOR EACH ROW EXECUTE FUNCTION public.refuse_change('subject_never_changes');

ALTER TABLE public.approval_subjects ENABLE ALWAYS TRIGGER subject_never_changes;


--
-- Name: approval_subjects subjects_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER subjects_are_never_truncated BEFORE TRUNCATE ON public.approval_subjects FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('subject_never_changes');

ALTER TABLE public.approval_subjects ENABLE ALWAYS TRIGGER subjects_are_never_truncated;


--
-- Name: switches switch_is_reviewed; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER switch_is_reviewed AFTER INSERT OR UPDATE OF value ON public.switches FOR EACH ROW EXECUTE FUNCTION public.switch_is_reviewed();

ALTER TABLE public.switches ENABLE ALWAYS TRIGGER switch_is_reviewed;


--
-- Name: switches switch_is_turned_at_home; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER switch_is_turned_at_home BEFORE INSERT OR UPDATE ON public.switches FOR EACH ROW EXECUTE FUNCTION public.switch_is_turned_at_home();

ALTER TABLE public.switches ENABLE ALWAYS TRIGGER switch_is_turned_at_home;


--
-- Name: switches switches_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER switches_are_never_truncated BEFORE TRUNCATE ON public.switches FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.switches ENABLE ALWAYS TRIGGER switches_are_never_truncated;


--
-- Name: switches switches_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER switches_updated_at BEFORE UPDATE ON public.switches FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: tenants tenants_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER tenants_are_never_truncated BEFORE TRUNCATE ON public.tenants FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.tenants ENABLE ALWAYS TRIGGER tenants_are_never_truncated;


--
-- Name: tenants tenants_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER tenants_updated_at BEFORE UPDATE ON public.tenants FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: audit_seal the_seal_is_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER the_seal_is_never_truncated BEFORE TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_seal ENABLE ALWAYS TRIGGER the_seal_is_never_truncated;


--
-- Name: audit_tile tile_only_grows; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER tile_only_grows BEFORE UPDATE ON public.audit_tile FOR EACH ROW EXECUTE FUNCTION public.tile_only_grows();

ALTER TABLE public.audit_tile ENABLE ALWAYS TRIGGER tile_only_grows;


--
-- Name: audit_tile tile_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER tile_stays BEFORE DELETE ON public.audit_tile FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_tile ENABLE ALWAYS TRIGGER tile_stays;


--
-- Name: audit_tile tiles_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER tiles_are_never_truncated BEFORE TRUNCATE ON public.audit_tile FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.audit_tile ENABLE ALWAYS TRIGGER tiles_are_never_truncated;


--
-- Name: candidate_events trg_candidate_events_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER trg_candidate_events_updated_at BEFORE UPDATE ON public.candidate_events FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: jobs trg_jobs_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER trg_jobs_updated_at BEFORE UPDATE ON public.jobs FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: market_proposals trg_market_proposals_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER trg_market_proposals_updated_at BEFORE UPDATE ON public.market_proposals FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: markets trg_markets_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER trg_markets_updated_at BEFORE UPDATE ON public.markets FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: reauthentications trial_is_taken_back; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE CONSTRAINT TRIGGER trial_is_taken_back AFTER INSERT ON public.reauthentications DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.method)::text = 'trial'::text)) EXECUTE FUNCTION public.trial_is_taken_back();

ALTER TABLE public.reauthentications ENABLE ALWAYS TRIGGER trial_is_taken_back;


--
-- Name: truth_chain_head truth_head_is_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER truth_head_is_never_truncated BEFORE TRUNCATE ON public.truth_chain_head FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.truth_chain_head ENABLE ALWAYS TRIGGER truth_head_is_never_truncated;


--
-- Name: truth_chain_head truth_head_moves_on; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER truth_head_moves_on BEFORE UPDATE ON public.truth_chain_head FOR EACH ROW EXECUTE FUNCTION public.truth_head_moves_on();

ALTER TABLE public.truth_chain_head ENABLE ALWAYS TRIGGER truth_head_moves_on;


--
-- Name: truth_chain_head truth_head_stays; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER truth_head_stays BEFORE DELETE ON public.truth_chain_head FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.truth_chain_head ENABLE ALWAYS TRIGGER truth_head_stays;


--
-- Name: truth_chain truth_is_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER truth_is_never_truncated BEFORE TRUNCATE ON public.truth_chain FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.truth_chain ENABLE ALWAYS TRIGGER truth_is_never_truncated;


--
-- Name: truth_chain truth_only_grows; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER truth_only_grows BEFORE DELETE OR UPDATE ON public.truth_chain FOR EACH ROW EXECUTE FUNCTION public.refuse_change('audit_event_only_grows');

ALTER TABLE public.truth_chain ENABLE ALWAYS TRIGGER truth_only_grows;


--
-- Name: api_keys two_keys_are_live; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER two_keys_are_live BEFORE INSERT ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.two_keys_are_live();

ALTER TABLE public.api_keys ENABLE ALWAYS TRIGGER two_keys_are_live;


--
-- Name: signing_keys two_signing_keys_are_live; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER two_signing_keys_are_live BEFORE INSERT ON public.signing_keys FOR EACH ROW EXECUTE FUNCTION public.two_signing_keys_are_live();

ALTER TABLE public.signing_keys ENABLE ALWAYS TRIGGER two_signing_keys_are_live;


--
-- Name: user_entitlements user_entitlements_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER user_entitlements_are_never_truncated BEFORE TRUNCATE ON public.user_entitlements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.user_entitlements ENABLE ALWAYS TRIGGER user_entitlements_are_never_truncated;


--
-- Name: user_entitlements user_entitlements_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER user_entitlements_updated_at BEFORE UPDATE ON public.user_entitlements FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: user_roles user_roles_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER user_roles_are_never_truncated BEFORE TRUNCATE ON public.user_roles FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.user_roles ENABLE ALWAYS TRIGGER user_roles_are_never_truncated;


--
-- Name: users user_stays_who_they_are; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER user_stays_who_they_are BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.user_stays_who_they_are();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER user_stays_who_they_are;


--
-- Name: users users_are_never_truncated; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER users_are_never_truncated BEFORE TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change('access_is_never_truncated');

ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_are_never_truncated;


--
-- Name: users users_updated_at; Type: TRIGGER; Schema: public; Owner: xm_owner
--

CREATE TRIGGER users_updated_at BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();


--
-- Name: market_amendments amendment_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendment_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_amendments amendment_has_a_known_proposal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendment_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id) REFERENCES public.market_proposals(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_amendments amendment_needs_human_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_amendments
    ADD CONSTRAINT amendment_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: audit_event audit_event_has_a_known_actor; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_has_a_known_actor FOREIGN KEY (actor_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: audit_event audit_event_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: rate_buckets bucket_has_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.rate_buckets
    ADD CONSTRAINT bucket_has_a_known_user FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: candidate_events candidate_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.candidate_events
    ADD CONSTRAINT candidate_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: candidate_events candidate_has_a_known_operator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.candidate_events
    ADD CONSTRAINT candidate_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: candidate_events candidate_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.candidate_events
    ADD CONSTRAINT candidate_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_proposals change_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT change_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) ON DELETE RESTRICT;


--
-- Name: approval_claims claim_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_claims
    ADD CONSTRAINT claim_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_claims claim_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_claims
    ADD CONSTRAINT claim_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_clarifications clarification_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_clarifications
    ADD CONSTRAINT clarification_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_clarifications clarification_is_written_by_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_clarifications
    ADD CONSTRAINT clarification_is_written_by_a_known_user FOREIGN KEY (written_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_comments comment_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_comments
    ADD CONSTRAINT comment_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_comments comment_is_by_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_comments
    ADD CONSTRAINT comment_is_by_a_known_user FOREIGN KEY (author_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: audit_cosignature cosignature_is_of_a_checkpoint; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.audit_cosignature
    ADD CONSTRAINT cosignature_is_of_a_checkpoint FOREIGN KEY (size) REFERENCES public.audit_checkpoint(size) ON DELETE RESTRICT;


--
-- Name: approval_decisions decision_has_a_known_delegation; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_has_a_known_delegation FOREIGN KEY (delegation_id) REFERENCES public.approval_delegations(id) ON DELETE RESTRICT;


--
-- Name: approval_decisions decision_has_a_known_reauthentication; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_has_a_known_reauthentication FOREIGN KEY (reauthentication_id) REFERENCES public.reauthentications(id) ON DELETE RESTRICT;


--
-- Name: approval_decisions decision_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_decisions decision_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_is_by_a_known_person FOREIGN KEY (reviewer_id, reviewer_kind) REFERENCES public.users(id, kind) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_decisions decision_is_over_the_requests_digest; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_decisions
    ADD CONSTRAINT decision_is_over_the_requests_digest FOREIGN KEY (request_id, digest) REFERENCES public.approval_requests(id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_delegations delegation_has_a_known_proof; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT delegation_has_a_known_proof FOREIGN KEY (reauthentication_id) REFERENCES public.reauthentications(id) ON DELETE RESTRICT;


--
-- Name: approval_delegations delegation_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT delegation_is_by_a_known_person FOREIGN KEY (tenant_id, from_person_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_delegations delegation_is_to_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_delegations
    ADD CONSTRAINT delegation_is_to_a_known_person FOREIGN KEY (tenant_id, to_person_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_disputes dispute_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_disputes dispute_has_a_known_resolution; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_has_a_known_resolution FOREIGN KEY (tenant_id, resolution_id) REFERENCES public.market_resolutions(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_disputes dispute_is_raised_by_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_is_raised_by_a_known_user FOREIGN KEY (raised_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_disputes dispute_is_settled_by_a_known_resolution; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_disputes
    ADD CONSTRAINT dispute_is_settled_by_a_known_resolution FOREIGN KEY (tenant_id, settled_by) REFERENCES public.market_resolutions(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: django_admin_log django_admin_log_content_type_id_c4bce8eb_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: django_admin_log django_admin_log_user_id_c564eba6_fk_users_id; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: user_entitlements entitlement_has_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_entitlements
    ADD CONSTRAINT entitlement_has_a_known_user FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE CASCADE;


--
-- Name: events event_approval_is_in_the_log; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT event_approval_is_in_the_log FOREIGN KEY (tenant_id, human_approval_audit_id) REFERENCES public.audit_event(tenant_id, audit_id) ON DELETE RESTRICT;


--
-- Name: events event_has_a_known_candidate; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT event_has_a_known_candidate FOREIGN KEY (tenant_id, candidate_id) REFERENCES public.candidate_events(tenant_id, candidate_id) ON DELETE RESTRICT;


--
-- Name: events event_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT event_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: events event_needs_human_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT event_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, candidate_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) ON DELETE RESTRICT;


--
-- Name: event_snapshots evidence_has_a_known_event; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_snapshots
    ADD CONSTRAINT evidence_has_a_known_event FOREIGN KEY (tenant_id, event_id) REFERENCES public.events(tenant_id, event_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: event_snapshots evidence_is_a_known_snapshot; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_snapshots
    ADD CONSTRAINT evidence_is_a_known_snapshot FOREIGN KEY (tenant_id, snapshot_id) REFERENCES public.snapshots(tenant_id, snapshot_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_grants grant_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT grant_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_grants grant_is_in_the_log; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_grants
    ADD CONSTRAINT grant_is_in_the_log FOREIGN KEY (tenant_id, audit_id) REFERENCES public.audit_event(tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: job_events job_event_has_a_known_job; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_event_has_a_known_job FOREIGN KEY (tenant_id, job_id) REFERENCES public.jobs(tenant_id, job_id) MATCH FULL ON DELETE CASCADE;


--
-- Name: job_events job_event_has_a_known_owner; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.job_events
    ADD CONSTRAINT job_event_has_a_known_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES public.users(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: jobs job_has_a_known_owner; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT job_has_a_known_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES public.users(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: jobs job_has_a_known_requester; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT job_has_a_known_requester FOREIGN KEY (requested_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: jobs job_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT job_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: idempotency_keys kept_answer_has_a_known_principal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT kept_answer_has_a_known_principal FOREIGN KEY (tenant_id, principal_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: idempotency_keys kept_answer_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT kept_answer_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: api_keys key_has_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT key_has_a_known_user FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_lists list_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_lists
    ADD CONSTRAINT list_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: approval_lists list_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_lists
    ADD CONSTRAINT list_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: markets market_approval_is_in_the_log; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_approval_is_in_the_log FOREIGN KEY (tenant_id, human_approval_audit_id) REFERENCES public.audit_event(tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: markets market_has_a_known_creator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_has_a_known_creator FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: markets market_has_a_known_proposal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id) REFERENCES public.market_proposals(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: markets market_needs_human_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.markets
    ADD CONSTRAINT market_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: outbox_events message_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT message_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: request_nonces nonce_has_a_known_key; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.request_nonces
    ADD CONSTRAINT nonce_has_a_known_key FOREIGN KEY (tenant_id, signing_key_id) REFERENCES public.signing_keys(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_notices notice_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_notices
    ADD CONSTRAINT notice_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: otp_static_staticdevice otp_static_staticdevice_user_id_7f9cff2b_fk_users_id; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_user_id_7f9cff2b_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: otp_static_statictoken otp_static_statictok_device_id_74b7c7d1_fk_otp_stati; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictok_device_id_74b7c7d1_fk_otp_stati FOREIGN KEY (device_id) REFERENCES public.otp_static_staticdevice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: otp_totp_totpdevice otp_totp_totpdevice_user_id_0fb18292_fk_users_id; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_user_id_0fb18292_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: approval_overrides override_has_a_known_request; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT override_has_a_known_request FOREIGN KEY (tenant_id, request_id) REFERENCES public.approval_requests(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: approval_overrides override_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT override_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: approval_overrides override_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT override_is_by_a_known_person FOREIGN KEY (person_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_policy_changes policy_change_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_changes
    ADD CONSTRAINT policy_change_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_policy_versions policy_version_has_a_known_change; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_versions
    ADD CONSTRAINT policy_version_has_a_known_change FOREIGN KEY (change_id) REFERENCES public.approval_policy_changes(id) ON DELETE RESTRICT;


--
-- Name: approval_policy_versions policy_version_needs_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policy_versions
    ADD CONSTRAINT policy_version_needs_approval FOREIGN KEY (audit_id, approval_action, change_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_policies policy_was_set_by_a_grant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_policies
    ADD CONSTRAINT policy_was_set_by_a_grant FOREIGN KEY (set_by_audit_id) REFERENCES public.approval_grants(audit_id) ON DELETE RESTRICT;


--
-- Name: market_proposals proposal_has_a_known_operator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT proposal_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_proposals proposal_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT proposal_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_proposals proposal_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_proposals
    ADD CONSTRAINT proposal_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: reauthentications reauthentication_has_a_known_list; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.reauthentications
    ADD CONSTRAINT reauthentication_has_a_known_list FOREIGN KEY (tenant_id, list_id) REFERENCES public.approval_lists(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: reauthentications reauthentication_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.reauthentications
    ADD CONSTRAINT reauthentication_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: reauthentications reauthentication_is_a_persons; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.reauthentications
    ADD CONSTRAINT reauthentication_is_a_persons FOREIGN KEY (person_id, person_kind) REFERENCES public.users(id, kind) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_reopenings reopening_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopening_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_reopenings reopening_has_a_known_proposal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopening_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id) REFERENCES public.market_proposals(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_reopenings reopening_needs_human_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_reopenings
    ADD CONSTRAINT reopening_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_requests request_has_a_known_operator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT request_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_requests request_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT request_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_requests request_has_a_known_subject; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_requests
    ADD CONSTRAINT request_has_a_known_subject FOREIGN KEY (tenant_id, action, subject_id, digest) REFERENCES public.approval_subjects(tenant_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_resolutions resolution_has_a_known_market; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_has_a_known_market FOREIGN KEY (tenant_id, market_id) REFERENCES public.markets(tenant_id, market_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_resolutions resolution_has_a_known_proposal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id) REFERENCES public.market_proposals(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_resolutions resolution_needs_human_approval; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest) REFERENCES public.approval_grants(audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_resolutions resolution_supersedes_a_known_one; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_resolutions
    ADD CONSTRAINT resolution_supersedes_a_known_one FOREIGN KEY (tenant_id, supersedes_id) REFERENCES public.market_resolutions(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: event_retractions retraction_has_a_known_event; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_retractions
    ADD CONSTRAINT retraction_has_a_known_event FOREIGN KEY (tenant_id, event_id) REFERENCES public.events(tenant_id, event_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: event_retractions retraction_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.event_retractions
    ADD CONSTRAINT retraction_is_by_a_known_person FOREIGN KEY (retracted_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_overrides review_has_a_known_proof; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT review_has_a_known_proof FOREIGN KEY (reauthentication_id) REFERENCES public.reauthentications(id) ON DELETE RESTRICT;


--
-- Name: approval_overrides review_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_overrides
    ADD CONSTRAINT review_is_by_a_known_person FOREIGN KEY (reviewed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: market_revisions revision_has_a_known_proposal; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_revisions
    ADD CONSTRAINT revision_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id) REFERENCES public.market_proposals(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: market_revisions revision_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.market_revisions
    ADD CONSTRAINT revision_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_revocations revocation_has_a_known_grant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT revocation_has_a_known_grant FOREIGN KEY (tenant_id, audit_id) REFERENCES public.approval_grants(tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: approval_revocations revocation_has_a_known_proof; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT revocation_has_a_known_proof FOREIGN KEY (reauthentication_id) REFERENCES public.reauthentications(id) ON DELETE RESTRICT;


--
-- Name: approval_revocations revocation_is_by_a_known_person; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_revocations
    ADD CONSTRAINT revocation_is_by_a_known_person FOREIGN KEY (revoked_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: user_roles role_has_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT role_has_a_known_user FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE CASCADE;


--
-- Name: signing_keys signing_key_has_a_known_user; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_key_has_a_known_user FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) MATCH FULL ON DELETE RESTRICT;


--
-- Name: snapshots snapshot_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshot_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: snapshots snapshot_has_its_content; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshot_has_its_content FOREIGN KEY (content_digest) REFERENCES public.blobs(digest) ON DELETE RESTRICT;


--
-- Name: approval_subjects subject_has_a_known_operator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_subjects
    ADD CONSTRAINT subject_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_subjects subject_has_a_known_proposer; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_subjects
    ADD CONSTRAINT subject_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: approval_subjects subject_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.approval_subjects
    ADD CONSTRAINT subject_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: switches switch_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.switches
    ADD CONSTRAINT switch_has_a_known_tenant FOREIGN KEY (for_tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: truth_chain truth_has_a_known_actor; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.truth_chain
    ADD CONSTRAINT truth_has_a_known_actor FOREIGN KEY (actor_id) REFERENCES public.users(id) ON DELETE RESTRICT;


--
-- Name: users user_has_a_known_operator; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT user_has_a_known_operator FOREIGN KEY (tenant_id, operated_by) REFERENCES public.users(tenant_id, id) ON DELETE RESTRICT;


--
-- Name: users user_has_a_known_tenant; Type: FK CONSTRAINT; Schema: public; Owner: xm_owner
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT user_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE RESTRICT;


--
-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_claims; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_claims ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_comments; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_comments ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_decisions; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_decisions ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_delegations; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_delegations ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_grants; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_grants ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_lists; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_lists ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_notices; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_notices ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_overrides; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_overrides ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_requests; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_requests ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_revocations; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_revocations ENABLE ROW LEVEL SECURITY;

--
-- Name: approval_subjects; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.approval_subjects ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_event; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;

--
-- Name: candidate_events; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.candidate_events ENABLE ROW LEVEL SECURITY;

--
-- Name: job_events engine_adds_for_every_tenant; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_adds_for_every_tenant ON public.job_events FOR INSERT TO xm_worker WITH CHECK (true);


--
-- Name: jobs engine_adds_for_every_tenant; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_adds_for_every_tenant ON public.jobs FOR INSERT TO xm_worker WITH CHECK (true);


--
-- Name: outbox_events engine_adds_for_every_tenant; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_adds_for_every_tenant ON public.outbox_events FOR INSERT TO xm_worker WITH CHECK (true);


--
-- Name: audit_event engine_finds_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_finds_every_row ON public.audit_event FOR SELECT TO xm_worker USING (true);


--
-- Name: job_events engine_finds_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_finds_every_row ON public.job_events FOR SELECT TO xm_worker USING (true);


--
-- Name: jobs engine_finds_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_finds_every_row ON public.jobs FOR SELECT TO xm_worker USING (true);


--
-- Name: outbox_events engine_finds_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_finds_every_row ON public.outbox_events FOR SELECT TO xm_worker USING (true);


--
-- Name: job_events engine_moves_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_moves_every_row ON public.job_events FOR UPDATE TO xm_worker USING (true) WITH CHECK (true);


--
-- Name: jobs engine_moves_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_moves_every_row ON public.jobs FOR UPDATE TO xm_worker USING (true) WITH CHECK (true);


--
-- Name: outbox_events engine_moves_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY engine_moves_every_row ON public.outbox_events FOR UPDATE TO xm_worker USING (true) WITH CHECK (true);


--
-- Name: event_retractions; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.event_retractions ENABLE ROW LEVEL SECURITY;

--
-- Name: event_snapshots; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.event_snapshots ENABLE ROW LEVEL SECURITY;

--
-- Name: events; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: job_events job_event_is_seen_by_its_owner; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY job_event_is_seen_by_its_owner ON public.job_events AS RESTRICTIVE TO xm_api USING ((visible_to = ANY (ARRAY[( SELECT (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid AS "nullif"), ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")])));


--
-- Name: job_events; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.job_events ENABLE ROW LEVEL SECURITY;

--
-- Name: jobs job_is_seen_by_its_owner; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY job_is_seen_by_its_owner ON public.jobs AS RESTRICTIVE TO xm_api USING ((visible_to = ANY (ARRAY[( SELECT (NULLIF(current_setting('app.actor_id'::text, true), ''::text))::uuid AS "nullif"), ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")])));


--
-- Name: jobs; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;

--
-- Name: market_amendments; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_amendments ENABLE ROW LEVEL SECURITY;

--
-- Name: market_clarifications; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_clarifications ENABLE ROW LEVEL SECURITY;

--
-- Name: market_disputes; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_disputes ENABLE ROW LEVEL SECURITY;

--
-- Name: market_proposals; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_proposals ENABLE ROW LEVEL SECURITY;

--
-- Name: market_reopenings; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_reopenings ENABLE ROW LEVEL SECURITY;

--
-- Name: market_resolutions; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_resolutions ENABLE ROW LEVEL SECURITY;

--
-- Name: market_revisions; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.market_revisions ENABLE ROW LEVEL SECURITY;

--
-- Name: markets; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.markets ENABLE ROW LEVEL SECURITY;

--
-- Name: outbox_events; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.outbox_events ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.api_keys TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_claims owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_claims TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_comments owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_comments TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_decisions owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_decisions TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_delegations owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_delegations TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_grants owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_grants TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_lists owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_lists TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_notices owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_notices TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_overrides owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_overrides TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_requests owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_requests TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_revocations owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_revocations TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: approval_subjects owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.approval_subjects TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: audit_event owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.audit_event TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: candidate_events owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.candidate_events TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: event_retractions owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.event_retractions TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: event_snapshots owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.event_snapshots TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: events owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.events TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: idempotency_keys owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.idempotency_keys TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: job_events owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.job_events TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: jobs owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.jobs TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_amendments owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_amendments TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_clarifications owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_clarifications TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_disputes owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_disputes TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_proposals owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_proposals TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_reopenings owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_reopenings TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_resolutions owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_resolutions TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: market_revisions owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.market_revisions TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: markets owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.markets TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: outbox_events owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.outbox_events TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: rate_buckets owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.rate_buckets TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: reauthentications owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.reauthentications TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: request_nonces owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.request_nonces TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: signing_keys owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.signing_keys TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: snapshots owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.snapshots TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: user_entitlements owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.user_entitlements TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: user_roles owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.user_roles TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: users owner_sees_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY owner_sees_every_row ON public.users TO xm_owner USING (true) WITH CHECK (true);


--
-- Name: rate_buckets; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.rate_buckets ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.api_keys FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_claims readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_claims FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_comments readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_comments FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_decisions readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_decisions FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_delegations readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_delegations FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_grants readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_grants FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_lists readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_lists FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_notices readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_notices FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_overrides readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_overrides FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_requests readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_requests FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_revocations readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_revocations FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: approval_subjects readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.approval_subjects FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: audit_event readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.audit_event FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: candidate_events readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.candidate_events FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: event_retractions readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.event_retractions FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: event_snapshots readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.event_snapshots FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: events readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.events FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: idempotency_keys readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.idempotency_keys FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: job_events readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.job_events FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: jobs readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.jobs FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_amendments readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_amendments FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_clarifications readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_clarifications FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_disputes readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_disputes FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_proposals readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_proposals FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_reopenings readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_reopenings FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_resolutions readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_resolutions FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: market_revisions readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.market_revisions FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: markets readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.markets FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: outbox_events readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.outbox_events FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: rate_buckets readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.rate_buckets FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: reauthentications readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.reauthentications FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: request_nonces readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.request_nonces FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: signing_keys readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.signing_keys FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: snapshots readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.snapshots FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: user_entitlements readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.user_entitlements FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: user_roles readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.user_roles FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: users readers_see_every_row; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY readers_see_every_row ON public.users FOR SELECT TO xm_platform, xm_auditor, xm_backup USING (true);


--
-- Name: reauthentications; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.reauthentications ENABLE ROW LEVEL SECURITY;

--
-- Name: request_nonces; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.request_nonces ENABLE ROW LEVEL SECURITY;

--
-- Name: signing_keys; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.signing_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: snapshots; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.snapshots ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.api_keys TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_claims tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_claims TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_comments tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_comments TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_decisions tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_decisions TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_delegations tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_delegations TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_grants tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_grants TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_lists tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_lists TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_notices tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_notices TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_overrides tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_overrides TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_requests tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_requests TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_revocations tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_revocations TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: approval_subjects tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.approval_subjects TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: audit_event tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.audit_event TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: candidate_events tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.candidate_events TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: event_retractions tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.event_retractions TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: event_snapshots tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.event_snapshots TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: events tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.events TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: idempotency_keys tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.idempotency_keys TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: job_events tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.job_events TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: jobs tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.jobs TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_amendments tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_amendments TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_clarifications tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_clarifications TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_disputes tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_disputes TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_proposals tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_proposals TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_reopenings tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_reopenings TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_resolutions tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_resolutions TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: market_revisions tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.market_revisions TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: markets tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.markets TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: outbox_events tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.outbox_events TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: rate_buckets tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.rate_buckets TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: reauthentications tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.reauthentications TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: request_nonces tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.request_nonces TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: signing_keys tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.signing_keys TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: snapshots tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.snapshots TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: user_entitlements tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.user_entitlements TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: user_roles tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.user_roles TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: users tenant_sees_its_own; Type: POLICY; Schema: public; Owner: xm_owner
--

CREATE POLICY tenant_sees_its_own ON public.users TO xm_api, xm_staff, xm_worker, xm_platform USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: user_entitlements; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.user_entitlements ENABLE ROW LEVEL SECURITY;

--
-- Name: user_roles; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: public; Owner: xm_owner
--

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT ALL ON SCHEMA public TO xm_owner;


--
-- Name: FUNCTION agents_are_not_paused(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.agents_are_not_paused() FROM PUBLIC;


--
-- Name: FUNCTION agents_are_paused(of_tenant uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.agents_are_paused(of_tenant uuid) FROM PUBLIC;


--
-- Name: FUNCTION amendment_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.amendment_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION amendment_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.amendment_takes_effect() FROM PUBLIC;


--
-- Name: TABLE truth_chain; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.truth_chain TO xm_backup;
GRANT SELECT ON TABLE public.truth_chain TO xm_api;
GRANT SELECT ON TABLE public.truth_chain TO xm_staff;
GRANT SELECT ON TABLE public.truth_chain TO xm_worker;
GRANT SELECT ON TABLE public.truth_chain TO xm_platform;
GRANT SELECT ON TABLE public.truth_chain TO xm_auditor;


--
-- Name: FUNCTION append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) TO xm_staff;
GRANT ALL ON FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) TO xm_worker;
GRANT ALL ON FUNCTION public.append_truth(of_type text, of_subject_type text, of_subject uuid, said jsonb, by_actor uuid, by_type text, signed text) TO xm_platform;


--
-- Name: FUNCTION approval_needs_its_quorum(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.approval_needs_its_quorum() FROM PUBLIC;


--
-- Name: FUNCTION audit_governed_change(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.audit_governed_change() FROM PUBLIC;


--
-- Name: FUNCTION audit_job_move(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.audit_job_move() FROM PUBLIC;


--
-- Name: TABLE audit_event; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_event TO xm_backup;
GRANT SELECT ON TABLE public.audit_event TO xm_api;
GRANT SELECT ON TABLE public.audit_event TO xm_staff;
GRANT SELECT ON TABLE public.audit_event TO xm_worker;
GRANT SELECT ON TABLE public.audit_event TO xm_platform;
GRANT SELECT ON TABLE public.audit_event TO xm_auditor;


--
-- Name: COLUMN audit_event.actor_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(actor_type) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(actor_type) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(actor_type) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(actor_type) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.action; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(action) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(action) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(action) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(action) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.entity_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(entity_type) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(entity_type) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(entity_type) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(entity_type) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.entity_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(entity_id) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(entity_id) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(entity_id) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(entity_id) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.old_value; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(old_value) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(old_value) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(old_value) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(old_value) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.new_value; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(new_value) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(new_value) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(new_value) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(new_value) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.payload_hash; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload_hash) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(payload_hash) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(payload_hash) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(payload_hash) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.signature; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(signature) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(signature) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(signature) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(signature) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.job_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(job_id) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(job_id) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(job_id) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(job_id) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.correlation_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(correlation_id) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(correlation_id) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(correlation_id) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(correlation_id) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.ip_address; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(ip_address) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(ip_address) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(ip_address) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(ip_address) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.user_agent; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(user_agent) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(user_agent) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(user_agent) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(user_agent) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.metadata; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(metadata) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(metadata) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(metadata) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(metadata) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.actor_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(actor_id) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(actor_id) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(actor_id) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(actor_id) ON TABLE public.audit_event TO xm_platform;


--
-- Name: COLUMN audit_event.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.audit_event TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.audit_event TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.audit_event TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.audit_event TO xm_platform;


--
-- Name: FUNCTION audit_leaf(e public.audit_event); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.audit_leaf(e public.audit_event) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_leaf(e public.audit_event) TO xm_api;
GRANT ALL ON FUNCTION public.audit_leaf(e public.audit_event) TO xm_staff;
GRANT ALL ON FUNCTION public.audit_leaf(e public.audit_event) TO xm_worker;
GRANT ALL ON FUNCTION public.audit_leaf(e public.audit_event) TO xm_platform;
GRANT ALL ON FUNCTION public.audit_leaf(e public.audit_event) TO xm_auditor;


--
-- Name: FUNCTION audit_record(e public.audit_event); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.audit_record(e public.audit_event) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_record(e public.audit_event) TO xm_api;
GRANT ALL ON FUNCTION public.audit_record(e public.audit_event) TO xm_staff;
GRANT ALL ON FUNCTION public.audit_record(e public.audit_event) TO xm_worker;
GRANT ALL ON FUNCTION public.audit_record(e public.audit_event) TO xm_platform;
GRANT ALL ON FUNCTION public.audit_record(e public.audit_event) TO xm_auditor;


--
-- Name: FUNCTION authenticate_key(wanted_prefix text, wanted_digest bytea); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.authenticate_key(wanted_prefix text, wanted_digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.authenticate_key(wanted_prefix text, wanted_digest bytea) TO xm_api;


--
-- Name: FUNCTION barred_from_resolving(resolved uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.barred_from_resolving(resolved uuid) FROM PUBLIC;


--
-- Name: FUNCTION beat_jobs(of_jobs uuid[], by_worker text, lease_seconds double precision); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.beat_jobs(of_jobs uuid[], by_worker text, lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.beat_jobs(of_jobs uuid[], by_worker text, lease_seconds double precision) TO xm_worker;


--
-- Name: FUNCTION candidate_can_be_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.candidate_can_be_approved() FROM PUBLIC;


--
-- Name: FUNCTION candidate_is_its_canonical_text(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.candidate_is_its_canonical_text() FROM PUBLIC;


--
-- Name: FUNCTION candidate_waits_for_people(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.candidate_waits_for_people() FROM PUBLIC;


--
-- Name: FUNCTION candidates_proposer_is_entitled(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.candidates_proposer_is_entitled() FROM PUBLIC;


--
-- Name: TABLE approval_requests; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_requests TO xm_backup;
GRANT SELECT ON TABLE public.approval_requests TO xm_api;
GRANT SELECT ON TABLE public.approval_requests TO xm_staff;
GRANT SELECT ON TABLE public.approval_requests TO xm_worker;
GRANT SELECT ON TABLE public.approval_requests TO xm_platform;
GRANT SELECT ON TABLE public.approval_requests TO xm_auditor;


--
-- Name: COLUMN approval_requests.action; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(action) ON TABLE public.approval_requests TO xm_api;
GRANT INSERT(action) ON TABLE public.approval_requests TO xm_staff;
GRANT INSERT(action) ON TABLE public.approval_requests TO xm_worker;
GRANT INSERT(action) ON TABLE public.approval_requests TO xm_platform;


--
-- Name: COLUMN approval_requests.subject_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(subject_id) ON TABLE public.approval_requests TO xm_api;
GRANT INSERT(subject_id) ON TABLE public.approval_requests TO xm_staff;
GRANT INSERT(subject_id) ON TABLE public.approval_requests TO xm_worker;
GRANT INSERT(subject_id) ON TABLE public.approval_requests TO xm_platform;


--
-- Name: COLUMN approval_requests.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.approval_requests TO xm_api;
GRANT INSERT(digest) ON TABLE public.approval_requests TO xm_staff;
GRANT INSERT(digest) ON TABLE public.approval_requests TO xm_worker;
GRANT INSERT(digest) ON TABLE public.approval_requests TO xm_platform;


--
-- Name: COLUMN approval_requests.status; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(status) ON TABLE public.approval_requests TO xm_api;
GRANT UPDATE(status) ON TABLE public.approval_requests TO xm_staff;
GRANT UPDATE(status) ON TABLE public.approval_requests TO xm_worker;
GRANT UPDATE(status) ON TABLE public.approval_requests TO xm_platform;


--
-- Name: FUNCTION care_for_requests(most integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.care_for_requests(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.care_for_requests(most integer) TO xm_worker;


--
-- Name: TABLE markets; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.markets TO xm_backup;
GRANT SELECT ON TABLE public.markets TO xm_api;
GRANT SELECT ON TABLE public.markets TO xm_staff;
GRANT SELECT ON TABLE public.markets TO xm_worker;
GRANT SELECT ON TABLE public.markets TO xm_platform;
GRANT SELECT ON TABLE public.markets TO xm_auditor;


--
-- Name: COLUMN markets.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.markets TO xm_staff;
GRANT INSERT(digest) ON TABLE public.markets TO xm_platform;


--
-- Name: COLUMN markets.status; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(status) ON TABLE public.markets TO xm_staff;
GRANT UPDATE(status) ON TABLE public.markets TO xm_platform;


--
-- Name: COLUMN markets.human_approval_audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(human_approval_audit_id) ON TABLE public.markets TO xm_staff;
GRANT INSERT(human_approval_audit_id) ON TABLE public.markets TO xm_platform;


--
-- Name: COLUMN markets.proposal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposal_id) ON TABLE public.markets TO xm_staff;
GRANT INSERT(proposal_id) ON TABLE public.markets TO xm_platform;


--
-- Name: FUNCTION claim_is_ones_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.claim_is_ones_own() FROM PUBLIC;


--
-- Name: FUNCTION claim_job(of_job uuid, by_worker text, lease_seconds double precision, options jsonb); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.claim_job(of_job uuid, by_worker text, lease_seconds double precision, options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_job(of_job uuid, by_worker text, lease_seconds double precision, options jsonb) TO xm_worker;


--
-- Name: FUNCTION claim_jobs(of_lanes text[], by_worker text, lease_seconds double precision, after_tenant uuid, options jsonb); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.claim_jobs(of_lanes text[], by_worker text, lease_seconds double precision, after_tenant uuid, options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_jobs(of_lanes text[], by_worker text, lease_seconds double precision, after_tenant uuid, options jsonb) TO xm_worker;


--
-- Name: FUNCTION clarification_is_ones_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.clarification_is_ones_own() FROM PUBLIC;


--
-- Name: FUNCTION close_due_markets(at_most integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.close_due_markets(at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.close_due_markets(at_most integer) TO xm_worker;


--
-- Name: FUNCTION comment_is_by_whoever_takes_part(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.comment_is_by_whoever_takes_part() FROM PUBLIC;


--
-- Name: FUNCTION complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb) TO xm_worker;


--
-- Name: TABLE approval_decisions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_decisions TO xm_backup;
GRANT SELECT ON TABLE public.approval_decisions TO xm_api;
GRANT SELECT ON TABLE public.approval_decisions TO xm_staff;
GRANT SELECT ON TABLE public.approval_decisions TO xm_worker;
GRANT SELECT ON TABLE public.approval_decisions TO xm_platform;
GRANT SELECT ON TABLE public.approval_decisions TO xm_auditor;


--
-- Name: COLUMN approval_decisions.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(digest) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.verdict; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(verdict) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(verdict) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reason) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(reason) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.reviewer_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reviewer_id) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(reviewer_id) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.request_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(request_id) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(request_id) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.reauthentication_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reauthentication_id) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(reauthentication_id) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.delegation_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(delegation_id) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(delegation_id) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: COLUMN approval_decisions.read_for; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(read_for) ON TABLE public.approval_decisions TO xm_staff;
GRANT INSERT(read_for) ON TABLE public.approval_decisions TO xm_platform;


--
-- Name: FUNCTION decides_in_role(request public.approval_requests, decision public.approval_decisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.decides_in_role(request public.approval_requests, decision public.approval_decisions) FROM PUBLIC;


--
-- Name: FUNCTION decision_is_a_persons_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.decision_is_a_persons_own() FROM PUBLIC;


--
-- Name: FUNCTION decision_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.decision_takes_effect() FROM PUBLIC;


--
-- Name: FUNCTION delegation_is_a_persons_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.delegation_is_a_persons_own() FROM PUBLIC;


--
-- Name: FUNCTION delegation_only_ends(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.delegation_only_ends() FROM PUBLIC;


--
-- Name: FUNCTION dispute_is_raised_in_time(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.dispute_is_raised_in_time() FROM PUBLIC;


--
-- Name: FUNCTION dispute_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.dispute_takes_effect() FROM PUBLIC;


--
-- Name: FUNCTION event_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.event_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION event_links_its_evidence(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.event_links_its_evidence() FROM PUBLIC;


--
-- Name: FUNCTION fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds double precision); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds double precision) TO xm_worker;


--
-- Name: FUNCTION forget_jobs(kept_seconds jsonb); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.forget_jobs(kept_seconds jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_jobs(kept_seconds jsonb) TO xm_worker;


--
-- Name: FUNCTION get_next_truth_chain_sequence(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.get_next_truth_chain_sequence() FROM PUBLIC;
GRANT ALL ON FUNCTION public.get_next_truth_chain_sequence() TO xm_api;
GRANT ALL ON FUNCTION public.get_next_truth_chain_sequence() TO xm_staff;
GRANT ALL ON FUNCTION public.get_next_truth_chain_sequence() TO xm_worker;
GRANT ALL ON FUNCTION public.get_next_truth_chain_sequence() TO xm_platform;
GRANT ALL ON FUNCTION public.get_next_truth_chain_sequence() TO xm_auditor;


--
-- Name: FUNCTION give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds double precision); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds double precision) TO xm_worker;


--
-- Name: FUNCTION grant_still_stands(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.grant_still_stands() FROM PUBLIC;


--
-- Name: TABLE approval_grants; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_grants TO xm_backup;
GRANT SELECT ON TABLE public.approval_grants TO xm_api;
GRANT SELECT ON TABLE public.approval_grants TO xm_staff;
GRANT SELECT ON TABLE public.approval_grants TO xm_worker;
GRANT SELECT ON TABLE public.approval_grants TO xm_platform;
GRANT SELECT ON TABLE public.approval_grants TO xm_auditor;


--
-- Name: FUNCTION grant_to_use(used uuid, granted_action text, over_subject uuid, over_digest bytea, promise text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.grant_to_use(used uuid, granted_action text, over_subject uuid, over_digest bytea, promise text) FROM PUBLIC;


--
-- Name: FUNCTION grants_a_market_rests_on(market public.markets); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.grants_a_market_rests_on(market public.markets) FROM PUBLIC;


--
-- Name: FUNCTION hand_over_notices(to_job uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.hand_over_notices(to_job uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hand_over_notices(to_job uuid) TO xm_worker;


--
-- Name: FUNCTION highest_role(person uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.highest_role(person uuid) FROM PUBLIC;


--
-- Name: FUNCTION job_moves_as_it_may(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.job_moves_as_it_may() FROM PUBLIC;


--
-- Name: FUNCTION job_payload_stays(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.job_payload_stays() FROM PUBLIC;


--
-- Name: FUNCTION jobs_are_paused(of_tenant uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.jobs_are_paused(of_tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.jobs_are_paused(of_tenant uuid) TO xm_worker;


--
-- Name: FUNCTION key_is_live(wanted uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.key_is_live(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.key_is_live(wanted uuid) TO xm_api;


--
-- Name: FUNCTION list_allows(request public.approval_requests, decision public.approval_decisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.list_allows(request public.approval_requests, decision public.approval_decisions) FROM PUBLIC;


--
-- Name: FUNCTION list_is_ones_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.list_is_ones_own() FROM PUBLIC;


--
-- Name: FUNCTION list_is_well_formed(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.list_is_well_formed() FROM PUBLIC;


--
-- Name: FUNCTION log_standing(most integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.log_standing(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.log_standing(most integer) TO xm_api;
GRANT ALL ON FUNCTION public.log_standing(most integer) TO xm_staff;
GRANT ALL ON FUNCTION public.log_standing(most integer) TO xm_worker;
GRANT ALL ON FUNCTION public.log_standing(most integer) TO xm_platform;
GRANT ALL ON FUNCTION public.log_standing(most integer) TO xm_auditor;


--
-- Name: FUNCTION lower_tenant_wall(around regclass); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.lower_tenant_wall(around regclass) FROM PUBLIC;


--
-- Name: FUNCTION market_content_is_approved(old_market public.markets, new_market public.markets); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_content_is_approved(old_market public.markets, new_market public.markets) FROM PUBLIC;


--
-- Name: FUNCTION market_has_lost_its_approval(market public.markets); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_has_lost_its_approval(market public.markets) FROM PUBLIC;


--
-- Name: FUNCTION market_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION market_moves_as_it_may(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_moves_as_it_may() FROM PUBLIC;


--
-- Name: FUNCTION market_rested_on(market public.markets, approval uuid, moment timestamp with time zone); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_rested_on(market public.markets, approval uuid, moment timestamp with time zone) FROM PUBLIC;


--
-- Name: TABLE market_revisions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_revisions TO xm_backup;
GRANT SELECT ON TABLE public.market_revisions TO xm_api;
GRANT SELECT ON TABLE public.market_revisions TO xm_staff;
GRANT SELECT ON TABLE public.market_revisions TO xm_worker;
GRANT SELECT ON TABLE public.market_revisions TO xm_platform;
GRANT SELECT ON TABLE public.market_revisions TO xm_auditor;


--
-- Name: COLUMN market_revisions.canonical; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(canonical) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(canonical) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(canonical) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(canonical) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.producer; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(producer) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(producer) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(producer) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(producer) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.schema_version; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(schema_version) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(schema_version) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(schema_version) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(schema_version) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.safety_assertions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(safety_assertions) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(safety_assertions) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(safety_assertions) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(safety_assertions) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.proposal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposal_id) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(proposal_id) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(proposal_id) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(proposal_id) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.proposed_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposed_by) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(proposed_by) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(proposed_by) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(proposed_by) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: COLUMN market_revisions.simhash; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(simhash) ON TABLE public.market_revisions TO xm_api;
GRANT INSERT(simhash) ON TABLE public.market_revisions TO xm_staff;
GRANT INSERT(simhash) ON TABLE public.market_revisions TO xm_worker;
GRANT INSERT(simhash) ON TABLE public.market_revisions TO xm_platform;


--
-- Name: FUNCTION market_saying(market public.markets, revision public.market_revisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_saying(market public.markets, revision public.market_revisions) FROM PUBLIC;


--
-- Name: FUNCTION market_to_change(proposal_id uuid, revision public.market_revisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_to_change(proposal_id uuid, revision public.market_revisions) FROM PUBLIC;


--
-- Name: FUNCTION market_waits_for_review(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.market_waits_for_review() FROM PUBLIC;


--
-- Name: FUNCTION open_wall_to_engine(around regclass); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.open_wall_to_engine(around regclass) FROM PUBLIC;


--
-- Name: FUNCTION override_is_reviewed_once(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.override_is_reviewed_once() FROM PUBLIC;


--
-- Name: FUNCTION override_stops_its_market(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.override_stops_its_market() FROM PUBLIC;


--
-- Name: TABLE approval_overrides; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_overrides TO xm_backup;
GRANT SELECT ON TABLE public.approval_overrides TO xm_api;
GRANT SELECT ON TABLE public.approval_overrides TO xm_staff;
GRANT SELECT ON TABLE public.approval_overrides TO xm_worker;
GRANT SELECT ON TABLE public.approval_overrides TO xm_platform;
GRANT SELECT ON TABLE public.approval_overrides TO xm_auditor;


--
-- Name: COLUMN approval_overrides.outcome; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(outcome) ON TABLE public.approval_overrides TO xm_staff;
GRANT UPDATE(outcome) ON TABLE public.approval_overrides TO xm_platform;


--
-- Name: COLUMN approval_overrides.review_reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(review_reason) ON TABLE public.approval_overrides TO xm_staff;
GRANT UPDATE(review_reason) ON TABLE public.approval_overrides TO xm_platform;


--
-- Name: COLUMN approval_overrides.reauthentication_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(reauthentication_id) ON TABLE public.approval_overrides TO xm_staff;
GRANT UPDATE(reauthentication_id) ON TABLE public.approval_overrides TO xm_platform;


--
-- Name: COLUMN approval_overrides.reviewed_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(reviewed_by) ON TABLE public.approval_overrides TO xm_staff;
GRANT UPDATE(reviewed_by) ON TABLE public.approval_overrides TO xm_platform;


--
-- Name: FUNCTION overrides_become_overdue(at_most integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.overrides_become_overdue(at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.overrides_become_overdue(at_most integer) TO xm_worker;


--
-- Name: FUNCTION people_to_tell(by_job uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.people_to_tell(by_job uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.people_to_tell(by_job uuid) TO xm_worker;


--
-- Name: TABLE users; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.users TO xm_backup;


--
-- Name: COLUMN users.id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(id) ON TABLE public.users TO xm_api;
GRANT SELECT(id) ON TABLE public.users TO xm_staff;
GRANT SELECT(id) ON TABLE public.users TO xm_worker;
GRANT SELECT(id) ON TABLE public.users TO xm_platform;
GRANT SELECT(id) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.kind; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(kind) ON TABLE public.users TO xm_api;
GRANT SELECT(kind),INSERT(kind) ON TABLE public.users TO xm_staff;
GRANT SELECT(kind) ON TABLE public.users TO xm_worker;
GRANT SELECT(kind),INSERT(kind) ON TABLE public.users TO xm_platform;
GRANT SELECT(kind) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.email; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(email) ON TABLE public.users TO xm_api;
GRANT SELECT(email),INSERT(email),UPDATE(email) ON TABLE public.users TO xm_staff;
GRANT SELECT(email) ON TABLE public.users TO xm_worker;
GRANT SELECT(email),INSERT(email),UPDATE(email) ON TABLE public.users TO xm_platform;
GRANT SELECT(email) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.username; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(username) ON TABLE public.users TO xm_api;
GRANT SELECT(username),INSERT(username) ON TABLE public.users TO xm_staff;
GRANT SELECT(username) ON TABLE public.users TO xm_worker;
GRANT SELECT(username),INSERT(username) ON TABLE public.users TO xm_platform;
GRANT SELECT(username) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.password_hash; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(password_hash),UPDATE(password_hash) ON TABLE public.users TO xm_staff;
GRANT INSERT(password_hash),UPDATE(password_hash) ON TABLE public.users TO xm_platform;


--
-- Name: COLUMN users.display_name; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(display_name) ON TABLE public.users TO xm_api;
GRANT SELECT(display_name),INSERT(display_name),UPDATE(display_name) ON TABLE public.users TO xm_staff;
GRANT SELECT(display_name) ON TABLE public.users TO xm_worker;
GRANT SELECT(display_name),INSERT(display_name),UPDATE(display_name) ON TABLE public.users TO xm_platform;
GRANT SELECT(display_name) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.status; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(status) ON TABLE public.users TO xm_api;
GRANT SELECT(status),UPDATE(status) ON TABLE public.users TO xm_staff;
GRANT SELECT(status) ON TABLE public.users TO xm_worker;
GRANT SELECT(status),UPDATE(status) ON TABLE public.users TO xm_platform;
GRANT SELECT(status) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.is_active; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(is_active) ON TABLE public.users TO xm_api;
GRANT SELECT(is_active) ON TABLE public.users TO xm_staff;
GRANT SELECT(is_active) ON TABLE public.users TO xm_worker;
GRANT SELECT(is_active) ON TABLE public.users TO xm_platform;
GRANT SELECT(is_active) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.is_staff; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(is_staff) ON TABLE public.users TO xm_api;
GRANT SELECT(is_staff),INSERT(is_staff),UPDATE(is_staff) ON TABLE public.users TO xm_staff;
GRANT SELECT(is_staff) ON TABLE public.users TO xm_worker;
GRANT SELECT(is_staff),INSERT(is_staff),UPDATE(is_staff) ON TABLE public.users TO xm_platform;
GRANT SELECT(is_staff) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.email_verified; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(email_verified) ON TABLE public.users TO xm_api;
GRANT SELECT(email_verified),UPDATE(email_verified) ON TABLE public.users TO xm_staff;
GRANT SELECT(email_verified) ON TABLE public.users TO xm_worker;
GRANT SELECT(email_verified),UPDATE(email_verified) ON TABLE public.users TO xm_platform;
GRANT SELECT(email_verified) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.last_login_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(last_login_at) ON TABLE public.users TO xm_api;
GRANT SELECT(last_login_at),UPDATE(last_login_at) ON TABLE public.users TO xm_staff;
GRANT SELECT(last_login_at) ON TABLE public.users TO xm_worker;
GRANT SELECT(last_login_at),UPDATE(last_login_at) ON TABLE public.users TO xm_platform;
GRANT SELECT(last_login_at) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.created_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(created_at) ON TABLE public.users TO xm_api;
GRANT SELECT(created_at) ON TABLE public.users TO xm_staff;
GRANT SELECT(created_at) ON TABLE public.users TO xm_worker;
GRANT SELECT(created_at) ON TABLE public.users TO xm_platform;
GRANT SELECT(created_at) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.updated_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(updated_at) ON TABLE public.users TO xm_api;
GRANT SELECT(updated_at) ON TABLE public.users TO xm_staff;
GRANT SELECT(updated_at) ON TABLE public.users TO xm_worker;
GRANT SELECT(updated_at) ON TABLE public.users TO xm_platform;
GRANT SELECT(updated_at) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.operated_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(operated_by) ON TABLE public.users TO xm_api;
GRANT SELECT(operated_by),INSERT(operated_by) ON TABLE public.users TO xm_staff;
GRANT SELECT(operated_by) ON TABLE public.users TO xm_worker;
GRANT SELECT(operated_by),INSERT(operated_by) ON TABLE public.users TO xm_platform;
GRANT SELECT(operated_by) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(tenant_id) ON TABLE public.users TO xm_api;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.users TO xm_staff;
GRANT SELECT(tenant_id) ON TABLE public.users TO xm_worker;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.users TO xm_platform;
GRANT SELECT(tenant_id) ON TABLE public.users TO xm_auditor;


--
-- Name: COLUMN users.signature_policy; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(signature_policy) ON TABLE public.users TO xm_api;
GRANT SELECT(signature_policy),UPDATE(signature_policy) ON TABLE public.users TO xm_staff;
GRANT SELECT(signature_policy) ON TABLE public.users TO xm_worker;
GRANT SELECT(signature_policy),UPDATE(signature_policy) ON TABLE public.users TO xm_platform;
GRANT SELECT(signature_policy) ON TABLE public.users TO xm_auditor;


--
-- Name: FUNCTION person_by_email(wanted text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.person_by_email(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.person_by_email(wanted text) TO xm_staff;
GRANT ALL ON FUNCTION public.person_by_email(wanted text) TO xm_platform;


--
-- Name: FUNCTION person_by_id(wanted uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.person_by_id(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.person_by_id(wanted uuid) TO xm_staff;
GRANT ALL ON FUNCTION public.person_by_id(wanted uuid) TO xm_platform;


--
-- Name: FUNCTION policy_change_can_be_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.policy_change_can_be_approved() FROM PUBLIC;


--
-- Name: FUNCTION policy_change_is_well_formed(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.policy_change_is_well_formed() FROM PUBLIC;


--
-- Name: TABLE approval_policies; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_policies TO xm_backup;
GRANT SELECT ON TABLE public.approval_policies TO xm_api;
GRANT SELECT ON TABLE public.approval_policies TO xm_staff;
GRANT SELECT ON TABLE public.approval_policies TO xm_worker;
GRANT SELECT ON TABLE public.approval_policies TO xm_platform;
GRANT SELECT ON TABLE public.approval_policies TO xm_auditor;


--
-- Name: FUNCTION policy_version_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.policy_version_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION policy_version_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.policy_version_takes_effect() FROM PUBLIC;


--
-- Name: FUNCTION proposal_is_ones_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.proposal_is_ones_own() FROM PUBLIC;


--
-- Name: FUNCTION proposer_is_entitled(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.proposer_is_entitled() FROM PUBLIC;


--
-- Name: FUNCTION prune_kept_answers(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.prune_kept_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.prune_kept_answers() TO xm_api;


--
-- Name: FUNCTION publication_ends_its_candidate(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.publication_ends_its_candidate() FROM PUBLIC;


--
-- Name: FUNCTION raise_tenant_wall(around regclass); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.raise_tenant_wall(around regclass) FROM PUBLIC;


--
-- Name: FUNCTION reap_jobs(of_worker text, why text, backoffs jsonb); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.reap_jobs(of_worker text, why text, backoffs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reap_jobs(of_worker text, why text, backoffs jsonb) TO xm_worker;


--
-- Name: FUNCTION refuse_a_lost_lease(it_is_ours boolean); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.refuse_a_lost_lease(it_is_ours boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.refuse_a_lost_lease(it_is_ours boolean) TO xm_worker;


--
-- Name: FUNCTION reopening_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.reopening_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION reopening_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.reopening_takes_effect() FROM PUBLIC;


--
-- Name: FUNCTION request_is_filled_from_its_policy(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.request_is_filled_from_its_policy() FROM PUBLIC;


--
-- Name: FUNCTION request_is_noticed(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.request_is_noticed() FROM PUBLIC;


--
-- Name: FUNCTION request_moves_its_candidate(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.request_moves_its_candidate() FROM PUBLIC;


--
-- Name: FUNCTION request_moves_its_proposal(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.request_moves_its_proposal() FROM PUBLIC;


--
-- Name: FUNCTION resolution_is_what_was_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.resolution_is_what_was_approved() FROM PUBLIC;


--
-- Name: FUNCTION resolution_takes_effect(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.resolution_takes_effect() FROM PUBLIC;


--
-- Name: FUNCTION retraction_is_ones_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.retraction_is_ones_own() FROM PUBLIC;


--
-- Name: FUNCTION retry_at(base_seconds double precision, attempts integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.retry_at(base_seconds double precision, attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.retry_at(base_seconds double precision, attempts integer) TO xm_worker;


--
-- Name: FUNCTION revision_can_be_approved(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revision_can_be_approved() FROM PUBLIC;


--
-- Name: FUNCTION revision_granted(approval public.approval_grants); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revision_granted(approval public.approval_grants) FROM PUBLIC;


--
-- Name: FUNCTION revision_is_its_canonical_text(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revision_is_its_canonical_text() FROM PUBLIC;


--
-- Name: FUNCTION revisions_alike(wanted bigint); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revisions_alike(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revisions_alike(wanted bigint) TO xm_api;
GRANT ALL ON FUNCTION public.revisions_alike(wanted bigint) TO xm_staff;
GRANT ALL ON FUNCTION public.revisions_alike(wanted bigint) TO xm_worker;
GRANT ALL ON FUNCTION public.revisions_alike(wanted bigint) TO xm_platform;


--
-- Name: FUNCTION revocation_is_a_persons_own(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revocation_is_a_persons_own() FROM PUBLIC;


--
-- Name: FUNCTION revocation_stops_its_market(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revocation_stops_its_market() FROM PUBLIC;


--
-- Name: FUNCTION revocation_takes_its_event_back(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.revocation_takes_its_event_back() FROM PUBLIC;


--
-- Name: FUNCTION role_is_granted_from_above(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.role_is_granted_from_above() FROM PUBLIC;


--
-- Name: FUNCTION role_is_in_its_users_tenant(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.role_is_in_its_users_tenant() FROM PUBLIC;


--
-- Name: FUNCTION role_lent(request public.approval_requests, decision public.approval_decisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.role_lent(request public.approval_requests, decision public.approval_decisions) FROM PUBLIC;


--
-- Name: FUNCTION role_of_acting_staff(person uuid, works_in uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.role_of_acting_staff(person uuid, works_in uuid) FROM PUBLIC;


--
-- Name: FUNCTION seal_only_moves_on(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.seal_only_moves_on() FROM PUBLIC;


--
-- Name: FUNCTION sealed_place(of_event uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.sealed_place(of_event uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.sealed_place(of_event uuid) TO xm_api;
GRANT ALL ON FUNCTION public.sealed_place(of_event uuid) TO xm_staff;
GRANT ALL ON FUNCTION public.sealed_place(of_event uuid) TO xm_platform;
GRANT ALL ON FUNCTION public.sealed_place(of_event uuid) TO xm_auditor;


--
-- Name: FUNCTION signing_key(wanted text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.signing_key(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.signing_key(wanted text) TO xm_api;


--
-- Name: FUNCTION slot_broken_open(request public.approval_requests, decision public.approval_decisions); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.slot_broken_open(request public.approval_requests, decision public.approval_decisions) FROM PUBLIC;


--
-- Name: FUNCTION slot_filled_by(request public.approval_requests, held text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.slot_filled_by(request public.approval_requests, held text) FROM PUBLIC;


--
-- Name: FUNCTION spend_proof(proof uuid, person uuid, by_list boolean); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.spend_proof(proof uuid, person uuid, by_list boolean) FROM PUBLIC;


--
-- Name: TABLE market_resolutions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_resolutions TO xm_backup;
GRANT SELECT ON TABLE public.market_resolutions TO xm_api;
GRANT SELECT ON TABLE public.market_resolutions TO xm_staff;
GRANT SELECT ON TABLE public.market_resolutions TO xm_worker;
GRANT SELECT ON TABLE public.market_resolutions TO xm_platform;
GRANT SELECT ON TABLE public.market_resolutions TO xm_auditor;


--
-- Name: COLUMN market_resolutions.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.market_resolutions TO xm_staff;
GRANT INSERT(digest) ON TABLE public.market_resolutions TO xm_platform;


--
-- Name: COLUMN market_resolutions.human_approval_audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(human_approval_audit_id) ON TABLE public.market_resolutions TO xm_staff;
GRANT INSERT(human_approval_audit_id) ON TABLE public.market_resolutions TO xm_platform;


--
-- Name: COLUMN market_resolutions.proposal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposal_id) ON TABLE public.market_resolutions TO xm_staff;
GRANT INSERT(proposal_id) ON TABLE public.market_resolutions TO xm_platform;


--
-- Name: FUNCTION standing_resolution(resolved uuid); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.standing_resolution(resolved uuid) FROM PUBLIC;


--
-- Name: FUNCTION switch_is_reviewed(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.switch_is_reviewed() FROM PUBLIC;


--
-- Name: FUNCTION take_nonce(of_key uuid, brought text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.take_nonce(of_key uuid, brought text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_nonce(of_key uuid, brought text) TO xm_api;


--
-- Name: FUNCTION take_token(of_user uuid, wanted text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.take_token(of_user uuid, wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_token(of_user uuid, wanted text) TO xm_api;


--
-- Name: FUNCTION take_turn(of_type text, step_seconds double precision); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.take_turn(of_type text, step_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_turn(of_type text, step_seconds double precision) TO xm_worker;


--
-- Name: FUNCTION tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text) TO xm_worker;


--
-- Name: FUNCTION tenants_to_tell(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.tenants_to_tell() FROM PUBLIC;
GRANT ALL ON FUNCTION public.tenants_to_tell() TO xm_worker;


--
-- Name: FUNCTION tile_only_grows(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.tile_only_grows() FROM PUBLIC;


--
-- Name: FUNCTION truth_chain_data(t public.truth_chain); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) FROM PUBLIC;
GRANT ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) TO xm_api;
GRANT ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) TO xm_staff;
GRANT ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) TO xm_worker;
GRANT ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) TO xm_platform;
GRANT ALL ON FUNCTION public.truth_chain_data(t public.truth_chain) TO xm_auditor;


--
-- Name: FUNCTION truth_head_moves_on(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.truth_head_moves_on() FROM PUBLIC;


--
-- Name: FUNCTION two_keys_are_live(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.two_keys_are_live() FROM PUBLIC;


--
-- Name: FUNCTION two_signing_keys_are_live(); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.two_signing_keys_are_live() FROM PUBLIC;


--
-- Name: FUNCTION unsealed_places(most integer); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.unsealed_places(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.unsealed_places(most integer) TO xm_worker;


--
-- Name: FUNCTION verify_truth_chain_integrity(up_to bigint); Type: ACL; Schema: public; Owner: xm_owner
--

REVOKE ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) TO xm_api;
GRANT ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) TO xm_staff;
GRANT ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) TO xm_worker;
GRANT ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) TO xm_platform;
GRANT ALL ON FUNCTION public.verify_truth_chain_integrity(up_to bigint) TO xm_auditor;


--
-- Name: TABLE api_keys; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.api_keys TO xm_backup;


--
-- Name: COLUMN api_keys.id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(id) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(id) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(id) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.prefix; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(prefix),INSERT(prefix) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(prefix),INSERT(prefix) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(prefix) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.api_keys TO xm_staff;
GRANT INSERT(digest) ON TABLE public.api_keys TO xm_platform;


--
-- Name: COLUMN api_keys.label; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(label),INSERT(label) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(label),INSERT(label) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(label) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.created_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(created_at) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(created_at) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(created_at) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.expires_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(expires_at) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.revoked_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(revoked_at) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.user_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(user_id) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(tenant_id) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.last_used_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(last_used_at) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(last_used_at) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(last_used_at) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: COLUMN api_keys.scopes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(scopes),INSERT(scopes) ON TABLE public.api_keys TO xm_staff;
GRANT SELECT(scopes),INSERT(scopes) ON TABLE public.api_keys TO xm_platform;
GRANT SELECT(scopes) ON TABLE public.api_keys TO xm_auditor;


--
-- Name: TABLE approval_claims; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_claims TO xm_backup;
GRANT SELECT ON TABLE public.approval_claims TO xm_api;
GRANT SELECT ON TABLE public.approval_claims TO xm_staff;
GRANT SELECT ON TABLE public.approval_claims TO xm_worker;
GRANT SELECT ON TABLE public.approval_claims TO xm_platform;
GRANT SELECT ON TABLE public.approval_claims TO xm_auditor;


--
-- Name: COLUMN approval_claims.released_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(released_at) ON TABLE public.approval_claims TO xm_staff;
GRANT UPDATE(released_at) ON TABLE public.approval_claims TO xm_platform;


--
-- Name: COLUMN approval_claims.person_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(person_id) ON TABLE public.approval_claims TO xm_staff;
GRANT INSERT(person_id) ON TABLE public.approval_claims TO xm_platform;


--
-- Name: COLUMN approval_claims.request_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(request_id) ON TABLE public.approval_claims TO xm_staff;
GRANT INSERT(request_id) ON TABLE public.approval_claims TO xm_platform;


--
-- Name: TABLE approval_comments; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_comments TO xm_backup;
GRANT SELECT ON TABLE public.approval_comments TO xm_api;
GRANT SELECT ON TABLE public.approval_comments TO xm_staff;
GRANT SELECT ON TABLE public.approval_comments TO xm_worker;
GRANT SELECT ON TABLE public.approval_comments TO xm_platform;
GRANT SELECT ON TABLE public.approval_comments TO xm_auditor;


--
-- Name: COLUMN approval_comments.body; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(body) ON TABLE public.approval_comments TO xm_api;
GRANT INSERT(body) ON TABLE public.approval_comments TO xm_staff;
GRANT INSERT(body) ON TABLE public.approval_comments TO xm_platform;


--
-- Name: COLUMN approval_comments.author_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(author_id) ON TABLE public.approval_comments TO xm_api;
GRANT INSERT(author_id) ON TABLE public.approval_comments TO xm_staff;
GRANT INSERT(author_id) ON TABLE public.approval_comments TO xm_platform;


--
-- Name: COLUMN approval_comments.request_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(request_id) ON TABLE public.approval_comments TO xm_api;
GRANT INSERT(request_id) ON TABLE public.approval_comments TO xm_staff;
GRANT INSERT(request_id) ON TABLE public.approval_comments TO xm_platform;


--
-- Name: TABLE approval_delegations; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_delegations TO xm_backup;
GRANT SELECT ON TABLE public.approval_delegations TO xm_api;
GRANT SELECT ON TABLE public.approval_delegations TO xm_staff;
GRANT SELECT ON TABLE public.approval_delegations TO xm_worker;
GRANT SELECT ON TABLE public.approval_delegations TO xm_platform;
GRANT SELECT ON TABLE public.approval_delegations TO xm_auditor;


--
-- Name: COLUMN approval_delegations.role; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(role) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(role) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.starts_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(starts_at) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(starts_at) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.ends_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(ends_at) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(ends_at) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reason) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(reason) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.revoked_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(revoked_at) ON TABLE public.approval_delegations TO xm_staff;
GRANT UPDATE(revoked_at) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.from_person_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(from_person_id) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(from_person_id) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.reauthentication_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reauthentication_id) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(reauthentication_id) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: COLUMN approval_delegations.to_person_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(to_person_id) ON TABLE public.approval_delegations TO xm_staff;
GRANT INSERT(to_person_id) ON TABLE public.approval_delegations TO xm_platform;


--
-- Name: TABLE approval_lists; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_lists TO xm_backup;
GRANT SELECT ON TABLE public.approval_lists TO xm_staff;
GRANT SELECT ON TABLE public.approval_lists TO xm_platform;
GRANT SELECT ON TABLE public.approval_lists TO xm_auditor;


--
-- Name: COLUMN approval_lists.canonical; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(canonical) ON TABLE public.approval_lists TO xm_staff;
GRANT INSERT(canonical) ON TABLE public.approval_lists TO xm_platform;


--
-- Name: COLUMN approval_lists.person_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(person_id) ON TABLE public.approval_lists TO xm_staff;
GRANT INSERT(person_id) ON TABLE public.approval_lists TO xm_platform;


--
-- Name: TABLE approval_notices; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_notices TO xm_backup;
GRANT SELECT ON TABLE public.approval_notices TO xm_staff;
GRANT SELECT ON TABLE public.approval_notices TO xm_worker;
GRANT SELECT ON TABLE public.approval_notices TO xm_platform;
GRANT SELECT ON TABLE public.approval_notices TO xm_auditor;


--
-- Name: TABLE approval_policy_changes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_policy_changes TO xm_backup;
GRANT SELECT ON TABLE public.approval_policy_changes TO xm_staff;
GRANT SELECT ON TABLE public.approval_policy_changes TO xm_worker;
GRANT SELECT ON TABLE public.approval_policy_changes TO xm_platform;
GRANT SELECT ON TABLE public.approval_policy_changes TO xm_auditor;


--
-- Name: COLUMN approval_policy_changes.canonical; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(canonical) ON TABLE public.approval_policy_changes TO xm_platform;


--
-- Name: COLUMN approval_policy_changes.proposed_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposed_by) ON TABLE public.approval_policy_changes TO xm_platform;


--
-- Name: TABLE approval_policy_versions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_policy_versions TO xm_backup;
GRANT SELECT ON TABLE public.approval_policy_versions TO xm_staff;
GRANT SELECT ON TABLE public.approval_policy_versions TO xm_worker;
GRANT SELECT ON TABLE public.approval_policy_versions TO xm_platform;
GRANT SELECT ON TABLE public.approval_policy_versions TO xm_auditor;


--
-- Name: COLUMN approval_policy_versions.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.approval_policy_versions TO xm_platform;


--
-- Name: COLUMN approval_policy_versions.audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(audit_id) ON TABLE public.approval_policy_versions TO xm_platform;


--
-- Name: COLUMN approval_policy_versions.change_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(change_id) ON TABLE public.approval_policy_versions TO xm_platform;


--
-- Name: TABLE approval_revocations; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_revocations TO xm_backup;
GRANT SELECT ON TABLE public.approval_revocations TO xm_api;
GRANT SELECT ON TABLE public.approval_revocations TO xm_staff;
GRANT SELECT ON TABLE public.approval_revocations TO xm_worker;
GRANT SELECT ON TABLE public.approval_revocations TO xm_platform;
GRANT SELECT ON TABLE public.approval_revocations TO xm_auditor;


--
-- Name: COLUMN approval_revocations.reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reason) ON TABLE public.approval_revocations TO xm_staff;
GRANT INSERT(reason) ON TABLE public.approval_revocations TO xm_platform;


--
-- Name: COLUMN approval_revocations.audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(audit_id) ON TABLE public.approval_revocations TO xm_staff;
GRANT INSERT(audit_id) ON TABLE public.approval_revocations TO xm_platform;


--
-- Name: COLUMN approval_revocations.reauthentication_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reauthentication_id) ON TABLE public.approval_revocations TO xm_staff;
GRANT INSERT(reauthentication_id) ON TABLE public.approval_revocations TO xm_platform;


--
-- Name: COLUMN approval_revocations.revoked_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(revoked_by) ON TABLE public.approval_revocations TO xm_staff;
GRANT INSERT(revoked_by) ON TABLE public.approval_revocations TO xm_platform;


--
-- Name: TABLE approval_subjects; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.approval_subjects TO xm_backup;
GRANT SELECT ON TABLE public.approval_subjects TO xm_api;
GRANT SELECT ON TABLE public.approval_subjects TO xm_staff;
GRANT SELECT ON TABLE public.approval_subjects TO xm_worker;
GRANT SELECT ON TABLE public.approval_subjects TO xm_platform;
GRANT SELECT ON TABLE public.approval_subjects TO xm_auditor;


--
-- Name: TABLE audit_checkpoint; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_checkpoint TO xm_backup;
GRANT SELECT ON TABLE public.audit_checkpoint TO xm_api;
GRANT SELECT ON TABLE public.audit_checkpoint TO xm_staff;
GRANT SELECT ON TABLE public.audit_checkpoint TO xm_worker;
GRANT SELECT ON TABLE public.audit_checkpoint TO xm_platform;
GRANT SELECT ON TABLE public.audit_checkpoint TO xm_auditor;


--
-- Name: COLUMN audit_checkpoint.size; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(size) ON TABLE public.audit_checkpoint TO xm_worker;


--
-- Name: COLUMN audit_checkpoint.root; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(root) ON TABLE public.audit_checkpoint TO xm_worker;


--
-- Name: COLUMN audit_checkpoint.epoch; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(epoch) ON TABLE public.audit_checkpoint TO xm_worker;


--
-- Name: COLUMN audit_checkpoint.note; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(note) ON TABLE public.audit_checkpoint TO xm_worker;


--
-- Name: TABLE audit_cosignature; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_cosignature TO xm_backup;
GRANT SELECT ON TABLE public.audit_cosignature TO xm_api;
GRANT SELECT ON TABLE public.audit_cosignature TO xm_staff;
GRANT SELECT ON TABLE public.audit_cosignature TO xm_worker;
GRANT SELECT ON TABLE public.audit_cosignature TO xm_platform;
GRANT SELECT ON TABLE public.audit_cosignature TO xm_auditor;


--
-- Name: COLUMN audit_cosignature.holder; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(holder) ON TABLE public.audit_cosignature TO xm_worker;


--
-- Name: COLUMN audit_cosignature.size; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(size) ON TABLE public.audit_cosignature TO xm_worker;


--
-- Name: COLUMN audit_cosignature.line; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(line) ON TABLE public.audit_cosignature TO xm_worker;


--
-- Name: COLUMN audit_cosignature.cosigned_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(cosigned_at) ON TABLE public.audit_cosignature TO xm_worker;


--
-- Name: SEQUENCE audit_event_seq_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.audit_event_seq_seq TO xm_backup;


--
-- Name: TABLE audit_events_shown; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_events_shown TO xm_backup;
GRANT SELECT ON TABLE public.audit_events_shown TO xm_api;


--
-- Name: TABLE audit_holder; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_holder TO xm_backup;
GRANT SELECT ON TABLE public.audit_holder TO xm_api;
GRANT SELECT ON TABLE public.audit_holder TO xm_staff;
GRANT SELECT ON TABLE public.audit_holder TO xm_worker;
GRANT SELECT ON TABLE public.audit_holder TO xm_platform;
GRANT SELECT ON TABLE public.audit_holder TO xm_auditor;


--
-- Name: COLUMN audit_holder.name; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(name) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.size; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(size) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.published_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(published_at) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.next_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(next_at) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.tries; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(tries) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.failing_since; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(failing_since) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.last_error; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(last_error) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: COLUMN audit_holder.left_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(left_at) ON TABLE public.audit_holder TO xm_worker;


--
-- Name: TABLE audit_log; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_log TO xm_backup;
GRANT SELECT ON TABLE public.audit_log TO xm_api;
GRANT SELECT ON TABLE public.audit_log TO xm_staff;
GRANT SELECT ON TABLE public.audit_log TO xm_worker;
GRANT SELECT ON TABLE public.audit_log TO xm_platform;
GRANT SELECT ON TABLE public.audit_log TO xm_auditor;


--
-- Name: TABLE audit_seal; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_seal TO xm_backup;
GRANT SELECT ON TABLE public.audit_seal TO xm_api;
GRANT SELECT ON TABLE public.audit_seal TO xm_staff;
GRANT SELECT ON TABLE public.audit_seal TO xm_worker;
GRANT SELECT ON TABLE public.audit_seal TO xm_platform;
GRANT SELECT ON TABLE public.audit_seal TO xm_auditor;


--
-- Name: COLUMN audit_seal.size; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(size) ON TABLE public.audit_seal TO xm_worker;


--
-- Name: COLUMN audit_seal.sealed_epoch; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(sealed_epoch) ON TABLE public.audit_seal TO xm_worker;


--
-- Name: COLUMN audit_seal.xid; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(xid) ON TABLE public.audit_seal TO xm_worker;


--
-- Name: COLUMN audit_seal.seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(seq) ON TABLE public.audit_seal TO xm_worker;


--
-- Name: COLUMN audit_seal.truth_sequence; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(truth_sequence) ON TABLE public.audit_seal TO xm_worker;


--
-- Name: TABLE audit_tile; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.audit_tile TO xm_backup;
GRANT SELECT ON TABLE public.audit_tile TO xm_api;
GRANT SELECT ON TABLE public.audit_tile TO xm_staff;
GRANT SELECT ON TABLE public.audit_tile TO xm_worker;
GRANT SELECT ON TABLE public.audit_tile TO xm_platform;
GRANT SELECT ON TABLE public.audit_tile TO xm_auditor;


--
-- Name: COLUMN audit_tile.level; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(level) ON TABLE public.audit_tile TO xm_worker;


--
-- Name: COLUMN audit_tile."position"; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT("position") ON TABLE public.audit_tile TO xm_worker;


--
-- Name: COLUMN audit_tile.hashes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(hashes),UPDATE(hashes) ON TABLE public.audit_tile TO xm_worker;


--
-- Name: COLUMN audit_tile.epoch; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(epoch) ON TABLE public.audit_tile TO xm_worker;


--
-- Name: COLUMN audit_tile.xid; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(xid) ON TABLE public.audit_tile TO xm_worker;


--
-- Name: COLUMN audit_tile.seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(seq) ON TABLE public.audit_tile TO xm_worker;


--
-- Name: TABLE auth_group; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.auth_group TO xm_backup;


--
-- Name: SEQUENCE auth_group_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.auth_group_id_seq TO xm_backup;


--
-- Name: TABLE auth_group_permissions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.auth_group_permissions TO xm_backup;


--
-- Name: SEQUENCE auth_group_permissions_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.auth_group_permissions_id_seq TO xm_backup;


--
-- Name: TABLE auth_permission; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.auth_permission TO xm_backup;


--
-- Name: SEQUENCE auth_permission_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.auth_permission_id_seq TO xm_backup;


--
-- Name: TABLE axes_accessattempt; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.axes_accessattempt TO xm_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.axes_accessattempt TO xm_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.axes_accessattempt TO xm_platform;


--
-- Name: SEQUENCE axes_accessattempt_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.axes_accessattempt_id_seq TO xm_backup;


--
-- Name: TABLE axes_accessfailurelog; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.axes_accessfailurelog TO xm_backup;


--
-- Name: SEQUENCE axes_accessfailurelog_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.axes_accessfailurelog_id_seq TO xm_backup;


--
-- Name: TABLE axes_accesslog; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.axes_accesslog TO xm_backup;


--
-- Name: SEQUENCE axes_accesslog_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.axes_accesslog_id_seq TO xm_backup;


--
-- Name: TABLE blobs; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.blobs TO xm_backup;
GRANT SELECT ON TABLE public.blobs TO xm_api;
GRANT SELECT ON TABLE public.blobs TO xm_staff;
GRANT SELECT ON TABLE public.blobs TO xm_worker;
GRANT SELECT ON TABLE public.blobs TO xm_platform;
GRANT SELECT ON TABLE public.blobs TO xm_auditor;


--
-- Name: COLUMN blobs.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.blobs TO xm_api;
GRANT INSERT(digest) ON TABLE public.blobs TO xm_staff;
GRANT INSERT(digest) ON TABLE public.blobs TO xm_worker;
GRANT INSERT(digest) ON TABLE public.blobs TO xm_platform;


--
-- Name: COLUMN blobs.size_bytes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(size_bytes) ON TABLE public.blobs TO xm_api;
GRANT INSERT(size_bytes) ON TABLE public.blobs TO xm_staff;
GRANT INSERT(size_bytes) ON TABLE public.blobs TO xm_worker;
GRANT INSERT(size_bytes) ON TABLE public.blobs TO xm_platform;


--
-- Name: COLUMN blobs.encoding; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(encoding) ON TABLE public.blobs TO xm_api;
GRANT INSERT(encoding) ON TABLE public.blobs TO xm_staff;
GRANT INSERT(encoding) ON TABLE public.blobs TO xm_worker;
GRANT INSERT(encoding) ON TABLE public.blobs TO xm_platform;


--
-- Name: COLUMN blobs.body; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(body) ON TABLE public.blobs TO xm_api;
GRANT INSERT(body) ON TABLE public.blobs TO xm_staff;
GRANT INSERT(body) ON TABLE public.blobs TO xm_worker;
GRANT INSERT(body) ON TABLE public.blobs TO xm_platform;


--
-- Name: COLUMN blobs.quarantined_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(quarantined_at) ON TABLE public.blobs TO xm_api;
GRANT UPDATE(quarantined_at) ON TABLE public.blobs TO xm_staff;
GRANT UPDATE(quarantined_at) ON TABLE public.blobs TO xm_worker;
GRANT UPDATE(quarantined_at) ON TABLE public.blobs TO xm_platform;


--
-- Name: TABLE candidate_events; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.candidate_events TO xm_backup;
GRANT SELECT ON TABLE public.candidate_events TO xm_api;
GRANT SELECT ON TABLE public.candidate_events TO xm_staff;
GRANT SELECT ON TABLE public.candidate_events TO xm_worker;
GRANT SELECT ON TABLE public.candidate_events TO xm_platform;
GRANT SELECT ON TABLE public.candidate_events TO xm_auditor;


--
-- Name: COLUMN candidate_events.canonical; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(canonical) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(canonical) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(canonical) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(canonical) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: COLUMN candidate_events.producer; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(producer) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(producer) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(producer) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(producer) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: COLUMN candidate_events.schema_version; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(schema_version) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(schema_version) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(schema_version) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(schema_version) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: COLUMN candidate_events.safety_assertions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(safety_assertions) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(safety_assertions) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(safety_assertions) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(safety_assertions) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: COLUMN candidate_events.proposed_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposed_by) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(proposed_by) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(proposed_by) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(proposed_by) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: COLUMN candidate_events.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.candidate_events TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.candidate_events TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.candidate_events TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.candidate_events TO xm_platform;


--
-- Name: TABLE django_admin_log; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.django_admin_log TO xm_backup;
GRANT SELECT ON TABLE public.django_admin_log TO xm_staff;
GRANT SELECT ON TABLE public.django_admin_log TO xm_platform;


--
-- Name: SEQUENCE django_admin_log_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.django_admin_log_id_seq TO xm_backup;


--
-- Name: TABLE django_content_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.django_content_type TO xm_backup;
GRANT SELECT ON TABLE public.django_content_type TO xm_staff;
GRANT SELECT ON TABLE public.django_content_type TO xm_platform;


--
-- Name: SEQUENCE django_content_type_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.django_content_type_id_seq TO xm_backup;


--
-- Name: TABLE django_migrations; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.django_migrations TO xm_api;
GRANT SELECT ON TABLE public.django_migrations TO xm_staff;
GRANT SELECT ON TABLE public.django_migrations TO xm_worker;
GRANT SELECT ON TABLE public.django_migrations TO xm_platform;
GRANT SELECT ON TABLE public.django_migrations TO xm_auditor;
GRANT SELECT ON TABLE public.django_migrations TO xm_backup;
GRANT SELECT ON TABLE public.django_migrations TO PUBLIC;


--
-- Name: SEQUENCE django_migrations_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.django_migrations_id_seq TO xm_backup;


--
-- Name: TABLE django_session; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.django_session TO xm_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.django_session TO xm_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.django_session TO xm_platform;


--
-- Name: TABLE event_retractions; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.event_retractions TO xm_backup;
GRANT SELECT ON TABLE public.event_retractions TO xm_api;
GRANT SELECT ON TABLE public.event_retractions TO xm_staff;
GRANT SELECT ON TABLE public.event_retractions TO xm_worker;
GRANT SELECT ON TABLE public.event_retractions TO xm_platform;
GRANT SELECT ON TABLE public.event_retractions TO xm_auditor;


--
-- Name: COLUMN event_retractions.reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reason) ON TABLE public.event_retractions TO xm_staff;
GRANT INSERT(reason) ON TABLE public.event_retractions TO xm_platform;


--
-- Name: COLUMN event_retractions.event_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(event_id) ON TABLE public.event_retractions TO xm_staff;
GRANT INSERT(event_id) ON TABLE public.event_retractions TO xm_platform;


--
-- Name: COLUMN event_retractions.retracted_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(retracted_by) ON TABLE public.event_retractions TO xm_staff;
GRANT INSERT(retracted_by) ON TABLE public.event_retractions TO xm_platform;


--
-- Name: TABLE event_snapshots; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.event_snapshots TO xm_backup;
GRANT SELECT ON TABLE public.event_snapshots TO xm_api;
GRANT SELECT ON TABLE public.event_snapshots TO xm_staff;
GRANT SELECT ON TABLE public.event_snapshots TO xm_worker;
GRANT SELECT ON TABLE public.event_snapshots TO xm_platform;
GRANT SELECT ON TABLE public.event_snapshots TO xm_auditor;


--
-- Name: TABLE events; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.events TO xm_backup;
GRANT SELECT ON TABLE public.events TO xm_api;
GRANT SELECT ON TABLE public.events TO xm_staff;
GRANT SELECT ON TABLE public.events TO xm_worker;
GRANT SELECT ON TABLE public.events TO xm_platform;
GRANT SELECT ON TABLE public.events TO xm_auditor;


--
-- Name: COLUMN events.human_approval_audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(human_approval_audit_id) ON TABLE public.events TO xm_staff;
GRANT INSERT(human_approval_audit_id) ON TABLE public.events TO xm_platform;


--
-- Name: COLUMN events.candidate_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(candidate_id) ON TABLE public.events TO xm_api;
GRANT INSERT(candidate_id) ON TABLE public.events TO xm_worker;
GRANT INSERT(candidate_id) ON TABLE public.events TO xm_staff;
GRANT INSERT(candidate_id) ON TABLE public.events TO xm_platform;


--
-- Name: TABLE idempotency_keys; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.idempotency_keys TO xm_backup;
GRANT SELECT ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.method; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(method) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.path; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(path) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.key; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(key) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.payload_digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload_digest) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.status_code; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(status_code) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.headers; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(headers) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.body; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(body) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.principal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(principal_id) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: COLUMN idempotency_keys.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.idempotency_keys TO xm_api;


--
-- Name: TABLE job_events; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.job_events TO xm_backup;
GRANT SELECT ON TABLE public.job_events TO xm_api;
GRANT SELECT ON TABLE public.job_events TO xm_staff;
GRANT SELECT ON TABLE public.job_events TO xm_worker;
GRANT SELECT ON TABLE public.job_events TO xm_platform;
GRANT SELECT ON TABLE public.job_events TO xm_auditor;


--
-- Name: COLUMN job_events.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.job_events TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.job_events TO xm_platform;


--
-- Name: COLUMN job_events.job_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(job_id) ON TABLE public.job_events TO xm_api;
GRANT INSERT(job_id) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(job_id) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(job_id) ON TABLE public.job_events TO xm_platform;


--
-- Name: COLUMN job_events.owner_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(owner_id) ON TABLE public.job_events TO xm_api;
GRANT INSERT(owner_id) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(owner_id) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(owner_id) ON TABLE public.job_events TO xm_platform;


--
-- Name: COLUMN job_events.trace_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(trace_id) ON TABLE public.job_events TO xm_api;
GRANT INSERT(trace_id) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(trace_id) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(trace_id) ON TABLE public.job_events TO xm_platform;


--
-- Name: COLUMN job_events.event_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(event_type) ON TABLE public.job_events TO xm_api;
GRANT INSERT(event_type) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(event_type) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(event_type) ON TABLE public.job_events TO xm_platform;


--
-- Name: COLUMN job_events.payload; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload) ON TABLE public.job_events TO xm_api;
GRANT INSERT(payload) ON TABLE public.job_events TO xm_staff;
GRANT INSERT(payload) ON TABLE public.job_events TO xm_worker;
GRANT INSERT(payload) ON TABLE public.job_events TO xm_platform;


--
-- Name: TABLE job_rates; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.job_rates TO xm_backup;
GRANT SELECT ON TABLE public.job_rates TO xm_worker;
GRANT SELECT ON TABLE public.job_rates TO xm_auditor;


--
-- Name: COLUMN job_rates.job_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(job_type) ON TABLE public.job_rates TO xm_worker;


--
-- Name: COLUMN job_rates.begins_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(begins_at),UPDATE(begins_at) ON TABLE public.job_rates TO xm_worker;


--
-- Name: TABLE jobs; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.jobs TO xm_backup;
GRANT SELECT ON TABLE public.jobs TO xm_api;
GRANT SELECT ON TABLE public.jobs TO xm_staff;
GRANT SELECT ON TABLE public.jobs TO xm_worker;
GRANT SELECT ON TABLE public.jobs TO xm_platform;
GRANT SELECT ON TABLE public.jobs TO xm_auditor;


--
-- Name: COLUMN jobs.idempotency_key; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(idempotency_key) ON TABLE public.jobs TO xm_api;
GRANT INSERT(idempotency_key) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(idempotency_key) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(idempotency_key) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.job_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(job_type) ON TABLE public.jobs TO xm_api;
GRANT INSERT(job_type) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(job_type) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(job_type) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.payload; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload) ON TABLE public.jobs TO xm_api;
GRANT INSERT(payload) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(payload) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(payload),UPDATE(payload) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.max_attempts; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(max_attempts) ON TABLE public.jobs TO xm_api;
GRANT INSERT(max_attempts) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(max_attempts) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(max_attempts) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.status; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(status) ON TABLE public.jobs TO xm_api;
GRANT UPDATE(status) ON TABLE public.jobs TO xm_staff;
GRANT UPDATE(status) ON TABLE public.jobs TO xm_platform;
GRANT UPDATE(status) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.attempts; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(attempts) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.next_attempt_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(next_attempt_at) ON TABLE public.jobs TO xm_api;
GRANT INSERT(next_attempt_at) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(next_attempt_at) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(next_attempt_at),UPDATE(next_attempt_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.result; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(result) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.error_message; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(error_message) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.completed_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(completed_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.owner_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(owner_id) ON TABLE public.jobs TO xm_api;
GRANT INSERT(owner_id) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(owner_id) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(owner_id) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.jobs TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(tenant_id) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.cancel_requested_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(cancel_requested_at) ON TABLE public.jobs TO xm_api;
GRANT UPDATE(cancel_requested_at) ON TABLE public.jobs TO xm_staff;
GRANT UPDATE(cancel_requested_at) ON TABLE public.jobs TO xm_platform;
GRANT UPDATE(cancel_requested_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.concurrency_key; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(concurrency_key) ON TABLE public.jobs TO xm_api;
GRANT INSERT(concurrency_key) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(concurrency_key) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(concurrency_key) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.lane; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(lane) ON TABLE public.jobs TO xm_api;
GRANT INSERT(lane) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(lane) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(lane) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.last_error_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(last_error_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.lease_until; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(lease_until) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.locked_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(locked_by) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.payload_digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload_digest) ON TABLE public.jobs TO xm_api;
GRANT INSERT(payload_digest) ON TABLE public.jobs TO xm_staff;
GRANT INSERT(payload_digest) ON TABLE public.jobs TO xm_platform;
GRANT INSERT(payload_digest) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.progress; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(progress) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.requested_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(requested_by) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.stage; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(stage) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.started_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(started_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.timeout_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(timeout_at) ON TABLE public.jobs TO xm_worker;


--
-- Name: COLUMN jobs.trace_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(trace_id) ON TABLE public.jobs TO xm_worker;


--
-- Name: TABLE market_amendments; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_amendments TO xm_backup;
GRANT SELECT ON TABLE public.market_amendments TO xm_api;
GRANT SELECT ON TABLE public.market_amendments TO xm_staff;
GRANT SELECT ON TABLE public.market_amendments TO xm_worker;
GRANT SELECT ON TABLE public.market_amendments TO xm_platform;
GRANT SELECT ON TABLE public.market_amendments TO xm_auditor;


--
-- Name: COLUMN market_amendments.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.market_amendments TO xm_staff;
GRANT INSERT(digest) ON TABLE public.market_amendments TO xm_platform;


--
-- Name: COLUMN market_amendments.human_approval_audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(human_approval_audit_id) ON TABLE public.market_amendments TO xm_staff;
GRANT INSERT(human_approval_audit_id) ON TABLE public.market_amendments TO xm_platform;


--
-- Name: COLUMN market_amendments.proposal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposal_id) ON TABLE public.market_amendments TO xm_staff;
GRANT INSERT(proposal_id) ON TABLE public.market_amendments TO xm_platform;


--
-- Name: TABLE market_clarifications; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_clarifications TO xm_backup;
GRANT SELECT ON TABLE public.market_clarifications TO xm_api;
GRANT SELECT ON TABLE public.market_clarifications TO xm_staff;
GRANT SELECT ON TABLE public.market_clarifications TO xm_worker;
GRANT SELECT ON TABLE public.market_clarifications TO xm_platform;
GRANT SELECT ON TABLE public.market_clarifications TO xm_auditor;


--
-- Name: COLUMN market_clarifications.text; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(text) ON TABLE public.market_clarifications TO xm_staff;
GRANT INSERT(text) ON TABLE public.market_clarifications TO xm_platform;


--
-- Name: COLUMN market_clarifications.known_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(known_at) ON TABLE public.market_clarifications TO xm_staff;
GRANT INSERT(known_at) ON TABLE public.market_clarifications TO xm_platform;


--
-- Name: COLUMN market_clarifications.market_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(market_id) ON TABLE public.market_clarifications TO xm_staff;
GRANT INSERT(market_id) ON TABLE public.market_clarifications TO xm_platform;


--
-- Name: COLUMN market_clarifications.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.market_clarifications TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.market_clarifications TO xm_platform;


--
-- Name: COLUMN market_clarifications.written_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(written_by) ON TABLE public.market_clarifications TO xm_staff;
GRANT INSERT(written_by) ON TABLE public.market_clarifications TO xm_platform;


--
-- Name: TABLE market_disputes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_disputes TO xm_backup;
GRANT SELECT ON TABLE public.market_disputes TO xm_api;
GRANT SELECT ON TABLE public.market_disputes TO xm_staff;
GRANT SELECT ON TABLE public.market_disputes TO xm_worker;
GRANT SELECT ON TABLE public.market_disputes TO xm_platform;
GRANT SELECT ON TABLE public.market_disputes TO xm_auditor;


--
-- Name: COLUMN market_disputes.reason; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(reason) ON TABLE public.market_disputes TO xm_api;
GRANT INSERT(reason) ON TABLE public.market_disputes TO xm_staff;
GRANT INSERT(reason) ON TABLE public.market_disputes TO xm_platform;


--
-- Name: COLUMN market_disputes.snapshot_ids; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(snapshot_ids) ON TABLE public.market_disputes TO xm_api;
GRANT INSERT(snapshot_ids) ON TABLE public.market_disputes TO xm_staff;
GRANT INSERT(snapshot_ids) ON TABLE public.market_disputes TO xm_platform;


--
-- Name: COLUMN market_disputes.market_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(market_id) ON TABLE public.market_disputes TO xm_api;
GRANT INSERT(market_id) ON TABLE public.market_disputes TO xm_staff;
GRANT INSERT(market_id) ON TABLE public.market_disputes TO xm_platform;


--
-- Name: COLUMN market_disputes.raised_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(raised_by) ON TABLE public.market_disputes TO xm_api;
GRANT INSERT(raised_by) ON TABLE public.market_disputes TO xm_staff;
GRANT INSERT(raised_by) ON TABLE public.market_disputes TO xm_platform;


--
-- Name: COLUMN market_disputes.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.market_disputes TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.market_disputes TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.market_disputes TO xm_platform;


--
-- Name: TABLE market_proposals; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_proposals TO xm_backup;
GRANT SELECT ON TABLE public.market_proposals TO xm_api;
GRANT SELECT ON TABLE public.market_proposals TO xm_staff;
GRANT SELECT ON TABLE public.market_proposals TO xm_worker;
GRANT SELECT ON TABLE public.market_proposals TO xm_platform;
GRANT SELECT ON TABLE public.market_proposals TO xm_auditor;


--
-- Name: COLUMN market_proposals.symbol; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(symbol) ON TABLE public.market_proposals TO xm_api;
GRANT INSERT(symbol) ON TABLE public.market_proposals TO xm_staff;
GRANT INSERT(symbol) ON TABLE public.market_proposals TO xm_worker;
GRANT INSERT(symbol) ON TABLE public.market_proposals TO xm_platform;


--
-- Name: COLUMN market_proposals.proposed_by; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposed_by) ON TABLE public.market_proposals TO xm_api;
GRANT INSERT(proposed_by) ON TABLE public.market_proposals TO xm_staff;
GRANT INSERT(proposed_by) ON TABLE public.market_proposals TO xm_worker;
GRANT INSERT(proposed_by) ON TABLE public.market_proposals TO xm_platform;


--
-- Name: COLUMN market_proposals.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.market_proposals TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.market_proposals TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.market_proposals TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.market_proposals TO xm_platform;


--
-- Name: COLUMN market_proposals.kind; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(kind) ON TABLE public.market_proposals TO xm_api;
GRANT INSERT(kind) ON TABLE public.market_proposals TO xm_staff;
GRANT INSERT(kind) ON TABLE public.market_proposals TO xm_worker;
GRANT INSERT(kind) ON TABLE public.market_proposals TO xm_platform;


--
-- Name: COLUMN market_proposals.market_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(market_id) ON TABLE public.market_proposals TO xm_api;
GRANT INSERT(market_id) ON TABLE public.market_proposals TO xm_staff;
GRANT INSERT(market_id) ON TABLE public.market_proposals TO xm_worker;
GRANT INSERT(market_id) ON TABLE public.market_proposals TO xm_platform;


--
-- Name: TABLE market_reopenings; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.market_reopenings TO xm_backup;
GRANT SELECT ON TABLE public.market_reopenings TO xm_api;
GRANT SELECT ON TABLE public.market_reopenings TO xm_staff;
GRANT SELECT ON TABLE public.market_reopenings TO xm_worker;
GRANT SELECT ON TABLE public.market_reopenings TO xm_platform;
GRANT SELECT ON TABLE public.market_reopenings TO xm_auditor;


--
-- Name: COLUMN market_reopenings.digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(digest) ON TABLE public.market_reopenings TO xm_staff;
GRANT INSERT(digest) ON TABLE public.market_reopenings TO xm_platform;


--
-- Name: COLUMN market_reopenings.human_approval_audit_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(human_approval_audit_id) ON TABLE public.market_reopenings TO xm_staff;
GRANT INSERT(human_approval_audit_id) ON TABLE public.market_reopenings TO xm_platform;


--
-- Name: COLUMN market_reopenings.proposal_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(proposal_id) ON TABLE public.market_reopenings TO xm_staff;
GRANT INSERT(proposal_id) ON TABLE public.market_reopenings TO xm_platform;


--
-- Name: TABLE markets_shown; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.markets_shown TO xm_backup;
GRANT SELECT ON TABLE public.markets_shown TO xm_api;


--
-- Name: TABLE otp_static_staticdevice; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.otp_static_staticdevice TO xm_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_static_staticdevice TO xm_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_static_staticdevice TO xm_platform;


--
-- Name: SEQUENCE otp_static_staticdevice_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.otp_static_staticdevice_id_seq TO xm_backup;


--
-- Name: TABLE otp_static_statictoken; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.otp_static_statictoken TO xm_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.otp_static_statictoken TO xm_staff;
GRANT SELECT,INSERT,DELETE ON TABLE public.otp_static_statictoken TO xm_platform;


--
-- Name: SEQUENCE otp_static_statictoken_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.otp_static_statictoken_id_seq TO xm_backup;


--
-- Name: TABLE otp_totp_totpdevice; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.otp_totp_totpdevice TO xm_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_totp_totpdevice TO xm_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_totp_totpdevice TO xm_platform;


--
-- Name: SEQUENCE otp_totp_totpdevice_id_seq; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON SEQUENCE public.otp_totp_totpdevice_id_seq TO xm_backup;


--
-- Name: TABLE outbox_events; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.outbox_events TO xm_backup;
GRANT SELECT ON TABLE public.outbox_events TO xm_staff;
GRANT SELECT ON TABLE public.outbox_events TO xm_worker;
GRANT SELECT ON TABLE public.outbox_events TO xm_platform;
GRANT SELECT ON TABLE public.outbox_events TO xm_auditor;
GRANT SELECT ON TABLE public.outbox_events TO xm_api;


--
-- Name: COLUMN outbox_events.event_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(event_type) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(event_type) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(event_type) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(event_type) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: COLUMN outbox_events.correlation_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(correlation_id) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(correlation_id) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(correlation_id) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(correlation_id) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: COLUMN outbox_events.entity_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(entity_type) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(entity_type) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(entity_type) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(entity_type) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: COLUMN outbox_events.entity_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(entity_id) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(entity_id) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(entity_id) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(entity_id) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: COLUMN outbox_events.payload; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(payload) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(payload) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(payload) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(payload) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: COLUMN outbox_events.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.outbox_events TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.outbox_events TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.outbox_events TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.outbox_events TO xm_platform;


--
-- Name: TABLE rate_buckets; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.rate_buckets TO xm_backup;
GRANT SELECT ON TABLE public.rate_buckets TO xm_staff;
GRANT SELECT ON TABLE public.rate_buckets TO xm_platform;
GRANT SELECT ON TABLE public.rate_buckets TO xm_auditor;


--
-- Name: TABLE reauthentications; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.reauthentications TO xm_backup;
GRANT SELECT ON TABLE public.reauthentications TO xm_staff;
GRANT SELECT ON TABLE public.reauthentications TO xm_platform;
GRANT SELECT ON TABLE public.reauthentications TO xm_auditor;


--
-- Name: COLUMN reauthentications.method; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(method) ON TABLE public.reauthentications TO xm_staff;
GRANT INSERT(method) ON TABLE public.reauthentications TO xm_platform;


--
-- Name: COLUMN reauthentications.person_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(person_id) ON TABLE public.reauthentications TO xm_staff;
GRANT INSERT(person_id) ON TABLE public.reauthentications TO xm_platform;


--
-- Name: COLUMN reauthentications.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.reauthentications TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.reauthentications TO xm_platform;


--
-- Name: COLUMN reauthentications.list_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(list_id) ON TABLE public.reauthentications TO xm_staff;
GRANT INSERT(list_id) ON TABLE public.reauthentications TO xm_platform;


--
-- Name: TABLE request_nonces; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.request_nonces TO xm_backup;


--
-- Name: TABLE signing_keys; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.signing_keys TO xm_backup;


--
-- Name: COLUMN signing_keys.id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(id) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(id) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(id) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.key_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(key_id),INSERT(key_id) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(key_id),INSERT(key_id) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(key_id) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.algorithm; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(algorithm),INSERT(algorithm) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(algorithm),INSERT(algorithm) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(algorithm) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.secret; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(secret) ON TABLE public.signing_keys TO xm_staff;
GRANT INSERT(secret) ON TABLE public.signing_keys TO xm_platform;


--
-- Name: COLUMN signing_keys.public_key; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(public_key),INSERT(public_key) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(public_key),INSERT(public_key) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(public_key) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.label; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(label),INSERT(label) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(label),INSERT(label) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(label) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.scopes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(scopes),INSERT(scopes) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(scopes),INSERT(scopes) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(scopes) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.created_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(created_at) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(created_at) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(created_at) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.expires_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(expires_at) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.revoked_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(revoked_at) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.last_used_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(last_used_at) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(last_used_at) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(last_used_at) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(tenant_id) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: COLUMN signing_keys.user_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.signing_keys TO xm_staff;
GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.signing_keys TO xm_platform;
GRANT SELECT(user_id) ON TABLE public.signing_keys TO xm_auditor;


--
-- Name: TABLE snapshots; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.snapshots TO xm_backup;
GRANT SELECT ON TABLE public.snapshots TO xm_api;
GRANT SELECT ON TABLE public.snapshots TO xm_staff;
GRANT SELECT ON TABLE public.snapshots TO xm_worker;
GRANT SELECT ON TABLE public.snapshots TO xm_platform;
GRANT SELECT ON TABLE public.snapshots TO xm_auditor;


--
-- Name: COLUMN snapshots.snapshot_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(snapshot_id) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(snapshot_id) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(snapshot_id) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(snapshot_id) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.url; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(url) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(url) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(url) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(url) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.fetched_at; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(fetched_at) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(fetched_at) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(fetched_at) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(fetched_at) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.object_store_path; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(object_store_path) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(object_store_path) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(object_store_path) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(object_store_path) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.content_digest; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(content_digest) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(content_digest) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(content_digest) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(content_digest) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.content_type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(content_type) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(content_type) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(content_type) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(content_type) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.size_bytes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(size_bytes) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(size_bytes) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(size_bytes) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(size_bytes) ON TABLE public.snapshots TO xm_platform;


--
-- Name: COLUMN snapshots.tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(tenant_id) ON TABLE public.snapshots TO xm_api;
GRANT INSERT(tenant_id) ON TABLE public.snapshots TO xm_staff;
GRANT INSERT(tenant_id) ON TABLE public.snapshots TO xm_worker;
GRANT INSERT(tenant_id) ON TABLE public.snapshots TO xm_platform;


--
-- Name: TABLE switches; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.switches TO xm_backup;
GRANT SELECT ON TABLE public.switches TO xm_api;
GRANT SELECT ON TABLE public.switches TO xm_staff;
GRANT SELECT ON TABLE public.switches TO xm_worker;
GRANT SELECT ON TABLE public.switches TO xm_platform;
GRANT SELECT ON TABLE public.switches TO xm_auditor;


--
-- Name: COLUMN switches.name; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(name) ON TABLE public.switches TO xm_staff;
GRANT INSERT(name) ON TABLE public.switches TO xm_platform;


--
-- Name: COLUMN switches.value; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(value),UPDATE(value) ON TABLE public.switches TO xm_staff;
GRANT INSERT(value),UPDATE(value) ON TABLE public.switches TO xm_platform;


--
-- Name: COLUMN switches.for_tenant_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(for_tenant_id) ON TABLE public.switches TO xm_staff;
GRANT INSERT(for_tenant_id) ON TABLE public.switches TO xm_platform;


--
-- Name: TABLE tasks; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.tasks TO xm_backup;
GRANT SELECT ON TABLE public.tasks TO xm_api;
GRANT SELECT ON TABLE public.tasks TO xm_staff;
GRANT SELECT ON TABLE public.tasks TO xm_worker;
GRANT SELECT ON TABLE public.tasks TO xm_platform;
GRANT SELECT ON TABLE public.tasks TO xm_auditor;


--
-- Name: TABLE tenants; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.tenants TO xm_backup;
GRANT SELECT ON TABLE public.tenants TO xm_api;
GRANT SELECT ON TABLE public.tenants TO xm_staff;
GRANT SELECT ON TABLE public.tenants TO xm_worker;
GRANT SELECT ON TABLE public.tenants TO xm_platform;
GRANT SELECT ON TABLE public.tenants TO xm_auditor;


--
-- Name: COLUMN tenants.name; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(name),UPDATE(name) ON TABLE public.tenants TO xm_platform;


--
-- Name: COLUMN tenants.type; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(type) ON TABLE public.tenants TO xm_platform;


--
-- Name: COLUMN tenants.status; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT UPDATE(status) ON TABLE public.tenants TO xm_platform;


--
-- Name: COLUMN tenants.settings; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(settings),UPDATE(settings) ON TABLE public.tenants TO xm_platform;


--
-- Name: TABLE truth_chain_head; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.truth_chain_head TO xm_backup;
GRANT SELECT ON TABLE public.truth_chain_head TO xm_api;
GRANT SELECT ON TABLE public.truth_chain_head TO xm_staff;
GRANT SELECT ON TABLE public.truth_chain_head TO xm_worker;
GRANT SELECT ON TABLE public.truth_chain_head TO xm_platform;
GRANT SELECT ON TABLE public.truth_chain_head TO xm_auditor;


--
-- Name: TABLE user_entitlements; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.user_entitlements TO xm_backup;
GRANT SELECT,DELETE ON TABLE public.user_entitlements TO xm_staff;
GRANT SELECT,DELETE ON TABLE public.user_entitlements TO xm_platform;
GRANT SELECT ON TABLE public.user_entitlements TO xm_auditor;
GRANT SELECT ON TABLE public.user_entitlements TO xm_api;
GRANT SELECT ON TABLE public.user_entitlements TO xm_worker;


--
-- Name: COLUMN user_entitlements.asset_classes; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(asset_classes),UPDATE(asset_classes) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(asset_classes),UPDATE(asset_classes) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.instruments; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(instruments),UPDATE(instruments) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(instruments),UPDATE(instruments) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.venues; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(venues),UPDATE(venues) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(venues),UPDATE(venues) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.max_notional; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(max_notional),UPDATE(max_notional) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(max_notional),UPDATE(max_notional) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.rfq_rate_limit; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(rfq_rate_limit),UPDATE(rfq_rate_limit) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(rfq_rate_limit),UPDATE(rfq_rate_limit) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.order_rate_limit; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(order_rate_limit),UPDATE(order_rate_limit) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(order_rate_limit),UPDATE(order_rate_limit) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.max_open_orders; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(max_open_orders),UPDATE(max_open_orders) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(max_open_orders),UPDATE(max_open_orders) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: COLUMN user_entitlements.user_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(user_id) ON TABLE public.user_entitlements TO xm_staff;
GRANT INSERT(user_id) ON TABLE public.user_entitlements TO xm_platform;


--
-- Name: TABLE user_roles; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT SELECT ON TABLE public.user_roles TO xm_backup;
GRANT SELECT ON TABLE public.user_roles TO xm_api;
GRANT SELECT,DELETE ON TABLE public.user_roles TO xm_staff;
GRANT SELECT ON TABLE public.user_roles TO xm_worker;
GRANT SELECT,DELETE ON TABLE public.user_roles TO xm_platform;
GRANT SELECT ON TABLE public.user_roles TO xm_auditor;


--
-- Name: COLUMN user_roles.role; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(role) ON TABLE public.user_roles TO xm_staff;
GRANT INSERT(role) ON TABLE public.user_roles TO xm_platform;


--
-- Name: COLUMN user_roles.user_id; Type: ACL; Schema: public; Owner: xm_owner
--

GRANT INSERT(user_id) ON TABLE public.user_roles TO xm_staff;
GRANT INSERT(user_id) ON TABLE public.user_roles TO xm_platform;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: xm_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE xm_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO xm_backup;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: xm_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE xm_owner IN SCHEMA public GRANT SELECT ON TABLES TO xm_backup;


--
-- PostgreSQL database dump complete
--

\unrestrict xmarket

