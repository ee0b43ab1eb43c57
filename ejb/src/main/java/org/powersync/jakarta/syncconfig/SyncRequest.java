package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who asks for what (sync config sections 5.4 and 7.4). JSON is plain Java: {@link Map} in document
 * order, {@link List}, {@link String}, {@link Double} for every number, {@link Boolean} and null.
 *
 * @param token the payload of the verified JWT
 * @param parameters connection parameters of the client
 * @param includeDefaults whether default streams take part without being named
 * @param subscriptions explicit subscriptions; the index of one identifies it in answers
 */
public record SyncRequest(
    Map<String, Object> token,
    Map<String, Object> parameters,
    boolean includeDefaults,
    List<Subscription> subscriptions) {

  /**
   * An explicit subscription to a stream.
   *
   * @param priority replaces the stream's own when present, 0 to 3
   */
  public record Subscription(String stream, Map<String, Object> parameters, OptionalInt priority) {}

  /** Why a bucket is part of a request: by default, or through a subscription. */
  public record Reason(OptionalInt subscription) {
    public static final Reason DEFAULT = new Reason(OptionalInt.empty());

    public static Reason ofSubscription(int index) {
      return new Reason(OptionalInt.of(index));
    }
  }

  /** A stream that failed for this request, wholly or for one subscription. */
  public record StreamError(
      String definition, Optional<Reason> reason, String about, String text) {}
}
