-- Nothing to change: v3_current_data is made when a stream of storage version 3 is deployed.

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1771424826685-current-data-pending-deletes',
  jsonb_build_array(jsonb_build_object(
    'name', '1771424826685-current-data-pending-deletes',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
