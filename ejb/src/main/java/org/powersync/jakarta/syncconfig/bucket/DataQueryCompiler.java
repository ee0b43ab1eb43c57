package org.powersync.jakarta.syncconfig.bucket;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.query.Clause;
import org.powersync.jakarta.syncconfig.query.ClauseCompiler;
import org.powersync.jakarta.syncconfig.query.CompilerSettings;
import org.powersync.jakarta.syncconfig.query.Match;
import org.powersync.jakarta.syncconfig.query.MatchCompiler;
import org.powersync.jakarta.syncconfig.query.QueryReport;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.query.TableSelect;
import org.powersync.jakarta.syncconfig.sql.Statement;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Compiles the data queries of a definition (sync config section 7.5). */
final class DataQueryCompiler {
  private final String definition;
  private final List<String> parameters;
  private final CompilerSettings settings;

  /**
   * @param parameters the bucket parameters, in order
   */
  DataQueryCompiler(String definition, List<String> parameters, CompilerSettings settings) {
    this.definition = definition;
    this.parameters = parameters;
    this.settings = settings;
  }

  /** The query; empty after fatal messages. */
  Optional<DataQuery> compile(QueryReport report) {
    return report
        .select()
        .flatMap(select -> TableSelect.open(select, settings, report))
        .flatMap(this::compile);
  }

  private Optional<DataQuery> compile(TableSelect query) {
    ClauseCompiler clauses =
        new ClauseCompiler(new DataQueryScope(query.scope()), settings.fixedJson(), query.report());
    Optional<Match.Combinations> combinations =
        combinations(query.select(), clauses, query.report());
    TableProjection projection = query.projection(clauses, TableSelect.Id.REQUIRED);
    String sql = query.report().sql().text();
    return combinations.map(matched -> new DataQuery(definition, sql, projection, matched));
  }

  private Optional<Match.Combinations> combinations(
      Statement.Select select, ClauseCompiler clauses, QueryReport report) {
    Clause condition =
        select.where().map(clauses::compile).orElse(Clause.Value.constant(SqlValue.of(1)));
    if (condition == Clause.BROKEN) {
      return Optional.empty();
    }
    Match match = MatchCompiler.match(condition);
    Set<String> covered = new HashSet<>();
    match.parts().forEach(part -> covered.add(part.key()));
    if (!covered.equals(Set.copyOf(parameters))) {
      report.fatal(
          "bucket-parameters-not-covered",
          "The condition has to compare each of the bucket parameters, and no others: "
              + parameters);
      return Optional.empty();
    }
    int[] targets =
        match.parts().stream().mapToInt(part -> parameters.indexOf(part.key())).toArray();
    return Optional.of(match.reordered(targets));
  }
}
