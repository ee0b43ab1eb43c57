package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamLogTest {
  @Test
  void valuesAreBoundedAndOnOneLine() {
    assertThat(StreamLog.cut("a\r\nb")).isEqualTo("a  b");
    assertThat(StreamLog.cut("x".repeat(100))).hasSize(100).doesNotContain(".");
    assertThat(StreamLog.cut("x".repeat(101))).hasSize(100).endsWith("x...");
  }
}
