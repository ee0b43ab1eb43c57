package org.powersync.jakarta.replication.postgres.snapshot;

/**
 * A range of a table's blocks as a condition.
 *
 * @param from first block
 * @param blocks of the range, at least 1
 * @param last also what was appended to the table since
 */
record BlockRange(long from, int blocks, boolean last) {
  /** Ranges of ctid are read without a look at the rest of the table since this version. */
  private static final int TID_RANGES_SINCE = 140000;

  /**
   * @param version of the server
   * @param oid of the table
   */
  String condition(int version, long oid) {
    return version < TID_RANGES_SINCE ? everyTid(oid) : between();
  }

  private String between() {
    String lower = "ctid >= '(" + from + ",0)'::tid";
    return last ? lower : lower + " AND ctid < '(" + (from + blocks) + ",0)'::tid";
  }

  /**
   * Older servers go to a row by its ctid, but know no ranges: all that can be in the blocks. What
   * is appended comes by the stream, too, so that its length may be bounded.
   */
  private String everyTid(long oid) {
    String end =
        last
            ? "least("
                + (from + 2L * blocks)
                + ", pg_relation_size("
                + oid
                + "::oid) / current_setting('block_size')::int8)"
            : Long.toString(from + blocks);
    return "ctid = ANY (ARRAY(SELECT ('(' || b || ',' || i || ')')::tid FROM generate_series("
        + from
        + "::int8, "
        + end
        + " - 1) b, generate_series(1, (current_setting('block_size')::int - 24) / 28) i))";
  }
}
