package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestIdTest {
  @Test
  void idsOfRequestsSortByTheirTimeAndDiffer() {
    long before = System.currentTimeMillis();
    List<UUID> ids = Stream.generate(RequestId::http).limit(1000).map(RequestIdTest::uuid).toList();
    long after = System.currentTimeMillis();

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(id.version()).isEqualTo(7);
              assertThat(id.variant()).isEqualTo(2);
              assertThat(id.getMostSignificantBits() >>> 16).isBetween(before, after);
            });
  }

  @Test
  void streamsOfSocketsAreToldFromRequests() {
    assertThat(RequestId.http().text()).startsWith("h/");
    assertThat(RequestId.socket().toString()).startsWith("s/");
    assertThat(uuid(RequestId.socket()).version()).isEqualTo(4);
  }

  private static UUID uuid(RequestId id) {
    return UUID.fromString(id.text().substring(2));
  }
}
