package org.powersync.jakarta.web;

import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * A request body while it arrives, which may take as long as its client likes: neither a thread nor
 * a place in an admission group is held meanwhile, only the memory of what is there (sync API
 * section 1.2; decision 0015). The server calls it from one thread at a time.
 */
final class ArrivingBody implements ReadListener {
  /** What comes of it; one of the methods is called, once. */
  interface Outcome {
    /** All of it is here. */
    void arrived(byte[] body);

    /** It is refused: 413, 429 or 408. */
    void refused(PowerSyncException reason);
  }

  /** The server cuts a client off that sends nothing for a minute; this is for those that drip. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private static final int FIRST = 4 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final InputStream in;
  private final BooleanSupplier ready;
  private final BodyMemory memory;
  private final int max;
  private final Outcome outcome;
  private final long start = System.nanoTime();
  private byte[] body = NOTHING;
  private int length;
  private boolean over;

  /**
   * @param in what {@code ready} tells whether it can be read without waiting
   * @param memory is asked for all that the body takes
   * @param max bytes accepted
   */
  ArrivingBody(InputStream in, BooleanSupplier ready, BodyMemory memory, int max, Outcome outcome) {
    this.in = in;
    this.ready = ready;
    this.memory = memory;
    this.max = max;
    this.outcome = outcome;
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!over && ready.getAsBoolean()) {
      if (length == body.length && !grow()) {
        return;
      }
      int read = in.read(body, length, body.length - length);
      if (read < 0) {
        return;
      }
      length += read;
      if (length > max) {
        refuse(tooLarge(max));
      } else if (System.nanoTime() - start > LONGEST.toNanos()) {
        refuse(late());
      }
    }
  }

  private boolean grow() {
    int larger = Math.min(Math.max(FIRST, 2 * body.length), max + 1);
    if (!memory.take(larger - body.length)) {
      refuse(tooManyBytes());
      return false;
    }
    body = Arrays.copyOf(body, larger);
    return true;
  }

  @Override
  public void onAllDataRead() {
    if (!over) {
      over = true;
      byte[] all = length == body.length ? body : Arrays.copyOf(body, length);
      // The server keeps its listener as long as the answer goes on.
      body = NOTHING;
      outcome.arrived(all);
    }
  }

  /** The client is gone, too slow, or sends what is no body. */
  @Override
  public void onError(Throwable failure) {
    if (!over) {
      refuse(late());
    }
  }

  private void refuse(PowerSyncException reason) {
    over = true;
    body = NOTHING;
    outcome.refused(reason);
  }

  static PowerSyncException tooLarge(int max) {
    return refusal(413, "The request body is too large").with("maxBytes", max);
  }

  static PowerSyncException tooManyBytes() {
    return refusal(429, "Too many large requests at once; try again");
  }

  private static PowerSyncException late() {
    return refusal(408, "The request did not arrive");
  }

  private static PowerSyncException refusal(int status, String text) {
    return new PowerSyncException(ErrorCode.PSYNC_S2001, status, text, null);
  }
}
