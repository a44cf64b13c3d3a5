"""The floor: a queue written by hand for this one purpose, on bare psycopg.

It has a lease, attempts, a key that names a job once, and for each job that ends one event and one message,
in the statement that ends it. It has no unit, no role, no wall, no fence against a lost lease but the
worker's name, and no handler: whatever the engine does beyond this is what the figures say it costs.
"""

from __future__ import annotations

import os

import psycopg

from bench.peers import contest

TABLES = """
    CREATE TABLE jobs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id integer NOT NULL DEFAULT 1,
      job_type text NOT NULL,
      idempotency_key text NOT NULL,
      payload jsonb NOT NULL DEFAULT '{}',
      status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'retry', 'dlq')),
      attempts smallint NOT NULL DEFAULT 0,
      max_attempts smallint NOT NULL DEFAULT 5,
      next_attempt_at timestamptz NOT NULL DEFAULT now(),
      lease_until timestamptz,
      locked_by integer,
      created_at timestamptz NOT NULL DEFAULT now(),
      completed_at timestamptz,
      last_error text,
      UNIQUE (job_type, idempotency_key));
    CREATE INDEX ON jobs (next_attempt_at, id) WHERE status IN ('pending', 'retry');
    CREATE INDEX ON jobs (lease_until) WHERE status = 'processing';
    CREATE TABLE job_event (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      job_id bigint NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      kind text NOT NULL,
      actor integer);
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      channel text NOT NULL,
      payload jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      published_at timestamptz);
"""
ENQUEUE = (
    "INSERT INTO jobs (job_type, idempotency_key, payload) VALUES ('noop', %s, '{}') "
    "ON CONFLICT (job_type, idempotency_key) DO NOTHING RETURNING id, pg_notify('floor', 'default')"
)
BULK = (
    "INSERT INTO jobs (job_type, idempotency_key, payload) "
    "SELECT 'noop', key, payload::jsonb FROM unnest(%s::text[], %s::text[]) u (key, payload) "
    "ON CONFLICT DO NOTHING"
)
CLAIM = """
    WITH due AS (
      SELECT id FROM jobs WHERE status IN ('pending', 'retry') AND next_attempt_at <= now()
      ORDER BY next_attempt_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE jobs j SET status = 'processing', attempts = attempts + 1, lease_until = now() + interval '60 s',
                      locked_by = %s
    FROM due WHERE j.id = due.id RETURNING j.id, j.job_type, j.payload
"""
COMPLETE = """
    WITH ended AS (
      UPDATE jobs SET status = 'completed', completed_at = clock_timestamp(), lease_until = NULL
      WHERE id = %s AND status = 'processing' AND locked_by = %s RETURNING id),
    told AS (INSERT INTO job_event (job_id, kind, actor) SELECT id, 'completed', 1 FROM ended)
    INSERT INTO outbox (channel, payload) SELECT 'jobs', jsonb_build_object('job', id) FROM ended
"""


def connect() -> psycopg.Connection:
    """Every statement is a transaction, prepared after its first time."""
    connection = psycopg.connect(os.environ["PEER_DATABASE_URL"], autocommit=True)
    connection.prepare_threshold = 1
    return connection


def prepare() -> None:
    """Make the tables."""
    connect().execute(TABLES)


def enqueue(jobs: int) -> float:
    """Ask for one job after the other."""
    connection = connect()
    return contest.rate(lambda number: connection.execute(ENQUEUE, [f"one-{number}"]), jobs)


def bulk(jobs: int, at_once: int) -> float:
    """Ask for many at once."""
    connection = connect()

    def one(number: int) -> None:
        keys = [f"bulk-{number}-{n}" for n in range(at_once)]
        connection.execute(BULK, [keys, ["{}"] * at_once])

    return contest.rate(one, jobs // at_once, each=at_once, warm_up=1)


def work(at_once: int) -> None:
    """Do what there is, `at_once` to a claim; each job ends in a transaction of its own."""
    connection, me = connect(), os.getpid()
    contest.wait_for_the_start()
    while jobs := connection.execute(CLAIM, [at_once, me]).fetchall():
        for job_id, _, _ in jobs:
            connection.execute(COMPLETE, [job_id, me])


if __name__ == "__main__":
    contest.attend({"prepare": prepare, "enqueue": enqueue, "bulk": bulk, "fill": bulk, "work": work})
