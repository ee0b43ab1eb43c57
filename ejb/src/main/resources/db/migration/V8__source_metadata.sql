ALTER TABLE source_tables ADD COLUMN IF NOT EXISTS source_metadata jsonb;

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1784900000000-source-metadata',
  jsonb_build_array(jsonb_build_object(
    'name', '1784900000000-source-metadata',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
