package org.powersync.jakarta.storage;

/**
 * Bounds of one read.
 *
 * @param rows operations in all
 * @param chunkSize UTF-16 units of row text in one chunk; a single larger row travels alone
 */
public record ReadLimits(int rows, int chunkSize) {
  public static final ReadLimits DEFAULT = new ReadLimits(1000, 1 << 20);
}
