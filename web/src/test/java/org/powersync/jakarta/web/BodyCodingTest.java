package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCodingTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private InputStream decoded(String coding) throws IOException {
    InputStream in = new ByteArrayInputStream(sent.toByteArray());
    return switch (coding) {
      case "gzip" -> new GZIPInputStream(in);
      case "zstd" -> new ZstdInputStream(in).setContinuous(true);
      default -> in;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "zstd"})
  void everyLineCanBeReadAsSoonAsItIsFlushed(String coding) throws IOException {
    BodyCoding body = BodyCoding.of(coding, sent);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      String line = "{\"data\":{\"bucket\":\"1#b[" + i + "]\"}}\n";
      all.append(line);
      body.out().write(line.getBytes(StandardCharsets.UTF_8));
      body.out().flush();
      byte[] soFar = decoded(coding).readNBytes(all.length());
      assertThat(new String(soFar, StandardCharsets.UTF_8)).isEqualTo(all.toString());
    }
    body.finish();
    body.release();
    assertThat(new String(decoded(coding).readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(all.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "zstd"})
  void anAbandonedBodyGetsNoRegularEnd(String coding) throws IOException {
    boolean[] closed = {false};
    OutputStream watched =
        new OutputStream() {
          @Override
          public void write(int b) {
            sent.write(b);
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    BodyCoding body = BodyCoding.of(coding, watched);
    body.out().write(new byte[1000]);
    body.out().flush();
    int before = sent.size();
    body.release();
    body.release();
    assertThat(sent.size()).isEqualTo(before);
    assertThat(closed[0]).isFalse();
  }

  @Test
  void zstdIsThereOnThePlatformsOfTheBuild() {
    assertThat(BodyCoding.available()).containsExactly("zstd", "gzip");
  }
}
