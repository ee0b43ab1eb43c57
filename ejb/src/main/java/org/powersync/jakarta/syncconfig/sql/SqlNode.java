package org.powersync.jakarta.syncconfig.sql;

/** Anything with a place in the SQL text. */
public sealed interface SqlNode
    permits Expression,
        FromItem,
        FunctionName,
        Identifier,
        Join,
        RefusedClause,
        SelectColumn,
        Statement,
        TypeName {
  /** Where it stands; parentheses around it do not count. */
  Span span();
}
