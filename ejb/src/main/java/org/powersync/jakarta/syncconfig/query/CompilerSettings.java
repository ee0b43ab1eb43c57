package org.powersync.jakarta.syncconfig.query;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.schema.SourceSchema;

/**
 * What compiling depends on besides the queries.
 *
 * @param defaultSchema of unqualified table names
 * @param schema what the source has, to check names against; empty when unknown
 */
public record CompilerSettings(
    Compatibility compatibility, String defaultSchema, Optional<SourceSchema> schema) {
  public boolean fixedJson() {
    return compatibility.fixedJsonExtract();
  }

  /** The known tables of a pattern; empty also when no schema is known. */
  public List<SourceSchema.Table> tables(TablePattern pattern) {
    return schema.map(known -> known.matching(pattern)).orElse(List.of());
  }
}
