package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.query.TableSelect;
import org.powersync.jakarta.syncconfig.sql.Expression;
import org.powersync.jakarta.syncconfig.yaml.Messages;
import org.powersync.jakarta.syncconfig.yaml.SqlText;
import org.powersync.jakarta.syncconfig.yaml.StreamDefinition;

/** Compiles the streams of edition 2, reporting everything that is wrong with them. */
public final class EarlyStreamCompiler {
  private static final List<List<Term>> UNCONDITIONAL = List.of(List.of());

  private final CompilerSettings settings;
  private final Messages messages;

  public EarlyStreamCompiler(CompilerSettings settings, Messages messages) {
    this.settings = settings;
    this.messages = messages;
  }

  /** The stream; of no use once there is a fatal message. */
  public EarlyStream compile(StreamDefinition definition) {
    return new EarlyStream(
        definition.name(),
        definition.autoSubscribe(),
        definition.queries().stream().findFirst().flatMap(sql -> query(definition, sql)));
  }

  private Optional<EarlyStream.Query> query(StreamDefinition definition, SqlText sql) {
    QueryReport report = new QueryReport(sql, messages);
    return report
        .select()
        .flatMap(select -> TableSelect.open(select, select.span(), settings, report))
        .flatMap(query -> query(definition, query));
  }

  private Optional<EarlyStream.Query> query(StreamDefinition definition, TableSelect query) {
    QueryReport report = query.report();
    StreamFunctions functions = new StreamFunctions();
    ClauseCompiler clauses =
        new ClauseCompiler(new StreamScope(query.scope(), functions), settings.fixedJson(), report);
    Optional<List<List<Term>>> terms = terms(query, clauses, functions);
    TableProjection projection = query.projection(clauses, TableSelect.Id.REQUIRED);
    if (definition.autoSubscribe() && functions.subscriptionUsed()) {
      report.warning(
          "auto-subscribe-with-subscription-parameters",
          "A default subscription has no parameters",
          report.sql().whole());
    }
    return terms.map(
        variants ->
            new EarlyStream.Query(
                report.sql().text(), projection, variants(definition.name(), variants)));
  }

  private Optional<List<List<Term>>> terms(
      TableSelect query, ClauseCompiler clauses, StreamFunctions functions) {
    if (query.select().where().isEmpty()) {
      return Optional.of(UNCONDITIONAL);
    }
    QueryReport report = query.report();
    Expression where = query.select().where().get();
    Condition condition =
        new ConditionCompiler(
                clauses, Optional.of(new SubqueryCompiler(settings, functions, report)), report)
            .compile(where);
    if (condition == Condition.BROKEN) {
      return Optional.empty();
    }
    if (query.pattern().wildcard() && !query.scope().columns().names().isEmpty()) {
      report.warning(
          "wildcard-condition-without-row",
          "Conditions on a wildcard table do not see its columns in edition 2; use edition: 3",
          where.span());
    }
    Optional<List<List<Term>>> variants = condition.variants();
    if (variants.isEmpty()) {
      report.fatal(
          "too-many-or-terms",
          "AND over OR makes more than " + Condition.MAX_PRODUCTS + " combinations",
          where.span());
    }
    return variants;
  }

  private static List<Variant> variants(String stream, List<List<Term>> terms) {
    List<Variant> variants = new ArrayList<>();
    List<Lookup> lookups = new ArrayList<>();
    for (List<Term> factors : terms) {
      variants.add(
          Variant.of(
              variants.size(),
              factors,
              subquery -> {
                Lookup lookup = new Lookup(stream, Integer.toString(lookups.size()), subquery);
                lookups.add(lookup);
                return lookup;
              }));
    }
    return variants;
  }
}
