package org.powersync.jakarta.replication.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class CopyRowTest {
  private static final CopyRow ROW =
      new CopyRow(
          ColumnDecoders.of(
              List.of("id", "a", "b"),
              List.of(23L, 25L, 25L),
              new TypeRegistry(),
              Compatibility.ofEdition(2),
              ReadPath.SNAPSHOT));

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void splitsAndUnescapes() {
    SourceRow row = ROW.decode(line("1\ta\\tb\\\\N\\n\\r\\b\\f\\v\t\\N\n"));
    assertThat(row.value(0)).isEqualTo(SqlValue.of(1));
    assertThat(row.value(1)).isEqualTo(SqlValue.of("a\tb\\N\n\r\b\f\u000b"));
    assertThat(row.value(2)).isEqualTo(SqlValue.NULL);
  }

  @Test
  void tellsNullFromItsText() {
    SourceRow row = ROW.decode(line("1\t\\\\N\t"));
    assertThat(row.value(1)).isEqualTo(SqlValue.of("\\N"));
    assertThat(row.value(2)).isEqualTo(SqlValue.of(""));
  }

  @Test
  void decodesASingleColumn() {
    SourceRow row = ROW.decodeOnly(line("1\tx\ty\\tz\n"), 2);
    assertThat(row.value(0)).isEqualTo(SqlValue.ABSENT);
    assertThat(row.value(2)).isEqualTo(SqlValue.of("y\tz"));
    assertThat(ROW.decodeOnly(line("7\tx\ty\n"), 0).value(0)).isEqualTo(SqlValue.of(7));
  }
}
