package org.powersync.jakarta.syncconfig.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.powersync.jakarta.syncconfig.BucketNaming;
import org.powersync.jakarta.syncconfig.SyncConfig;
import org.powersync.jakarta.syncconfig.TableEvaluator;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.value.ColumnLayout;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Rows a second on one core, data and lookups of each row evaluated, their JSON not written. One
 * operation is one row.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
public class EvaluationBenchmark {
  private static final int ROWS = 1000;

  private final TableEvaluator byOwner =
      evaluator(
          """
          bucket_definitions:
            by_user:
              parameters: SELECT request.user_id() AS user_id
              data:
                - SELECT * FROM items WHERE owner_id = bucket.user_id
          config: {edition: 2}
          """,
          "items");
  private final TableEvaluator subquery =
      evaluator(
          """
          config: {edition: 3}
          streams:
            s:
              query: >
                SELECT * FROM items WHERE list_id IN
                  (SELECT list_id FROM members WHERE user_id = auth.user_id())
          """,
          "items");
  private final TableEvaluator lookups =
      evaluator(
          """
          config: {edition: 3}
          streams:
            s:
              query: >
                SELECT * FROM todos WHERE list_id IN
                  (SELECT list_id FROM items WHERE owner_id = auth.user_id())
          """,
          "items");
  private final TableEvaluator json =
      evaluator(
          """
          bucket_definitions:
            by_user:
              parameters: SELECT request.user_id() AS user_id
              data:
                - >
                  SELECT id, data ->> '$.title' AS title, data ->> '$.author.name' AS author,
                         data -> '$.tags' AS tags, json_array_length(data, '$.tags') AS tag_count,
                         CAST(data ->> '$.score' AS real) / 2 AS score
                    FROM docs
                   WHERE data ->> '$.owner' = bucket.user_id AND data ->> '$.state' != 'deleted'
          config: {edition: 2}
          """,
          "docs");

  private final List<SourceRow> items = items();
  private final List<SourceRow> docs = docs();
  private final ObjectMapper mapper = new ObjectMapper();

  private static TableEvaluator evaluator(String yaml, String table) {
    return SyncConfig.load(yaml, "public")
        .config()
        .orElseThrow()
        .deployed(BucketNaming.versioned(7))
        .evaluator(new TableName("default", "public", table));
  }

  private static List<SourceRow> items() {
    ColumnLayout layout =
        new ColumnLayout(
            List.of(
                "id",
                "list_id",
                "owner_id",
                "title",
                "position",
                "done",
                "weight",
                "created_at",
                "note",
                "version"));
    List<SourceRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      SqlValue[] values = {
        SqlValue.of("0f8fad5b-d9cb-469f-a165-%012x".formatted(i)),
        SqlValue.of("7c9e6679-7425-40de-944b-%012x".formatted(i % 50)),
        SqlValue.of("3b241101-e2bb-4255-8caf-%012x".formatted(i % 100)),
        SqlValue.of("Item number " + i),
        SqlValue.of(i),
        SqlValue.of(i % 2),
        SqlValue.of(i / 7.0),
        SqlValue.of("2026-11-26T10:11:12.%06dZ".formatted(i)),
        i % 3 == 0 ? SqlValue.NULL : SqlValue.of("a note of some length, of row " + i),
        SqlValue.of(1L << 40 | i)
      };
      rows.add(new SourceRow(layout, values));
    }
    return rows;
  }

  private static List<SourceRow> docs() {
    ColumnLayout layout = new ColumnLayout(List.of("id", "data"));
    List<SourceRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String data =
          """
          {"title": "Document %1$d", "owner": "3b241101-e2bb-4255-8caf-%2$012x", "state": "open", \
          "author": {"name": "Grace Hopper", "email": "grace@example.org", "team": [1, 2, 3]}, \
          "tags": ["red", "green", "blue", "n%1$d"], "score": %1$d.25, "flags": {"a": true, \
          "b": false, "c": null}, "text": "A paragraph of text that nobody asks for, with a \\"quote\\".", \
          "history": [{"at": "2026-11-01", "by": "u1"}, {"at": "2026-11-02", "by": "u2"}]}"""
              .formatted(i, i % 100);
      rows.add(new SourceRow(layout, new SqlValue[] {SqlValue.of("doc-" + i), SqlValue.of(data)}));
    }
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void byOwner(Blackhole sink) {
    evaluate(byOwner, items, sink);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void streamWithSubquery(Blackhole sink) {
    evaluate(subquery, items, sink);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void lookupsOfSubquery(Blackhole sink) {
    evaluate(lookups, items, sink);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void jsonQuery(Blackhole sink) {
    evaluate(json, docs, sink);
  }

  /** What evaluating a row by hand costs at least: its columns by name, and a bucket's name. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void yardstickRow(Blackhole sink) {
    for (SourceRow row : items) {
      Map<String, SqlValue> columns = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        columns.put(row.layout().name(i), row.value(i));
      }
      String owner = ((SqlValue.Text) columns.get("owner_id")).value();
      sink.consume(columns);
      sink.consume("7#by_user[\"" + owner + "\"]");
    }
  }

  /** What reading a document once costs, with Jackson's tree. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void yardstickJson(Blackhole sink) throws JsonProcessingException {
    for (SourceRow row : docs) {
      sink.consume(mapper.readTree(((SqlValue.Text) row.value(1)).value()));
    }
  }

  private static void evaluate(TableEvaluator evaluator, List<SourceRow> rows, Blackhole sink) {
    for (SourceRow row : rows) {
      sink.consume(evaluator.data(row));
      sink.consume(evaluator.parameters(row));
    }
  }
}
