package org.powersync.jakarta.syncconfig.schema;

import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.SyncConfig;

/**
 * The tables a client needs for what a config puts out (sync config section 15). Immutable.
 *
 * @param tables in order of first appearance
 * @param streams those that clients subscribe to themselves, of edition 3
 */
public record ClientSchema(List<Table> tables, List<Stream> streams) {
  public ClientSchema {
    tables = List.copyOf(tables);
    streams = List.copyOf(streams);
  }

  /** A stream and the parameters of its subscriptions. */
  public record Stream(String name, List<Parameter> parameters) {
    public Stream {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * A parameter.
   *
   * @param type that of the columns it is compared with; empty when that is not known
   */
  public record Parameter(String name, Optional<ClientType> type) {}

  /** A table; the column {@code id} is always there and never listed. */
  public record Table(String name, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column.
   *
   * @param sourceType the source's name of its type, when it is a plain column of the source
   */
  public record Column(String name, ClientType type, Optional<String> sourceType) {}

  /** The schema of a config over a source. */
  public static ClientSchema of(SyncConfig config, SourceSchema source) {
    return new ClientSchemaInference(source, config.compatibility().edition())
        .of(config.results(), config.subscribableStreams());
  }
}
