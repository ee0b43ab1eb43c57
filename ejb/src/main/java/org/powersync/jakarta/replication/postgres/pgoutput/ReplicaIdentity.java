package org.powersync.jakarta.replication.postgres.pgoutput;

/** What a table sends of the old row with updates and deletes ({@code pg_class.relreplident}). */
public enum ReplicaIdentity {
  /** The primary key, or nothing without one. */
  DEFAULT('d'),
  /** No old values; such tables only insert and truncate. */
  NOTHING('n'),
  /** All columns: rows of updates are always complete. */
  FULL('f'),
  /** The columns of a unique index. */
  INDEX('i');

  private final char letter;

  ReplicaIdentity(char letter) {
    this.letter = letter;
  }

  /** The letter in the catalogue and in Relation messages. */
  public char letter() {
    return letter;
  }

  /**
   * The identity of a letter.
   *
   * @throws IllegalArgumentException when no identity has this letter
   */
  public static ReplicaIdentity of(char letter) {
    for (ReplicaIdentity identity : values()) {
      if (identity.letter == letter) {
        return identity;
      }
    }
    throw new IllegalArgumentException("no replica identity: " + letter);
  }
}
