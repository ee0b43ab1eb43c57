package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none | identity",
        "'' | identity",
        "identity | identity",
        "br | identity",
        "gzip | gzip",
        "gzip, deflate, br, zstd | zstd",
        "* | zstd",
        "gzip;q=1, zstd;q=0.5 | gzip",
        "identity;q=1, gzip;q=0.5 | identity",
        "identity, gzip | identity",
        "gzip, identity | gzip",
        "zstd;q=0, gzip | gzip",
        "gzip, * | zstd",
        "GZIP | gzip",
        "identity;q=0, br | identity",
        "gzip; q=x | identity"
      })
  void withAllCodings(String header, String expected) {
    assertThat(AcceptEncoding.choose(header, List.of("zstd", "gzip"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zstd | identity",
        "gzip, deflate, br, zstd | gzip",
        "* | gzip",
        "*;q=0 | identity",
        "br, *;q=0.1 | gzip"
      })
  void withoutZstd(String header, String expected) {
    assertThat(AcceptEncoding.choose(header, List.of("gzip"))).isEqualTo(expected);
  }
}
