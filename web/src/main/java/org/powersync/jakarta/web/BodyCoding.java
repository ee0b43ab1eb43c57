package org.powersync.jakarta.web;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;

/**
 * A body on its way through a compressor, or past it. A flush hands everything written so far to
 * the client. Holds native memory until {@link #release}. One thread.
 */
abstract class BodyCoding {
  private static final Logger LOG = Logger.getLogger(BodyCoding.class.getName());
  private static final int GZIP_BUFFER = 32 << 10;
  private static final int ZSTD_LEVEL = 2;

  /** 256 KiB: far more than lines repeat over, and a quarter of what the level takes by itself. */
  private static final int ZSTD_WINDOW_LOG = 18;

  private final OutputStream out;

  private BodyCoding(OutputStream out) {
    this.out = out;
  }

  /** The codings that can be produced here, best first; identity not named. */
  static List<String> available() {
    return Zstd.LOADED
        ? List.of(AcceptEncoding.ZSTD, AcceptEncoding.GZIP)
        : List.of(AcceptEncoding.GZIP);
  }

  /**
   * @param name a name of {@link AcceptEncoding}
   * @param to is never closed
   */
  static BodyCoding of(String name, OutputStream to) throws IOException {
    return switch (name) {
      case AcceptEncoding.ZSTD -> new Zstd(to);
      case AcceptEncoding.GZIP -> new Gzip(new GzipStream(to));
      default -> new Identity(to);
    };
  }

  OutputStream out() {
    return out;
  }

  /** Ends the compressed form regularly and hands it over. */
  abstract void finish() throws IOException;

  /** Frees what is held; the body is left as it is. May be called more than once. */
  abstract void release();

  private static final class Identity extends BodyCoding {
    private Identity(OutputStream to) {
      super(to);
    }

    @Override
    void finish() throws IOException {
      out().flush();
    }

    @Override
    void release() {
      // Nothing is held.
    }
  }

  private static final class Gzip extends BodyCoding {
    private final GzipStream gzip;

    private Gzip(GzipStream gzip) {
      super(gzip);
      this.gzip = gzip;
    }

    @Override
    void finish() throws IOException {
      gzip.finish();
      gzip.flush();
    }

    @Override
    void release() {
      gzip.release();
    }
  }

  private static final class GzipStream extends GZIPOutputStream {
    private GzipStream(OutputStream to) throws IOException {
      super(to, GZIP_BUFFER, true);
    }

    private void release() {
      def.end();
    }
  }

  private static final class Zstd extends BodyCoding {
    private static final boolean LOADED = load();

    private final Detachable to;

    private Zstd(OutputStream to) throws IOException {
      this(new Detachable(to));
    }

    private Zstd(Detachable to) throws IOException {
      super(new ZstdOutputStreamNoFinalizer(to, ZSTD_LEVEL).setWindowLog(ZSTD_WINDOW_LOG));
      this.to = to;
    }

    /** The library brings native code for the usual platforms, not for all. */
    private static boolean load() {
      try {
        Native.load();
        return true;
      } catch (LinkageError e) {
        LOG.log(
            Level.WARNING,
            "No zstd on this platform: clients that ask for it get gzip. Cause: {0}",
            e.toString());
        return false;
      }
    }

    @Override
    void finish() throws IOException {
      out().close();
      to.flush();
    }

    @Override
    void release() {
      to.detach();
      try {
        out().close();
      } catch (IOException e) {
        LOG.log(Level.FINE, "A compressor did not close", e);
      }
    }
  }

  /** Lets a compressor be closed without its last bytes going anywhere, and without closing. */
  private static final class Detachable extends FilterOutputStream {
    private boolean detached;

    private Detachable(OutputStream out) {
      super(out);
    }

    private void detach() {
      detached = true;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!detached) {
        out.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      if (!detached) {
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
