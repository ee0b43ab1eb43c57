package org.powersync.jakarta.sync;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * A client's request to hear back once replication has passed the present moment, under a number of
 * its own (sync API section 2.1).
 *
 * @param requestId 1 or greater
 */
public record CheckpointRequest(String clientId, long requestId) {
  private static final String ID = "checkpoint_request_id";
  private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);
  private static final double GREATEST_SAFE_NUMBER = 0x1p53 - 1;

  /** Reads the members of a request. Throws {@link InvalidRequestException}. */
  public static CheckpointRequest of(Map<String, Object> values) {
    RequestMembers members = new RequestMembers(values);
    members.requiredString("client_id");
    Optional<String> clientId = members.clientId();
    members.require(ID);
    Optional<BigInteger> id = members.value(ID).flatMap(CheckpointRequest::integer);
    if (values.containsKey(ID) && id.isEmpty()) {
      members.reject(ID, "must be an integer, as a decimal text or as a number up to 2^53-1");
    }
    if (id.isPresent() && (id.get().signum() <= 0 || id.get().compareTo(GREATEST) > 0)) {
      members.reject(ID, "must be between 1 and " + GREATEST);
    }
    members.check();
    return new CheckpointRequest(clientId.orElseThrow(), id.orElseThrow().longValueExact());
  }

  private static Optional<BigInteger> integer(Object value) {
    if (value instanceof String text) {
      return RequestMembers.decimal(text);
    }
    if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) <= GREATEST_SAFE_NUMBER) {
      return Optional.of(new BigDecimal(number).toBigIntegerExact());
    }
    return Optional.empty();
  }
}
