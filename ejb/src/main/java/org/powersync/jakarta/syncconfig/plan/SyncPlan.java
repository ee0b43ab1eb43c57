package org.powersync.jakarta.syncconfig.plan;

import java.util.List;
import java.util.Optional;

/**
 * Compiled streams (sync config sections 9 and 12): everything a service needs to evaluate rows and
 * requests, without the SQL it was made from. Immutable. The parts refer to each other by their
 * index in these lists, as in the stored form.
 *
 * @param dataSources without duplicates
 * @param buckets in the order they were made
 * @param parameterIndexes by number
 * @param streams in document order
 */
public record SyncPlan(
    List<DataSource> dataSources,
    List<Bucket> buckets,
    List<ParameterIndex> parameterIndexes,
    List<Stream> streams) {
  public SyncPlan {
    dataSources = List.copyOf(dataSources);
    buckets = List.copyOf(buckets);
    parameterIndexes = List.copyOf(parameterIndexes);
    streams = List.copyOf(streams);
  }

  /** A source table as written; without schema it is in the default one. */
  public record Table(Optional<String> connection, Optional<String> schema, String name) {}

  /** A table function that runs with each row, {@code json_each}. */
  public record RowFunction(String name, List<PlanExpression<PlanInput>> arguments) {
    public RowFunction {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * What is done with the rows of a table, for data and for lookups.
   *
   * @param functions joined with the row, every combination counts
   * @param filters all have to be true
   * @param keys the partition keys, in the order of bucket names and lookups
   */
  public record Processor(
      Table table,
      List<RowFunction> functions,
      List<PlanExpression<PlanInput>> filters,
      List<PlanExpression<PlanInput>> keys) {
    public Processor {
      functions = List.copyOf(functions);
      filters = List.copyOf(filters);
      keys = List.copyOf(keys);
    }
  }

  /**
   * Rows that go into buckets.
   *
   * @param outputTable empty for a wildcard without alias, whose tables keep their names
   */
  public record DataSource(
      Processor processor, List<OutputColumn> columns, Optional<String> outputTable) {
    public DataSource {
      columns = List.copyOf(columns);
    }
  }

  /** An entry of a select list. */
  public sealed interface OutputColumn {
    /** {@code *}. */
    record Star() implements OutputColumn {}

    /** An expression under its name. */
    record Named(PlanExpression<PlanInput> expression, String alias) implements OutputColumn {}
  }

  /**
   * Buckets of one name.
   *
   * @param name {@code stream|number}
   * @param sources indexes of data sources
   */
  public record Bucket(String name, List<Integer> sources) {
    public Bucket {
      sources = List.copyOf(sources);
    }
  }

  /**
   * Rows that lookups find.
   *
   * @param scope the name all its lookups begin with
   * @param queryId its number, behind the scope
   * @param outputs what a lookup gives; none where only existence counts
   */
  public record ParameterIndex(
      Processor processor, List<PlanExpression<PlanInput>> outputs, String scope, String queryId) {
    public ParameterIndex {
      outputs = List.copyOf(outputs);
    }
  }

  /** A stream and what its subscriptions read. */
  public record Stream(String name, int priority, boolean autoSubscribe, List<Querier> queriers) {
    public Stream {
      queriers = List.copyOf(queriers);
    }
  }

  /**
   * How a subscription comes to buckets of one name.
   *
   * @param requestFilters all have to be true
   * @param stages each may use results of those before
   * @param bucket index of the bucket
   * @param values of the bucket's keys
   */
  public record Querier(
      List<PlanExpression<PlanInput>> requestFilters,
      List<List<StageEntry>> stages,
      int bucket,
      List<Value> values) {
    public Querier {
      requestFilters = List.copyOf(requestFilters);
      stages = stages.stream().map(List::copyOf).toList();
      values = List.copyOf(values);
    }
  }

  /** Something that gives rows of values for a request. */
  public sealed interface StageEntry {
    /**
     * A stored lookup.
     *
     * @param index of the parameter index
     * @param keys of its keys
     */
    record Lookup(int index, List<Value> keys) implements StageEntry {
      public Lookup {
        keys = List.copyOf(keys);
      }
    }

    /** A table function over request data; outputs and filters read its columns. */
    record Function(
        RowFunction function,
        List<PlanExpression<PlanInput>> outputs,
        List<PlanExpression<PlanInput>> filters)
        implements StageEntry {
      public Function {
        outputs = List.copyOf(outputs);
        filters = List.copyOf(filters);
      }
    }
  }

  /** A value of a key. */
  public sealed interface Value {
    /** Computed from the request alone. */
    record Request(PlanExpression<PlanInput> expression) implements Value {}

    /** An output of a stage's entry. */
    record Output(int stage, int entry, int output) implements Value {}

    /** What all of these have in common. */
    record Intersection(List<Value> values) implements Value {
      public Intersection {
        values = List.copyOf(values);
      }
    }
  }
}
