package org.powersync.jakarta.syncconfig.bucket;

import org.powersync.jakarta.syncconfig.Compatibility;

/**
 * What compiling depends on besides the queries.
 *
 * @param defaultSchema of unqualified table names
 */
public record CompilerSettings(Compatibility compatibility, String defaultSchema) {
  boolean fixedJson() {
    return compatibility.fixedJsonExtract();
  }
}
