ALTER TABLE write_checkpoints ADD COLUMN IF NOT EXISTS checkpoint_requested_at timestamptz;
ALTER TABLE custom_write_checkpoints ADD COLUMN IF NOT EXISTS checkpoint_requested_at timestamptz;
CREATE INDEX IF NOT EXISTS write_checkpoints_checkpoint_requested_at
  ON write_checkpoints (checkpoint_requested_at) WHERE checkpoint_requested_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS custom_write_checkpoints_checkpoint_requested_at
  ON custom_write_checkpoints (checkpoint_requested_at) WHERE checkpoint_requested_at IS NOT NULL;

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1782950400000-checkpoint-requested-at',
  jsonb_build_array(jsonb_build_object(
    'name', '1782950400000-checkpoint-requested-at',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
