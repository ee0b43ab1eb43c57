package org.powersync.jakarta.syncconfig.bucket;

/**
 * What an expression takes from a request: the signed token, or what the client says freely. Tells
 * dangerous queries (sync config section 7.2).
 */
record RequestUse(boolean token, boolean client) {
  static final RequestUse NONE = new RequestUse(false, false);
  static final RequestUse TOKEN = new RequestUse(true, false);
  static final RequestUse CLIENT = new RequestUse(false, true);

  /** Of expressions used together. */
  RequestUse and(RequestUse other) {
    return new RequestUse(token || other.token, client || other.client);
  }

  /** Of alternatives: the token counts only when no alternative does without. */
  RequestUse or(RequestUse other) {
    return new RequestUse(token && other.token, client || other.client);
  }
}
