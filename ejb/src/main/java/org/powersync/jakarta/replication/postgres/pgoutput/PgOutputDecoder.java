package org.powersync.jakarta.replication.postgres.pgoutput;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Decodes messages of {@code pgoutput}, protocol version 1 in text mode. Row values are not copied:
 * the messages keep the buffer's array, as PgJDBC hands out a fresh one for each message. Stateless
 * and safe for all threads.
 */
public final class PgOutputDecoder {
  private static final String SYSTEM_SCHEMA = "pg_catalog";
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;
  private static final long MICROS = 1_000_000L;
  private static final int NANOS_PER_MICRO = 1000;
  private static final int CASCADE = 1;
  private static final int RESTART_IDENTITY = 2;

  private PgOutputDecoder() {}

  /**
   * Decodes one message, from the buffer's position to its limit; the buffer itself stays as it is.
   *
   * @throws org.powersync.jakarta.error.PowerSyncException {@code PSYNC_S1101} with the position in
   *     the message when it is malformed or of an unknown kind
   */
  public static PgOutputMessage decode(ByteBuffer buffer) {
    MessageBytes in = MessageBytes.of(buffer);
    PgOutputMessage message = decode(in);
    in.expectEnd();
    return message;
  }

  private static PgOutputMessage decode(MessageBytes in) {
    byte kind = in.int8();
    return switch (kind) {
      case 'B' -> new Begin(lsn(in), time(in), in.uint32());
      case 'C' -> new Commit(in.int8(), lsn(in), lsn(in), time(in));
      case 'O' -> new Origin(lsn(in), in.text());
      case 'R' -> relation(in);
      case 'Y' -> new Type(in.uint32(), schema(in), in.text());
      case 'I' -> insert(in);
      case 'U' -> update(in);
      case 'D' -> delete(in);
      case 'T' -> truncate(in);
      case 'M' -> new LogicalMessage(in.int8() == 1, lsn(in), in.text(), in.content(in.int32()));
      default -> throw in.malformed("unknown message of the replication stream");
    };
  }

  private static Relation relation(MessageBytes in) {
    long oid = in.uint32();
    String schema = schema(in);
    String name = in.text();
    ReplicaIdentity identity = identity(in);
    int count = in.count16();
    List<Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(new Column((in.int8() & 1) != 0, in.text(), in.uint32(), in.int32()));
    }
    return new Relation(oid, schema, name, identity, columns);
  }

  private static String schema(MessageBytes in) {
    String schema = in.text();
    return schema.isEmpty() ? SYSTEM_SCHEMA : schema;
  }

  private static ReplicaIdentity identity(MessageBytes in) {
    byte letter = in.int8();
    for (ReplicaIdentity identity : ReplicaIdentity.values()) {
      if (identity.letter() == letter) {
        return identity;
      }
    }
    throw in.malformed("unknown replica identity in the replication stream");
  }

  private static Insert insert(MessageBytes in) {
    long oid = in.uint32();
    return new Insert(oid, tuple(in, Tuple.Kind.NEW, in.int8()));
  }

  private static Update update(MessageBytes in) {
    long oid = in.uint32();
    byte letter = in.int8();
    if (letter == 'N') {
      return new Update(oid, null, tuple(in, Tuple.Kind.NEW, letter));
    }
    Tuple before = before(in, letter);
    return new Update(oid, before, tuple(in, Tuple.Kind.NEW, in.int8()));
  }

  private static Delete delete(MessageBytes in) {
    long oid = in.uint32();
    return new Delete(oid, before(in, in.int8()));
  }

  private static Tuple before(MessageBytes in, byte letter) {
    return tuple(in, letter == 'K' ? Tuple.Kind.KEY : Tuple.Kind.OLD, letter);
  }

  private static Tuple tuple(MessageBytes in, Tuple.Kind kind, byte letter) {
    if (letter != letter(kind)) {
      throw in.malformed("unexpected tuple in the replication stream");
    }
    int[] starts = new int[in.count16()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = in.position();
      switch (in.int8()) {
        case 'n', 'u' -> {}
        case 't' -> in.skip(in.int32());
        case 'b' -> throw in.malformed("binary value in the replication stream, expected text");
        default -> throw in.malformed("unknown kind of column in the replication stream");
      }
    }
    return new Tuple(kind, in.bytes(), starts);
  }

  private static char letter(Tuple.Kind kind) {
    return switch (kind) {
      case NEW -> 'N';
      case OLD -> 'O';
      case KEY -> 'K';
    };
  }

  private static Truncate truncate(MessageBytes in) {
    int count = in.int32();
    int options = in.int8();
    List<Long> oids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      oids.add(in.uint32());
    }
    return new Truncate(oids, (options & CASCADE) != 0, (options & RESTART_IDENTITY) != 0);
  }

  private static PgLsn lsn(MessageBytes in) {
    return new PgLsn(in.int64());
  }

  private static Instant time(MessageBytes in) {
    long micros = in.int64();
    return Instant.ofEpochSecond(
        POSTGRES_EPOCH_SECONDS + Math.floorDiv(micros, MICROS),
        Math.floorMod(micros, MICROS) * NANOS_PER_MICRO);
  }
}
