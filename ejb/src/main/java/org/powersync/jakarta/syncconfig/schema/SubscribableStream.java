package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * A stream that clients subscribe to themselves, and the parameters it reads.
 *
 * @param parameters by name: plans do not keep the order of the text
 */
public record SubscribableStream(String name, List<Parameter> parameters) {
  public SubscribableStream {
    parameters = List.copyOf(parameters);
  }

  /**
   * A subscription parameter.
   *
   * @param compared what it has to be equal to; nothing when it is used in another way
   */
  public record Parameter(String name, List<Compared> compared) {
    public Parameter {
      compared = List.copyOf(compared);
    }
  }

  /** An expression over the rows of a table. */
  public record Compared(TablePattern table, ColumnKinds.Inferred kinds) {}
}
