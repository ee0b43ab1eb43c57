package org.powersync.jakarta.syncconfig.plan;

import org.powersync.jakarta.syncconfig.Compatibility;

/**
 * By which rules expressions of a plan are computed (sync config section 6).
 *
 * @param fixedJson the option {@code fixed_json_extract}
 * @param sqlite the option {@code unstable_sqlite_expression_engine}
 */
record ExpressionRules(boolean fixedJson, boolean sqlite) {
  static ExpressionRules of(Compatibility compatibility) {
    return new ExpressionRules(compatibility.fixedJsonExtract(), compatibility.sqliteEngine());
  }
}
