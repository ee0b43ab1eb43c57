package org.powersync.jakarta.storage.postgres.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.powersync.jakarta.storage.RowChange;
import org.powersync.jakarta.storage.postgres.format.Checksums;
import org.powersync.jakarta.storage.postgres.format.StoredRow;

/**
 * Derives from one change after the other what has to be written (storage section 5.7). Better than
 * the reference where that leaves operations behind that nothing removes: an insert over a stored
 * row takes the row out of buckets it no longer belongs to, a row that became too large leaves all
 * of them, and an incomplete row keeps what is stored of it. For one attempt of one transaction.
 */
final class ChangeApplier {
  private static final Logger LOG = Logger.getLogger(ChangeApplier.class.getName());

  private final CurrentRows current;
  private final WriteSet writes;
  private final RowEvaluator evaluator;
  private final Checksums checksums = new Checksums();
  private final List<RowChange.Update> unavailable = new ArrayList<>();

  ChangeApplier(CurrentRows current, WriteSet writes, RowEvaluator evaluator) {
    this.current = current;
    this.writes = writes;
    this.evaluator = evaluator;
  }

  /** Updates that stay incomplete because storage does not know the row. */
  List<RowChange.Update> unavailable() {
    return unavailable;
  }

  void apply(QueuedChange change) throws SQLException {
    CurrentRow existing = current.get(change.currentKey());
    if (existing == null && !change.isInsert()) {
      LOG.log(Level.FINE, "Change of an unknown row of table {0}", change.table().table());
    }
    // Before anything is written: a row under a new identity may need the copy of the old one.
    RowImage image = change.after() == null ? null : image(change, existing);
    if (change.leavesKey()) {
      leave(change.currentKey(), existing);
    }
    if (image != null) {
      arrive(change.afterKey(), image);
    }
  }

  private void leave(RowKey key, CurrentRow existing) {
    if (existing != null) {
      writes.remove(key, existing.buckets());
      writes.withdraw(key, existing.lookups());
    }
    writes.delete(key);
    current.forget(key);
  }

  private void arrive(RowKey key, RowImage image) {
    CurrentRow existing = current.get(key);
    List<BucketRef> buckets = existing == null ? List.of() : existing.buckets();
    List<LookupKey> lookups = existing == null ? List.of() : existing.lookups();
    if (image.completeness() != RowImage.Completeness.INCOMPLETE) {
      writes.put(key, image);
      writes.remove(key, without(buckets, image.buckets()));
      writes.withdraw(key, without(lookups, image.lookupKeys()));
      buckets = image.buckets();
      lookups = image.lookupKeys();
    }
    CurrentRow state = new CurrentRow(buckets, lookups, image.copy(), true);
    writes.store(key, state);
    current.put(key, state);
  }

  private RowImage image(QueuedChange change, CurrentRow existing) throws SQLException {
    if (change.knownAlone()) {
      return change.image();
    }
    if (!change.needsStoredCopy()) {
      return evaluator.image(change, change.after(), checksums);
    }
    byte[] copy = existing == null ? RowImage.NO_COPY : current.copy(change.currentKey());
    RowImage image = change.imageMergedFrom(copy);
    if (image == null) {
      image = evaluator.image(change, StoredRow.merge(change.after(), copy), checksums);
      change.image(image, copy);
    }
    // A live row without a copy was too large once; only the source can complete it.
    boolean unknown = existing == null || existing.live() && copy.length == RowImage.NO_COPY.length;
    if (unknown && image.completeness() == RowImage.Completeness.INCOMPLETE) {
      unavailable.add((RowChange.Update) change.change());
    }
    return image;
  }

  private static <T> List<T> without(List<T> existing, List<T> kept) {
    if (existing.isEmpty() || existing.equals(kept)) {
      return List.of();
    }
    Set<T> keep = new HashSet<>(kept);
    return existing.stream().filter(entry -> !keep.contains(entry)).toList();
  }
}
