package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.replication.postgres.pgoutput.MessageBuilder.message;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Delete;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Insert;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Update;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

class RelationLayoutTest {
  private static final List<String> NAMES = List.of("id", "n", "big");
  private static final RelationLayout BY_KEY = layout('d', false);
  private static final RelationLayout FULL = layout('f', true);

  @Test
  void decodesInserts() {
    RelationLayout.IdentifiedRow row =
        BY_KEY.insert((Insert) message('I').int32(5).tuple('N', "7", "-12", null).decode());
    assertThat(row.row()).isEqualTo(row(SqlValue.of("7"), SqlValue.of(-12), SqlValue.NULL));
    assertThat(row.identity()).isEqualTo(RowIdentity.of(row.row(), List.of("id")));
  }

  @Test
  void unchangedValuesAreAbsentWithoutAnOldRow() {
    Update update = (Update) message('U').int32(5).tuple('N', "7", "1", "<u>").decode();
    assertThat(BY_KEY.after(update).row())
        .isEqualTo(row(SqlValue.of("7"), SqlValue.of(1), SqlValue.ABSENT));
  }

  @Test
  void unchangedValuesOfTheKeyComeFromTheOldKey() {
    Update update =
        (Update)
            message('U')
                .int32(5)
                .tuple('K', "7", null, null)
                .tuple('N', "<u>", "1", "<u>")
                .decode();
    RelationLayout.IdentifiedRow after = BY_KEY.after(update);
    assertThat(after.row()).isEqualTo(row(SqlValue.of("7"), SqlValue.of(1), SqlValue.ABSENT));
    assertThat(BY_KEY.identity(update.before(), null)).isEqualTo(after.identity());
  }

  @Test
  void fullIdentityCompletesTheNewRow() {
    Update update =
        (Update)
            message('U').int32(5).tuple('O', "7", null, "abc").tuple('N', "7", "1", "<u>").decode();
    RelationLayout.IdentifiedRow after = FULL.after(update);
    assertThat(after.row()).isEqualTo(row(SqlValue.of("7"), SqlValue.of(1), SqlValue.of("abc")));
    assertThat(after.identity()).isEqualTo(RowIdentity.of(after.row(), NAMES));
    assertThat(FULL.identity(update.before(), null))
        .isEqualTo(RowIdentity.of(row(SqlValue.of("7"), SqlValue.NULL, SqlValue.of("abc")), NAMES));
  }

  @Test
  void placeholdersOfAKeyAreAbsentAndNotNull() {
    Delete delete = (Delete) message('D').int32(5).tuple('K', "7", null, null).decode();
    assertThat(BY_KEY.row(delete.before(), null))
        .isEqualTo(row(SqlValue.of("7"), SqlValue.ABSENT, SqlValue.ABSENT));
    assertThat(BY_KEY.identity(delete.before(), null))
        .isEqualTo(
            RowIdentity.of(row(SqlValue.of("7"), SqlValue.NULL, SqlValue.NULL), List.of("id")));
  }

  @Test
  void rowsOfAnotherWidthAreAnInternalError() {
    Insert narrow = (Insert) message('I').int32(5).tuple('N', "7").decode();
    assertThatThrownBy(() -> BY_KEY.insert(narrow))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1101));
  }

  private static SourceRow row(SqlValue... values) {
    return SourceRow.of(NAMES, List.of(values));
  }

  private static RelationLayout layout(char identity, boolean all) {
    Relation relation =
        (Relation)
            message('R')
                .int32(5)
                .text("public")
                .text("t")
                .int8(identity)
                .int16(3)
                .column(true, "id", 25)
                .column(all, "n", 23)
                .column(all, "big", 25)
                .decode();
    return RelationLayout.of(relation, new TypeRegistry(), Compatibility.ofEdition(3));
  }
}
