ALTER TABLE sync_rules ADD COLUMN IF NOT EXISTS sync_plan json;

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1771491856000-sync-plan',
  jsonb_build_array(jsonb_build_object(
    'name', '1771491856000-sync-plan',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
