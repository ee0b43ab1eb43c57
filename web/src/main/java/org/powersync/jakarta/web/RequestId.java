package org.powersync.jakarta.web;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names a request, or a stream of a WebSocket, in the log (sync API section 7.3). */
record RequestId(String text) {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  /** Of a request over HTTP; ids sort by their time. */
  static RequestId http() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = System.currentTimeMillis() << 16 | VERSION_7 | random.nextLong(1L << 12);
    return new RequestId("h/" + new UUID(high, VARIANT | random.nextLong() >>> 2));
  }

  /** Of a stream over a WebSocket. */
  static RequestId socket() {
    return new RequestId("s/" + UUID.randomUUID());
  }

  @Override
  public String toString() {
    return text;
  }
}
