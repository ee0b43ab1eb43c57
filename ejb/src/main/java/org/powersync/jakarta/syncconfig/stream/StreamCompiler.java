package org.powersync.jakarta.syncconfig.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.plan.PlanExpression;
import org.powersync.jakarta.syncconfig.plan.SyncPlan;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;
import org.powersync.jakarta.syncconfig.yaml.StreamDefinition;
import org.powersync.jakarta.syncconfig.yaml.SyncConfigDocument;

/** Compiles the streams of edition 3 as a whole, reporting everything that is wrong with them. */
public final class StreamCompiler {
  private static final int DEFAULT_PRIORITY = 3;
  private static final int MAX_BUCKETS = 100;

  /** What a stored plan can hold, with room for what is around it. */
  private static final int MAX_HEIGHT = 900;

  private final Report report;
  private final PlanBuilder plan = new PlanBuilder();

  private StreamCompiler(Messages messages) {
    this.report = new Report(messages);
  }

  /** The plan; of no use once there is a fatal message. */
  public static SyncPlan compile(SyncConfigDocument document, Messages messages) {
    return new StreamCompiler(messages).compile(document);
  }

  private SyncPlan compile(SyncConfigDocument document) {
    CommonTables global = new CommonTables(Optional.empty(), document.with(), report);
    for (StreamDefinition definition : document.streams()) {
      compile(definition, global);
    }
    global.finish(report);
    return plan.plan();
  }

  private void compile(StreamDefinition definition, CommonTables global) {
    CommonTables common = new CommonTables(Optional.of(global), definition.with(), report);
    List<ResolvedTerm> terms = new ArrayList<>();
    for (SqlText sql : definition.queries()) {
      query(sql, common).ifPresent(query -> terms.addAll(terms(query)));
    }
    common.finish(report);
    if (!definition.acceptDangerous()) {
      terms.forEach(new DangerCheck(report)::check);
    }
    int buckets =
        plan.add(
            definition.name(),
            definition.priority().orElse(DEFAULT_PRIORITY),
            definition.autoSubscribe(),
            terms);
    if (buckets > MAX_BUCKETS) {
      report.fatal(
          "too-many-buckets",
          "The stream has " + buckets + " kinds of buckets, more than " + MAX_BUCKETS,
          definition.namePlace());
    }
  }

  /** A query with its names resolved; empty when something in it is wrong. */
  private Optional<StreamQuery> query(SqlText sql, CommonTables common) {
    int before = report.fatalCount();
    Optional<Statement.Select> parsed = Selects.parse(sql, report);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    Statement.Select select = parsed.get();
    QueryCompiler queries = new QueryCompiler(sql, common, report);
    QueryCompiler.Resolved resolved = queries.resolve(select, Optional.empty());
    SelectListCompiler list = new SelectListCompiler(queries, resolved.scope());
    Optional<Item.Table> primary = list.compile(select);
    List<List<Part>> terms =
        new Disjunction(report).terms(resolved.conditions(), queries.origin(select.span()));
    checkHeight(list.columns(), terms, queries.origin(select.span()));
    return report.fatalCount() == before
        ? primary.map(table -> new StreamQuery(table, list.columns(), terms))
        : Optional.empty();
  }

  private void checkHeight(
      List<StreamQuery.Column> columns, List<List<Part>> terms, Origin origin) {
    int columnHeight =
        columns.stream()
            .flatMap(column -> column.expression().stream())
            .mapToInt(PlanExpression::height)
            .max()
            .orElse(0);
    int partHeight = terms.stream().flatMap(List::stream).mapToInt(Part::height).max().orElse(0);
    if (Math.max(columnHeight, partHeight) > MAX_HEIGHT) {
      report.fatal(
          "expression-not-supported",
          "Expressions are nested too deeply, or too many conditions are combined",
          origin);
    }
  }

  private List<ResolvedTerm> terms(StreamQuery query) {
    List<ResolvedTerm> terms = new ArrayList<>();
    for (List<Part> term : query.terms()) {
      new TermResolver(query, term, report).resolve().ifPresent(terms::add);
    }
    return terms;
  }
}
