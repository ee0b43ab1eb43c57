package org.powersync.jakarta.sync.rsocket;

import java.util.Optional;

/**
 * Metadata and data of one interaction.
 *
 * @param metadata empty when the frame has none
 * @param data never null; without bytes when there is none
 */
public record Payload(Optional<byte[]> metadata, byte[] data) {
  int size() {
    return metadata.map(bytes -> bytes.length).orElse(0) + data.length;
  }
}
