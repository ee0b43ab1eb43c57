package org.powersync.jakarta.replication.postgres.type;

/** The kind of value a column has on clients, as schema listings name it by flag. */
public enum SqliteType {
  BLOB(1),
  TEXT(2),
  INTEGER(4),
  REAL(8);

  private final int flag;

  SqliteType(int flag) {
    this.flag = flag;
  }

  /** The number in schema listings (replication section 7.2). */
  public int flag() {
    return flag;
  }
}
