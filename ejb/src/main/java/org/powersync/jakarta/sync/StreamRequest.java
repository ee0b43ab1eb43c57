package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.SyncRequest;

/**
 * What a client asks of a stream (sync API section 3.1).
 *
 * @param positions buckets the client holds and the last operation it has of each
 * @param parameters connection parameters for the sync config
 * @param includeDefaults whether default streams take part without being named
 * @param subscriptions explicit subscriptions; answers refer to them by index
 * @param clientId the device
 * @param rawData row data stays a JSON text; otherwise it is embedded as an object
 * @param appMetadata for the log
 */
public record StreamRequest(
    Map<BucketName, OpId> positions,
    Map<String, Object> parameters,
    boolean includeDefaults,
    List<Subscription> subscriptions,
    Optional<String> clientId,
    boolean rawData,
    Map<String, String> appMetadata) {

  /**
   * An explicit subscription.
   *
   * @param problem why it cannot be honoured: reported for its stream, and no bucket comes from it
   */
  public record Subscription(
      String stream,
      Map<String, Object> parameters,
      OptionalInt priority,
      Optional<String> problem) {}

  /**
   * Reads the members of a request: JSON as plain Java, every number a {@link Double}. Throws
   * {@link InvalidRequestException}.
   */
  public static StreamRequest of(Map<String, Object> values) {
    RequestMembers members = new RequestMembers(values);
    Map<BucketName, OpId> positions = positions(members);
    Map<String, Object> parameters = members.object("parameters").orElse(Map.of());
    boolean includeDefaults = true;
    List<Subscription> subscriptions = new ArrayList<>();
    Optional<RequestMembers> streams = members.members("streams");
    if (streams.isPresent()) {
      includeDefaults = streams.get().bool("include_defaults").orElse(true);
      for (RequestMembers subscription : streams.get().requiredObjects("subscriptions")) {
        subscriptions.add(subscription(subscription));
      }
    }
    Optional<String> clientId = members.clientId();
    boolean rawData = members.bool("raw_data").orElse(false);
    members.bool("include_checksum");
    members.stringArray("only");
    Map<String, String> appMetadata = members.strings("app_metadata");
    members.check();
    return new StreamRequest(
        positions,
        parameters,
        includeDefaults,
        List.copyOf(subscriptions),
        clientId,
        rawData,
        appMetadata);
  }

  private static Map<BucketName, OpId> positions(RequestMembers members) {
    Map<BucketName, OpId> positions = new LinkedHashMap<>();
    for (RequestMembers bucket : members.objects("buckets")) {
      Optional<String> name = bucket.requiredString("name");
      Optional<String> after = bucket.requiredString("after");
      Optional<OpId> position = after.flatMap(StreamRequest::position);
      if (after.isPresent() && position.isEmpty()) {
        bucket.reject(
            "after", "must be the decimal number of an operation, such as the last next_after");
      }
      if (name.isPresent() && position.isPresent()) {
        positions.put(new BucketName(name.get()), position.get());
      }
    }
    return positions;
  }

  /** Clients may claim any position; without digits they mean the beginning. */
  private static Optional<OpId> position(String text) {
    if (text.isEmpty()) {
      return Optional.of(OpId.ZERO);
    }
    return RequestMembers.decimal(text)
        .filter(number -> number.bitLength() < Long.SIZE)
        .map(number -> new OpId(number.longValue()));
  }

  private static Subscription subscription(RequestMembers members) {
    String stream = members.requiredString("stream").orElse("");
    members.require("parameters");
    members.require("override_priority");
    Map<String, Object> parameters = members.object("parameters").orElse(Map.of());
    Optional<Double> override = members.number("override_priority");
    if (override.isEmpty()) {
      return new Subscription(stream, parameters, OptionalInt.empty(), Optional.empty());
    }
    int priority = override.get().intValue();
    if (priority != override.get() || priority < 0 || priority > 3) {
      return new Subscription(
          stream,
          parameters,
          OptionalInt.empty(),
          Optional.of("override_priority must be 0, 1, 2 or 3"));
    }
    return new Subscription(stream, parameters, OptionalInt.of(priority), Optional.empty());
  }

  /** This request in the terms of the sync config. */
  public SyncRequest toSyncRequest(Map<String, Object> token) {
    return new SyncRequest(
        token,
        parameters,
        includeDefaults,
        subscriptions.stream()
            .map(s -> new SyncRequest.Subscription(s.stream(), s.parameters(), s.priority()))
            .toList());
  }
}
