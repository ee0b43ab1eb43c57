CREATE TABLE IF NOT EXISTS connection_report_events (
  id text NOT NULL CONSTRAINT connection_report_events_pkey PRIMARY KEY,
  user_agent text NOT NULL,
  client_id text NOT NULL,
  user_id text NOT NULL,
  sdk text NOT NULL,
  jwt_exp timestamptz,
  connected_at timestamptz NOT NULL,
  disconnected_at timestamptz
);
CREATE INDEX IF NOT EXISTS sdk_list_index
  ON connection_report_events (connected_at, jwt_exp, disconnected_at);
CREATE INDEX IF NOT EXISTS sdk_user_id_index ON connection_report_events (user_id);
CREATE INDEX IF NOT EXISTS sdk_client_id_index ON connection_report_events (client_id);
CREATE INDEX IF NOT EXISTS sdk_index ON connection_report_events (sdk);

INSERT INTO migrations (id, last_run, log)
VALUES (
  1,
  '1756282360128-connection-reporting',
  jsonb_build_array(jsonb_build_object(
    'name', '1756282360128-connection-reporting',
    'direction', 'up',
    'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
ON CONFLICT (id) DO UPDATE SET last_run = excluded.last_run, log = migrations.log || excluded.log;
