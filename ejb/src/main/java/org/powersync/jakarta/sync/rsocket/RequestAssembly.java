package org.powersync.jakarta.sync.rsocket;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** A request whose payload comes in several frames. One thread. */
final class RequestAssembly {
  private final int initialN;
  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean withMetadata;
  private long wanted;

  RequestAssembly(Frame.RequestStream first) {
    this.initialN = first.initialN();
    add(first.payload());
  }

  void add(Payload part) {
    part.metadata()
        .ifPresent(
            bytes -> {
              withMetadata = true;
              metadata.writeBytes(bytes);
            });
    data.writeBytes(part.data());
  }

  int size() {
    return metadata.size() + data.size();
  }

  /** The client may ask for more before its request is complete. */
  void request(int n) {
    wanted += n;
  }

  int initialN() {
    return (int) Math.min(initialN + wanted, Integer.MAX_VALUE);
  }

  Payload payload() {
    return new Payload(
        withMetadata ? Optional.of(metadata.toByteArray()) : Optional.empty(), data.toByteArray());
  }
}
