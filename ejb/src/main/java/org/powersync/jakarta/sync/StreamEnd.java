package org.powersync.jakarta.sync;

/** Why a stream ended regularly. */
public enum StreamEnd {
  /** Another sync config became active; the client reconnects. */
  CONFIG_CHANGED,
  /** The token ran out and the client was told. */
  TOKEN_EXPIRED,
  /** The process shuts down. */
  SHUTDOWN,
  /** An operator ended it; the client reconnects, if its token is still accepted. */
  DISCONNECTED,
  /** The client wants no more. */
  CANCELLED
}
