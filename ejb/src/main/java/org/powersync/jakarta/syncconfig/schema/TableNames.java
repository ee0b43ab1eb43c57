package org.powersync.jakarta.syncconfig.schema;

import java.util.Optional;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.sql.FromItem;

/** Which source tables a name in FROM stands for (sync config section 4.4). */
public final class TableNames {
  private static final String DEFAULT_CONNECTION = "default";

  private TableNames() {}

  /** The pattern; empty for a name that loading refuses. */
  public static Optional<TablePattern> pattern(FromItem.Table table, String defaultSchema) {
    String name = table.name().name();
    if (table.schema().isEmpty()) {
      return Optional.of(new TablePattern(DEFAULT_CONNECTION, defaultSchema, name));
    }
    String[] parts = table.schema().get().name().split("\\.", -1);
    return switch (parts.length) {
      case 1 -> Optional.of(new TablePattern(DEFAULT_CONNECTION, parts[0], name));
      case 2 -> Optional.of(new TablePattern(parts[0], parts[1], name));
      default -> Optional.empty();
    };
  }
}
