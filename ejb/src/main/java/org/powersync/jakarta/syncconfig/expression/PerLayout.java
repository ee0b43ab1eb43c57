package org.powersync.jakarta.syncconfig.expression;

import java.util.function.Function;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;

/**
 * Something worked out once per row layout. Keeps the last one, as the rows of a table share theirs
 * until the table changes. Safe for all threads; a race works it out twice.
 */
public final class PerLayout<T> {
  private final Function<ColumnLayout, T> preparation;
  private volatile Prepared<T> last;

  private record Prepared<T>(ColumnLayout layout, T value) {}

  public PerLayout(Function<ColumnLayout, T> preparation) {
    this.preparation = preparation;
  }

  public T of(ColumnLayout layout) {
    Prepared<T> prepared = last;
    if (prepared == null || prepared.layout != layout && !prepared.layout.equals(layout)) {
      prepared = new Prepared<>(layout, preparation.apply(layout));
      last = prepared;
    }
    return prepared.value;
  }
}
