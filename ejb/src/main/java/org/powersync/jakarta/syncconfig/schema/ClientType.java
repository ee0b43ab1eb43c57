package org.powersync.jakarta.syncconfig.schema;

/** The column types that clients have. */
public enum ClientType {
  TEXT,
  INTEGER,
  REAL
}
