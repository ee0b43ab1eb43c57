package org.powersync.jakarta.error;

/**
 * The contractual error codes: HTTP status where one reaches a client, and what may be done about
 * it (sync API section 8).
 */
public enum ErrorCode {
  /** The sync config cannot be parsed. */
  PSYNC_R0001(422, FailureClass.MISTAKE),
  /** The source does not support this wildcard. */
  PSYNC_R2201(422, FailureClass.MISTAKE),
  /** An internal assertion failed. */
  PSYNC_S0001(500, FailureClass.BUG),
  /** Tear-down was not confirmed. */
  PSYNC_S0102(400, FailureClass.MISTAKE),
  /** A row is larger than 15 MiB. */
  PSYNC_S1002(500, FailureClass.PERMANENT),
  /** Another process holds the lock of the replication stream. */
  PSYNC_S1003(409, FailureClass.RETRY),
  /** Objects or arrays are nested too deep. */
  PSYNC_S1004(500, FailureClass.PERMANENT),
  /** The storage version is not supported. */
  PSYNC_S1005(500, FailureClass.MISTAKE),
  /** A replication assertion failed. */
  PSYNC_S1101(500, FailureClass.BUG),
  /** Replication was aborted. */
  PSYNC_S1103(500, FailureClass.RETRY),
  /** Sslmode verify-ca needs cacert. */
  PSYNC_S1104(500, FailureClass.MISTAKE),
  /** The connection needs a database. */
  PSYNC_S1105(500, FailureClass.MISTAKE),
  /** The connection needs a hostname. */
  PSYNC_S1106(500, FailureClass.MISTAKE),
  /** The connection needs a username. */
  PSYNC_S1107(500, FailureClass.MISTAKE),
  /** The connection needs a password. */
  PSYNC_S1108(500, FailureClass.MISTAKE),
  /** A connection setting is invalid. */
  PSYNC_S1109(500, FailureClass.MISTAKE),
  /** The port is outside 1024 to 65535. */
  PSYNC_S1110(500, FailureClass.MISTAKE),
  /** A query on the source failed. */
  PSYNC_S1120(500, FailureClass.RETRY),
  /** A socket of the source timed out. */
  PSYNC_S1121(500, FailureClass.RETRY),
  /** The publication does not exist. */
  PSYNC_S1141(500, FailureClass.MISTAKE),
  /** The publication does not publish every kind of change. */
  PSYNC_S1142(500, FailureClass.MISTAKE),
  /** The publication publishes via the partition root. */
  PSYNC_S1143(500, FailureClass.MISTAKE),
  /** Source and storage on one server need PostgreSQL 14. */
  PSYNC_S1144(500, FailureClass.MISTAKE),
  /** Row level security hides rows from the replication role. */
  PSYNC_S1145(500, FailureClass.MISTAKE),
  /** The replication slot was invalidated. */
  PSYNC_S1146(500, FailureClass.PERMANENT),
  /** Internal error. */
  PSYNC_S2001(500, FailureClass.BUG),
  /** No such route. */
  PSYNC_S2002(404, FailureClass.MISTAKE),
  /** The service is restarting. */
  PSYNC_S2003(503, FailureClass.RETRY),
  /** Unsupported media type. */
  PSYNC_S2004(415, FailureClass.MISTAKE),
  /** Authentication failed. */
  PSYNC_S2101(401, FailureClass.MISTAKE),
  /** The signature could not be verified. */
  PSYNC_S2102(401, FailureClass.MISTAKE),
  /** The token has expired. */
  PSYNC_S2103(401, FailureClass.MISTAKE),
  /** The lifetime of the token is too long. */
  PSYNC_S2104(401, FailureClass.MISTAKE),
  /** The audience of the token is missing or wrong. */
  PSYNC_S2105(401, FailureClass.MISTAKE),
  /** No token was given. */
  PSYNC_S2106(401, FailureClass.MISTAKE),
  /** The authentication settings are wrong. */
  PSYNC_S2201(401, FailureClass.MISTAKE),
  /** The JWKS host is an IPv6 address, which is disabled. */
  PSYNC_S2202(500, FailureClass.MISTAKE),
  /** The address is in a rejected range. */
  PSYNC_S2203(500, FailureClass.MISTAKE),
  /** The JWKS request failed. */
  PSYNC_S2204(401, FailureClass.RETRY),
  /** No sync config is active. */
  PSYNC_S2302(500, FailureClass.RETRY),
  /** Too many connections. */
  PSYNC_S2304(429, FailureClass.RETRY),
  /** Too many buckets or parameter results. */
  PSYNC_S2305(500, FailureClass.PERMANENT),
  /** Jwks_uri is not a URL. */
  PSYNC_S3102(500, FailureClass.MISTAKE),
  /** Jwks_uri must be http or https. */
  PSYNC_S3103(500, FailureClass.MISTAKE),
  /** Internal error in the management API. */
  PSYNC_S4001(500, FailureClass.RETRY),
  /** No sync config is active. */
  PSYNC_S4104(422, FailureClass.MISTAKE),
  /** The sync config comes from the service configuration. */
  PSYNC_S4105(422, FailureClass.MISTAKE),
  /** A deployment is in progress. */
  PSYNC_S4106(409, FailureClass.RETRY);

  private final int httpStatus;
  private final FailureClass failureClass;

  ErrorCode(int httpStatus, FailureClass failureClass) {
    this.httpStatus = httpStatus;
    this.failureClass = failureClass;
  }

  /** The HTTP status of an answer that carries this code, unless its route says otherwise. */
  public int httpStatus() {
    return httpStatus;
  }

  /** What may be done about it. */
  public FailureClass failureClass() {
    return failureClass;
  }
}
