package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptFormatTest {
  private static final String BSON = "application/vnd.powersync.bson-stream";
  private static final String NDJSON = "application/x-ndjson";

  private static String full(String header) {
    return header.replace("BSON", BSON).replace("NDJSON", NDJSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BSON",
        "BSON;q=0.9,NDJSON;q=0.8",
        "BSON,NDJSON",
        "BSON,*/*",
        "text/html,BSON;q=0.1",
        "APPLICATION/vnd.PowerSync.bson-stream",
        "*/*,BSON",
        "application/*,BSON",
        "application/*;q=0.5, BSON;q=0.5",
        "NDJSON;q=0,*/*",
        "BSON; q=0.9 , NDJSON ; q=0.8",
        "BSON;q=7,NDJSON;q=0.9",
        "NDJSON;charset=utf-8,BSON;q=0.1"
      })
  void bson(String header) {
    assertThat(AcceptFormat.choose(full(header))).isEqualTo(BSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/*",
        "application/json",
        "NDJSON",
        "BSON;q=0.5,NDJSON",
        "NDJSON,BSON",
        "BSON;q=0.5,*/*",
        "NDJSON;q=0.5,BSON;q=0.5",
        "BSON;q=0.4, NDJSON;q=0.5",
        "BSON;q=0",
        "BSON;q=0,NDJSON;q=0",
        "BSON;q=x",
        "BSON;version=2",
        "text/*,*/*;q=0.1",
        ";;,,"
      })
  void ndjson(String header) {
    assertThat(AcceptFormat.choose(full(header))).isEqualTo(NDJSON);
  }

  @Test
  void withoutAHeader() {
    assertThat(AcceptFormat.choose(null)).isEqualTo(NDJSON);
  }
}
