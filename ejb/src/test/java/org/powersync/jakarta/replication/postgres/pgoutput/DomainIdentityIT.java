package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.powersync.jakarta.replication.postgres.pgoutput.MessageBuilder.message;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.fixture.TestPostgres;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Delete;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Insert;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.type.ColumnDecoders;
import org.powersync.jakarta.replication.postgres.type.ReadPath;
import org.powersync.jakarta.replication.postgres.type.TypeRegistry;
import org.powersync.jakarta.syncconfig.Compatibility;
import org.powersync.jakarta.syncconfig.value.SourceRow;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Rows keyed by a domain keep their identity from the copy to the stream, in every edition. */
class DomainIdentityIT {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStreamedKeyIdentifiesTheRowThatWasCopied(int edition) throws SQLException {
    Compatibility compatibility = Compatibility.ofEdition(edition);
    TypeRegistry types = new TypeRegistry();
    long domain;
    try (Connection connection = TestPostgres.shared().createDatabase("domains").connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DOMAIN key_d AS int4");
      try (ResultSet row = statement.executeQuery("SELECT 'key_d'::regtype::oid::int8")) {
        row.next();
        domain = row.getLong(1);
      }
      types.resolve(connection, List.of(domain));
    }
    SourceRow copied =
        ColumnDecoders.of(List.of("id"), List.of(domain), types, compatibility, ReadPath.SNAPSHOT)
            .row(new byte[][] {{'7'}});
    RelationLayout streamed = RelationLayout.of(relation(domain), types, compatibility);
    RelationLayout.IdentifiedRow row =
        streamed.insert((Insert) message('I').int32(5).tuple('N', "7").decode());
    Delete delete = (Delete) message('D').int32(5).tuple('K', "7").decode();

    assertThat(copied.value(0)).isEqualTo(SqlValue.of(7));
    assertThat(row.row().value(0)).isEqualTo(edition == 1 ? SqlValue.of("7") : SqlValue.of(7));
    assertThat(row.identity()).isEqualTo(RowIdentity.of(copied, List.of("id")));
    assertThat(streamed.identity(delete.before(), null)).isEqualTo(row.identity());
  }

  private static Relation relation(long keyType) {
    return (Relation)
        message('R')
            .int32(5)
            .text("public")
            .text("t")
            .int8('d')
            .int16(1)
            .column(true, "id", keyType)
            .decode();
  }
}
