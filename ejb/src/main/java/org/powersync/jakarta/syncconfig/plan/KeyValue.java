package org.powersync.jakarta.syncconfig.plan;

import java.util.List;
import java.util.function.IntConsumer;

/** A value of a key as a querier computes it; entries of all stages are numbered through. */
sealed interface KeyValue {

  /** Visits the entries it comes from. */
  void forEachEntry(IntConsumer visitor);

  /** One of the values computed from the request alone. */
  record Request(int index) implements KeyValue {
    @Override
    public void forEachEntry(IntConsumer visitor) {
      // Comes from none.
    }
  }

  /** An output of the row chosen for an entry. */
  record Output(int entry, int output) implements KeyValue {
    @Override
    public void forEachEntry(IntConsumer visitor) {
      visitor.accept(entry);
    }
  }

  /** What all of these agree on. */
  record Common(List<KeyValue> values) implements KeyValue {
    @Override
    public void forEachEntry(IntConsumer visitor) {
      values.forEach(value -> value.forEachEntry(visitor));
    }
  }
}
