package org.powersync.jakarta.connection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the sockets of one connection are made. The driver creates its socket factories by class name
 * with one text argument; a text with certificates and keys would show up wherever the driver or
 * the server print connection properties. So the argument is only a random name under which the
 * policy is known while its connection is being opened: the driver asks for factories at no other
 * time, and keeps the one for plain sockets for cancel requests.
 *
 * @param incoming hears of the connection's socket
 */
record SocketPolicy(
    AddressRestriction restriction,
    Duration connectTimeout,
    TlsSockets tls,
    Optional<IncomingData> incoming) {
  private static final Map<String, SocketPolicy> OPENING = new ConcurrentHashMap<>();

  SocketPolicy with(IncomingData data) {
    return new SocketPolicy(restriction, connectTimeout, tls, Optional.of(data));
  }

  /** Makes the policy known until the registration is closed. */
  Registration register() {
    String name = UUID.randomUUID().toString();
    OPENING.put(name, this);
    return new Registration(name);
  }

  static SocketPolicy named(String name) {
    SocketPolicy policy = OPENING.get(name);
    if (policy == null) {
      throw new IllegalStateException("no connection is being opened under this name");
    }
    return policy;
  }

  record Registration(String name) implements AutoCloseable {
    @Override
    public void close() {
      OPENING.remove(name);
    }
  }
}
