-- Everything but what later steps add. Column order matters: dumps and other processes rely on it.
-- Statements tolerate what is there, because the reference records a step after committing it.
CREATE SEQUENCE IF NOT EXISTS op_id_sequence;
CREATE SEQUENCE IF NOT EXISTS sync_rules_id_sequence AS integer;

CREATE TABLE IF NOT EXISTS bucket_data (
  group_id integer NOT NULL,
  bucket_name text NOT NULL,
  op_id bigint NOT NULL,
  op text NOT NULL,
  source_table text,
  source_key bytea,
  table_name text,
  row_id text,
  checksum bigint NOT NULL,
  data text,
  target_op bigint,
  CONSTRAINT unique_id PRIMARY KEY (group_id, bucket_name, op_id)
);

CREATE TABLE IF NOT EXISTS bucket_parameters (
  id bigint NOT NULL DEFAULT nextval('op_id_sequence') CONSTRAINT bucket_parameters_pkey PRIMARY KEY,
  group_id integer NOT NULL,
  source_table text NOT NULL,
  source_key bytea NOT NULL,
  lookup bytea NOT NULL,
  bucket_parameters text NOT NULL
);
CREATE INDEX IF NOT EXISTS bucket_parameters_lookup_index
  ON bucket_parameters (group_id ASC, lookup ASC, id DESC);
CREATE INDEX IF NOT EXISTS bucket_parameters_source_index
  ON bucket_parameters (group_id, source_table, source_key);

CREATE TABLE IF NOT EXISTS current_data (
  group_id integer NOT NULL,
  source_table text NOT NULL,
  source_key bytea NOT NULL,
  buckets jsonb NOT NULL,
  data bytea NOT NULL,
  lookups bytea[] NOT NULL,
  CONSTRAINT unique_current_data_id PRIMARY KEY (group_id, source_table, source_key)
);

CREATE TABLE IF NOT EXISTS sync_rules (
  id integer NOT NULL CONSTRAINT sync_rules_pkey PRIMARY KEY,
  state text NOT NULL,
  snapshot_done boolean NOT NULL DEFAULT false,
  last_checkpoint bigint,
  last_checkpoint_lsn text,
  no_checkpoint_before text,
  slot_name text,
  last_checkpoint_ts timestamptz,
  last_keepalive_ts timestamptz,
  keepalive_op bigint,
  last_fatal_error text,
  content text NOT NULL
);

CREATE TABLE IF NOT EXISTS source_tables (
  id text NOT NULL CONSTRAINT source_tables_pkey PRIMARY KEY,
  group_id integer NOT NULL,
  connection_id integer NOT NULL,
  relation_id jsonb,
  schema_name text NOT NULL,
  table_name text NOT NULL,
  replica_id_columns jsonb,
  snapshot_done boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS source_table_lookup ON source_tables (group_id, table_name);

CREATE TABLE IF NOT EXISTS write_checkpoints (
  user_id text NOT NULL CONSTRAINT write_checkpoints_pkey PRIMARY KEY,
  lsns jsonb NOT NULL,
  write_checkpoint bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS custom_write_checkpoints (
  user_id text NOT NULL,
  write_checkpoint bigint NOT NULL,
  sync_rules_id integer NOT NULL,
  CONSTRAINT unique_user_sync PRIMARY KEY (user_id, sync_rules_id)
);

CREATE TABLE IF NOT EXISTS instance (
  id text NOT NULL CONSTRAINT instance_pkey PRIMARY KEY
);

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1684951997326-init',
  jsonb_build_array(jsonb_build_object(
    'name', '1684951997326-init',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
