package org.powersync.jakarta.syncconfig.schema;

/** The kinds of values that the columns of a table have. */
@FunctionalInterface
public interface ColumnKinds {
  /** The kinds of a column; none for one that does not exist. */
  ValueKinds of(String column);

  /** The kinds of an expression, as soon as those of the columns are known. */
  @FunctionalInterface
  interface Inferred {
    ValueKinds over(ColumnKinds columns);
  }
}
