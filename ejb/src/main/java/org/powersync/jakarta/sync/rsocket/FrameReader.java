package org.powersync.jakarta.sync.rsocket;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads one frame, strictly: whatever the bytes, there is a frame or a failure. */
final class FrameReader {
  static final int HEADER_BYTES = 6;

  private static final int TYPE_SHIFT = 10;
  private static final int IGNORE = 0x200;
  private static final int METADATA = 0x100;
  private static final int FOLLOWS = 0x80;
  private static final int RESUME_ENABLED = 0x80;
  private static final int RESPOND = 0x80;
  private static final int LEASE = 0x40;

  private final ByteBuffer in;
  private final int streamId;
  private final int type;
  private final int flags;

  private FrameReader(ByteBuffer in) {
    this.in = in;
    this.streamId = in.getInt();
    int typeAndFlags = Short.toUnsignedInt(in.getShort());
    this.type = typeAndFlags >> TYPE_SHIFT;
    this.flags = typeAndFlags & (1 << TYPE_SHIFT) - 1;
  }

  /** The frame in a message; consumes all of it. */
  static Frame read(ByteBuffer message) throws RSocketFailure {
    try {
      return new FrameReader(message).frame();
    } catch (BufferUnderflowException e) {
      throw invalid("The frame is shorter than it says");
    }
  }

  private Frame frame() throws RSocketFailure {
    if (streamId < 0) {
      throw invalid("The stream id is out of range");
    }
    return switch (type) {
      case 0x01 -> setup();
      case 0x03 -> keepAlive();
      case 0x04, 0x07 -> new Frame.Unsupported(requestId());
      case 0x06 -> requestStream();
      case 0x08 -> new Frame.RequestN(streamId, positive());
      case 0x09, 0x0b -> new Frame.Cancel(streamId);
      case 0x0a -> new Frame.Fragment(streamId, has(FOLLOWS), payload());
      case 0x0d -> new Frame.Resume();
      // LEASE, REQUEST_FNF, METADATA_PUSH
      case 0x02, 0x05, 0x0c -> new Frame.Ignored();
      default -> unknown();
    };
  }

  private Frame unknown() throws RSocketFailure {
    if (has(IGNORE)) {
      return new Frame.Ignored();
    }
    throw invalid("The frame type is unknown");
  }

  private Frame setup() throws RSocketFailure {
    if (streamId != 0) {
      throw invalid("SETUP belongs to stream 0");
    }
    int major = Short.toUnsignedInt(in.getShort());
    in.getShort();
    // What the client promises; only the lifetime is the server's business.
    in.getInt();
    int lifetime = in.getInt();
    if (has(RESUME_ENABLED)) {
      bytes(Short.toUnsignedInt(in.getShort()));
    }
    return new Frame.Setup(
        major, has(RESUME_ENABLED), has(LEASE), lifetime, mimeType(), mimeType(), payload());
  }

  private Frame keepAlive() throws RSocketFailure {
    if (streamId != 0) {
      throw invalid("KEEPALIVE belongs to stream 0");
    }
    in.getLong();
    return new Frame.KeepAlive(has(RESPOND), bytes(in.remaining()));
  }

  private Frame requestStream() throws RSocketFailure {
    int id = requestId();
    int initialN = positive();
    return new Frame.RequestStream(id, has(FOLLOWS), initialN, payload());
  }

  /** Streams that a client opens have odd ids. */
  private int requestId() throws RSocketFailure {
    if (streamId % 2 == 0) {
      throw invalid("The stream id of a request must be odd");
    }
    return streamId;
  }

  private int positive() throws RSocketFailure {
    int n = in.getInt();
    if (n <= 0) {
      throw invalid("The number of requested items must be positive");
    }
    return n;
  }

  private String mimeType() throws RSocketFailure {
    byte[] text = bytes(Byte.toUnsignedInt(in.get()));
    return new String(text, StandardCharsets.US_ASCII);
  }

  private Payload payload() throws RSocketFailure {
    Optional<byte[]> metadata = Optional.empty();
    if (has(METADATA)) {
      int high = Byte.toUnsignedInt(in.get());
      metadata = Optional.of(bytes(high << Short.SIZE | Short.toUnsignedInt(in.getShort())));
    }
    return new Payload(metadata, bytes(in.remaining()));
  }

  /** Never allocates more than there is. */
  private byte[] bytes(int length) throws RSocketFailure {
    if (length > in.remaining()) {
      throw invalid("The frame is shorter than it says");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private static RSocketFailure invalid(String text) {
    return new RSocketFailure(ErrorKind.CONNECTION_ERROR, text);
  }
}
