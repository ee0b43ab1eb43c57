package org.powersync.jakarta.replication.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.powersync.jakarta.replication.postgres.pgoutput.MessageBuilder.message;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.error.ErrorCode;
import org.powersync.jakarta.error.PowerSyncException;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Begin;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Column;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Commit;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Delete;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Insert;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.LogicalMessage;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Origin;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Relation;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Truncate;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Type;
import org.powersync.jakarta.replication.postgres.pgoutput.PgOutputMessage.Update;

class PgOutputDecoderTest {
  private static final PgLsn LSN = PgLsn.parse("16/B374D848");
  private static final PgLsn END = PgLsn.parse("16/B374D878");
  private static final long MICROS = 3_500_001L;
  private static final Instant TIME = Instant.parse("2000-01-01T00:00:03.500001Z");
  private static final long HIGH_OID = 4_294_967_295L;

  @Test
  void decodesTheFrameOfATransaction() {
    assertThat(message('B').int64(LSN.value()).int64(MICROS).int32(HIGH_OID).decode())
        .isEqualTo(new Begin(LSN, TIME, HIGH_OID));
    assertThat(message('C').int8(0).int64(LSN.value()).int64(END.value()).int64(MICROS).decode())
        .isEqualTo(new Commit(0, LSN, END, TIME));
    assertThat(message('O').int64(LSN.value()).text("other").decode())
        .isEqualTo(new Origin(LSN, "other"));
  }

  @Test
  void decodesTimesBeforeTheEpochOfPostgres() {
    Begin begin = (Begin) message('B').int64(0).int64(-1).int32(1).decode();
    assertThat(begin.commitTime()).isEqualTo(Instant.parse("1999-12-31T23:59:59.999999Z"));
  }

  @Test
  void decodesRelations() {
    PgOutputMessage decoded =
        message('R')
            .int32(HIGH_OID)
            .text("schöma")
            .text("t")
            .int8('d')
            .int16(2)
            .column(true, "id", 23)
            .column(false, "Größe", 700)
            .decode();
    assertThat(decoded)
        .isEqualTo(
            new Relation(
                HIGH_OID,
                "schöma",
                "t",
                ReplicaIdentity.DEFAULT,
                List.of(new Column(true, "id", 23, -1), new Column(false, "Größe", 700, -1))));
  }

  @Test
  void anEmptySchemaIsTheSystemSchema() {
    assertThat(message('R').int32(1).text("").text("t").int8('f').int16(0).decode())
        .isEqualTo(new Relation(1, "pg_catalog", "t", ReplicaIdentity.FULL, List.of()));
    assertThat(message('Y').int32(7).text("").text("t").decode())
        .isEqualTo(new Type(7, "pg_catalog", "t"));
  }

  @Test
  void decodesRowChanges() {
    Insert insert = (Insert) message('I').int32(5).tuple('N', "1", null).decode();
    assertThat(insert.relationOid()).isEqualTo(5);
    assertThat(insert.after().kind()).isEqualTo(Tuple.Kind.NEW);
    assertThat(insert.after().size()).isEqualTo(2);

    Update plain = (Update) message('U').int32(5).tuple('N', "1", "<u>").decode();
    assertThat(plain.before()).isNull();
    assertThat(plain.after().absent(1)).isTrue();

    Update keyed =
        (Update) message('U').int32(5).tuple('K', "1", null).tuple('N', "2", "x").decode();
    assertThat(keyed.before().kind()).isEqualTo(Tuple.Kind.KEY);
    assertThat(keyed.before().absent(1)).isTrue();

    Delete full = (Delete) message('D').int32(5).tuple('O', "1", null).decode();
    assertThat(full.before().kind()).isEqualTo(Tuple.Kind.OLD);
    assertThat(full.before().absent(1)).isFalse();
  }

