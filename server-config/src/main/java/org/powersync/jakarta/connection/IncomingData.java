package org.powersync.jakarta.connection;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * What the server has sent on one connection and nobody has read yet. The driver can look for it
 * only again and again; this waits for it. For the thread that reads from the connection.
 */
public final class IncomingData {
  private static final int BUFFER_BYTES = 8192;

  private Socket socket;
  private LookAhead input;

  /** The stream the driver reads from, of the only socket of its connection. */
  InputStream of(Socket connected, InputStream in) {
    if (input == null) {
      socket = connected;
      input = new LookAhead(in);
    }
    return input;
  }

  /**
   * Waits until there is something to read. What the driver has taken in already does not count: it
   * is to be read first.
   *
   * @param atMost at least a millisecond
   * @return false when nothing came in time
   * @throws IOException when the connection is broken or either side closed it
   */
  public boolean await(Duration atMost) throws IOException {
    if (input == null) {
      throw new SocketException("Not connected");
    }
    if (input.available() > 0) {
      return true;
    }
    int before = socket.getSoTimeout();
    socket.setSoTimeout(Math.toIntExact(Math.max(1, atMost.toMillis())));
    try {
      input.fill();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(before);
    }
  }

  /** Reads through, unless something was read ahead. */
  private static final class LookAhead extends FilterInputStream {
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int end;

    private LookAhead(InputStream in) {
      super(in);
    }

    /** Only while nothing is left in the buffer. */
    private void fill() throws IOException {
      int count = in.read(buffer, 0, buffer.length);
      if (count < 0) {
        throw new EOFException("The server closed the connection");
      }
      position = 0;
      end = count;
    }

    @Override
    public int read() throws IOException {
      return position < end ? buffer[position++] & 0xff : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (position >= end) {
        return in.read(bytes, offset, length);
      }
      int count = Math.min(length, end - position);
      System.arraycopy(buffer, position, bytes, offset, count);
      position += count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      if (position >= end) {
        return in.skip(count);
      }
      int skipped = (int) Math.max(0, Math.min(count, end - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return end - position + in.available();
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
