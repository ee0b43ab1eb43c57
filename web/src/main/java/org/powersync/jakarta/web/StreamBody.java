package org.powersync.jakarta.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.powersync.jakarta.sync.LineSink;
import org.powersync.jakarta.telemetry.Counters;
import org.powersync.jakarta.telemetry.Counters.Counter;

/**
 * Lines as the body of an HTTP answer, which begins with the first of them: until then the request
 * can still be answered with an error. One thread.
 */
final class StreamBody implements LineSink {
  private static final int BUFFER = 32 << 10;

  private final HttpServletResponse response;
  private final String contentType;
  private final String coding;
  private final Counters counters;
  private OutputStream out;
  private BodyCoding compressor;
  private long sent;

  /**
   * @param coding a name of {@link AcceptEncoding}
   */
  StreamBody(HttpServletResponse response, String contentType, String coding, Counters counters) {
    this.response = response;
    this.contentType = contentType;
    this.coding = coding;
    this.counters = counters;
  }

  @Override
  public void write(ByteBuffer line) throws IOException {
    if (out == null) {
      begin();
    }
    out.write(line.array(), line.arrayOffset() + line.position(), line.remaining());
  }

  @Override
  public void flush() throws IOException {
    if (out != null) {
      out.flush();
    }
  }

  /** Whether the answer is a stream by now and can no longer become an error. */
  boolean begun() {
    return out != null;
  }

  /** Bytes handed to the network, after compression. */
  long sent() {
    return sent;
  }

  /** Ends the body regularly. */
  void finish() throws IOException {
    if (out == null) {
      begin();
    }
    compressor.finish();
  }

  /** Frees what the body holds; it is left as it is. */
  void release() {
    if (compressor != null) {
      compressor.release();
    }
  }

  private void begin() throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(contentType);
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader("Cache-Control", "no-store");
    response.setBufferSize(BUFFER);
    if (!coding.equals(AcceptEncoding.IDENTITY)) {
      response.setHeader("Content-Encoding", coding);
    }
    OutputStream body = response.getOutputStream();
    // The server's first flush only commits the answer: what was written before, be it a few bytes
    // of a compressor, would stay behind until the second, maybe the keepalive 20 s later.
    response.flushBuffer();
    compressor = BodyCoding.of(coding, new Counting(body));
    out = compressor.out();
  }

  private final class Counting extends FilterOutputStream {
    private Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count(length);
    }

    private void count(int bytes) {
      sent += bytes;
      counters.add(Counter.DATA_SENT_BYTES, bytes);
    }
  }
}
