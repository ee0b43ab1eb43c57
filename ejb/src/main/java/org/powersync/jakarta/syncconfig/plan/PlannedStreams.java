package org.powersync.jakarta.syncconfig.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.Definition;
import org.powersync.jakarta.syncconfig.TablePattern;

/**
 * Turns a plan into definitions, one per stream. Data sources and parameter indexes that streams
 * share are evaluated once, for the stream that uses them first.
 */
public final class PlannedStreams {
  /** Edition 3 matches tables of this connection, whatever the text says (section 4.4). */
  private static final String CONNECTION = "default";

  private PlannedStreams() {}

  /**
   * The streams of a plan, in order.
   *
   * @param defaultSchema schema of unqualified tables
   */
  public static List<Definition> of(
      SyncPlan plan, Compatibility compatibility, String defaultSchema) {
    Set<Integer> sources = new HashSet<>();
    Set<Integer> indexes = new HashSet<>();
    List<Definition> definitions = new ArrayList<>();
    for (SyncPlan.Stream stream : plan.streams()) {
      List<Integer> ownSources = new ArrayList<>();
      List<Integer> ownIndexes = new ArrayList<>();
      for (SyncPlan.Querier querier : stream.queriers()) {
        plan.buckets().get(querier.bucket()).sources().stream()
            .filter(sources::add)
            .forEach(ownSources::add);
        querier.stages().stream()
            .flatMap(List::stream)
            .filter(SyncPlan.StageEntry.Lookup.class::isInstance)
            .map(entry -> ((SyncPlan.StageEntry.Lookup) entry).index())
            .filter(indexes::add)
            .forEach(ownIndexes::add);
      }
      definitions.add(
          new PlannedStream(
              stream,
              plan,
              ownSources,
              ownIndexes,
              ExpressionRules.of(compatibility),
              defaultSchema));
    }
    return definitions;
  }

  /** The tables that match, in the default connection. */
  static TablePattern pattern(SyncPlan.Table table, String defaultSchema) {
    return new TablePattern(CONNECTION, table.schema().orElse(defaultSchema), table.name());
  }
}
