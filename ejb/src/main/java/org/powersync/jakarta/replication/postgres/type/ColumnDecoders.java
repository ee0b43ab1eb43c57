package org.powersync.jakarta.replication.postgres.type;

import java.util.List;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * The layout of a table and the decoder of each column, compiled once and shared by all rows. Safe
 * for all threads.
 */
public final class ColumnDecoders {
  private final ColumnLayout layout;
  private final ValueDecoder[] decoders;

  private ColumnDecoders(ColumnLayout layout, ValueDecoder[] decoders) {
    this.layout = layout;
    this.decoders = decoders;
  }

  /** Decoders of columns whose types the registry has resolved. */
  public static ColumnDecoders of(
      List<String> names,
      List<Long> typeOids,
      TypeRegistry types,
      Compatibility compatibility,
      ReadPath path) {
    if (names.size() != typeOids.size()) {
      throw new IllegalArgumentException(names.size() + " names, " + typeOids.size() + " types");
    }
    ValueDecoder[] decoders =
        typeOids.stream()
            .map(oid -> types.decoder(oid, compatibility, path))
            .toArray(ValueDecoder[]::new);
    return new ColumnDecoders(new ColumnLayout(names), decoders);
  }

  public ColumnLayout layout() {
    return layout;
  }

  public int size() {
    return decoders.length;
  }

  public ValueDecoder decoder(int column) {
    return decoders[column];
  }

  /** A row from the UTF-8 texts of its columns, null for NULL. */
  public SourceRow row(byte[][] texts) {
    SqlValue[] values = new SqlValue[decoders.length];
    for (int i = 0; i < values.length; i++) {
      byte[] text = texts[i];
      values[i] = text == null ? SqlValue.NULL : decoders[i].decode(text, 0, text.length);
    }
    return new SourceRow(layout, values);
  }
}
