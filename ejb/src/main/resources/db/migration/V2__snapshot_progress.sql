ALTER TABLE sync_rules ADD COLUMN IF NOT EXISTS snapshot_lsn text;
ALTER TABLE source_tables
  ADD COLUMN IF NOT EXISTS snapshot_total_estimated_count integer,
  ADD COLUMN IF NOT EXISTS snapshot_replicated_count integer,
  ADD COLUMN IF NOT EXISTS snapshot_last_key bytea;

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1749024804042-snapshot-progress',
  jsonb_build_array(jsonb_build_object(
    'name', '1749024804042-snapshot-progress',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
