package org.powersync.jakarta.syncconfig.bucket;

import java.util.ArrayList;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.TablePattern;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.query.Match;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/**
 * Which rows of a table go into which buckets, and with what data (sync config section 7.5).
 *
 * @param sql the query as written
 * @param combinations parameter values in the order of bucket names
 */
record DataQuery(
    String definition, String sql, TableProjection projection, Match.Combinations combinations) {

  TablePattern table() {
    return projection.table();
  }

  /** The query over the rows of one table. */
  RowQuery<BucketRow> over(TableName source, String bucketPrefix) {
    return new OverTable(source, bucketPrefix);
  }

  private final class OverTable implements RowQuery<BucketRow> {
    private final TableProjection.OfTable projected;
    private final String bucketPrefix;
    private final BucketName withoutParameters;

    OverTable(TableName source, String bucketPrefix) {
      this.projected = projection.of(source);
      this.bucketPrefix = bucketPrefix;
      this.withoutParameters = new BucketName(bucketPrefix + RowJson.parameters());
    }

    @Override
    public String definition() {
      return definition;
    }

    @Override
    public String sql() {
      return sql;
    }

    @Override
    public List<BucketRow> evaluate(SourceRow row) {
      RowInputs inputs = projected.inputs(row);
      List<SqlValue[]> matched = combinations.of(inputs);
      if (matched.isEmpty()) {
        return List.of();
      }
      TableProjection.Projected output = projected.project(inputs);
      if (matched.size() == 1) {
        return List.of(bucketRow(matched.get(0), output));
      }
      List<BucketRow> rows = new ArrayList<>(matched.size());
      for (SqlValue[] parameters : matched) {
        rows.add(bucketRow(parameters, output));
      }
      return rows;
    }

    private BucketRow bucketRow(SqlValue[] parameters, TableProjection.Projected output) {
      BucketName bucket =
          parameters.length == 0
              ? withoutParameters
              : new BucketName(bucketPrefix.concat(RowJson.parameters(parameters)));
      return new BucketRow(bucket, projected.tableName(), output.id(), output.data());
    }
  }
}