  @Test
  void decodesTruncatesAndLogicalMessages() {
    assertThat(message('T').int32(2).int8(3).int32(5).int32(HIGH_OID).decode())
        .isEqualTo(new Truncate(List.of(5L, HIGH_OID), true, true));
    LogicalMessage message =
        (LogicalMessage)
            message('M')
                .int8(1)
                .int64(LSN.value())
                .text("powersync")
                .int32(2)
                .int16(0x6869)
                .decode();
    assertThat(message.transactional()).isTrue();
    assertThat(message.lsn()).isEqualTo(LSN);
    assertThat(message.prefix()).isEqualTo("powersync");
    assertThat(message.content()).isEqualTo(new byte[] {0x68, 0x69});
  }

  @Test
  void readsBuffersWithoutAnArrayAndLeavesThePositionAlone() {
    byte[] bytes = message('I').int32(5).tuple('N', "1").bytes();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    assertThat(PgOutputDecoder.decode(direct)).isInstanceOf(Insert.class);
    assertThat(direct.remaining()).isEqualTo(bytes.length);
  }

  @Test
  void namesThePositionOfADefect() {
    assertThatThrownBy(() -> message('I').int32(5).int8('N').int16(1).int8('x').decode())
        .isInstanceOfSatisfying(
            PowerSyncException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1101);
              assertThat(e.context()).containsEntry("position", 9).containsEntry("kind", "I");
            });
  }

  @Test
  void refusesWhatTheProtocolDoesNotHave() {
    assertMalformed(new byte[0]);
    assertMalformed(message('Z').bytes());
    assertMalformed(message('O').int64(1).text("x").int8(0).bytes());
    assertMalformed(message('I').int32(5).tuple('K', "1").bytes());
    assertMalformed(message('D').int32(5).tuple('N', "1").bytes());
    assertMalformed(message('I').int32(5).int8('N').int16(-1).bytes());
    assertMalformed(message('I').int32(5).int8('N').int16(1).int8('t').int32(-1).bytes());
    assertMalformed(message('I').int32(5).int8('N').int16(1).int8('t').int32(99).bytes());
    assertMalformed(message('I').int32(5).int8('N').int16(1).int8('b').int32(0).bytes());
    assertMalformed(message('R').int32(5).text("s").text("t").int8('x').int16(0).bytes());
    assertMalformed(message('T').int32(Integer.MAX_VALUE).int8(0).int32(1).bytes());
    assertMalformed(message('M').int8(0).int64(1).text("p").int32(-5).bytes());
  }

  @Test
  void everyCutOfAMessageIsMalformed() {
    byte[] whole =
        message('U').int32(5).tuple('O', "1", null, "abc").tuple('N', "1", "<u>", "ö").bytes();
    for (int length = 0; length < whole.length; length++) {
      assertMalformed(Arrays.copyOf(whole, length));
    }
  }

  @Property(tries = 2000)
  void randomBytesAreDecodedOrMalformed(@ForAll @Size(max = 80) byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Property(tries = 2000)
  void damagedMessagesAreDecodedOrMalformed(
      @ForAll @IntRange(max = 60) int at,
      @ForAll byte damage,
      @ForAll @IntRange(max = 3) int pick) {
    byte[] bytes =
        switch (pick) {
          case 0 -> message('U').int32(5).tuple('K', "1", null).tuple('N', "1", "<u>").bytes();
          case 1 ->
              message('R')
                  .int32(5)
                  .text("s")
                  .text("t")
                  .int8('i')
                  .int16(1)
                  .column(true, "a", 25)
                  .bytes();
          case 2 -> message('T').int32(2).int8(1).int32(5).int32(6).bytes();
          default -> message('M').int8(1).int64(7).text("powersync").int32(1).int8(1).bytes();
        };
    bytes[at % bytes.length] = damage;
    decodeOrRefuse(bytes);
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      assertThat(PgOutputDecoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
    } catch (PowerSyncException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1101);
      assertThat(e.context()).containsKey("position");
    }
  }

  private static void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> PgOutputDecoder.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOfSatisfying(
            PowerSyncException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PSYNC_S1101));
  }
}
