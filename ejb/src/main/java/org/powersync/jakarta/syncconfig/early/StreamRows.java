package org.powersync.jakarta.syncconfig.early;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.BucketRow;
import org.powersync.jakarta.syncconfig.RowQuery;
import org.powersync.jakarta.syncconfig.TableName;
import org.powersync.jakarta.syncconfig.expression.RowInputs;
import org.powersync.jakarta.syncconfig.query.TableProjection;
import org.powersync.jakarta.syncconfig.value.RowJson;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** A stream over the rows of one table: an entry for each variant and combination of values. */
final class StreamRows implements RowQuery<BucketRow> {
  private final String stream;
  private final EarlyStream.Query query;
  private final TableProjection.OfTable projected;
  private final String[] prefixes;

  /**
   * @param prefix of bucket names, up to the number of the variant
   */
  StreamRows(String stream, EarlyStream.Query query, TableName table, String prefix) {
    this.stream = stream;
    this.query = query;
    this.projected = query.projection().of(table);
    this.prefixes =
        query.variants().stream().map(variant -> prefix + variant.number()).toArray(String[]::new);
  }

  @Override
  public String definition() {
    return stream;
  }

  @Override
  public String sql() {
    return query.sql();
  }

  @Override
  public List<BucketRow> evaluate(SourceRow row) {
    RowInputs inputs = projected.inputs(row);
    RowInputs conditions = query.projection().table().wildcard() ? unseen(inputs) : inputs;
    List<BucketRow> rows = List.of();
    TableProjection.Projected output = null;
    for (int i = 0; i < prefixes.length; i++) {
      for (SqlValue[] parameters : query.variants().get(i).ofRow(conditions)) {
        if (output == null) {
          output = projected.project(inputs);
          rows = new ArrayList<>(2);
        }
        BucketName bucket = new BucketName(prefixes[i] + RowJson.parameters(parameters));
        rows.add(new BucketRow(bucket, projected.tableName(), output.id(), output.data()));
      }
    }
    return rows;
  }

  /** Conditions on a wildcard table never see the row (sync config section 8.4). */
  private static RowInputs unseen(RowInputs inputs) {
    int[] nowhere = new int[inputs.slots()];
    Arrays.fill(nowhere, -1);
    return new RowInputs(inputs.row(), nowhere, SqlValue.NULL);
  }
}
