package org.powersync.jakarta.sync.ndjson;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.BucketDescriptor;
import org.powersync.jakarta.sync.BucketReason;
import org.powersync.jakarta.sync.Line;
import org.powersync.jakarta.sync.LineEncoder;
import org.powersync.jakarta.sync.StreamDescription;

/**
 * Lines as newline-delimited JSON, content type {@code application/x-ndjson}. Allocates nothing per
 * operation. One per stream.
 */
public final class NdjsonEncoder implements LineEncoder {
  public static final String CONTENT_TYPE = "application/x-ndjson";

  /** Names, punctuation and ids around the row text of one operation, roughly. */
  private static final int OPERATION_OVERHEAD = 200;

  // What is written per operation, ready as bytes.
  private static final byte[] OP_ID = ascii("{\"op_id\":");
  private static final byte[] PUT = ascii(",\"op\":\"PUT\"");
  private static final byte[] REMOVE = ascii(",\"op\":\"REMOVE\"");
  private static final byte[] MOVE = ascii(",\"op\":\"MOVE\"");
  private static final byte[] CLEAR = ascii(",\"op\":\"CLEAR\"");
  private static final byte[] OBJECT_TYPE = ascii(",\"object_type\":");
  private static final byte[] OBJECT_ID = ascii(",\"object_id\":");
  private static final byte[] CHECKSUM = ascii(",\"checksum\":");
  private static final byte[] SUBKEY = ascii(",\"subkey\":");
  private static final byte[] DATA = ascii(",\"data\":");
  private static final byte[] NULL = ascii("null");

  private final boolean rawData;
  private final JsonBytes out = new JsonBytes();

  /**
   * @param rawData row data as a JSON text; otherwise embedded as it is stored, as old clients
   *     expect
   */
  public NdjsonEncoder(boolean rawData) {
    this.rawData = rawData;
  }

  @Override
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public Object form() {
    return rawData ? CONTENT_TYPE : CONTENT_TYPE + " with embedded rows";
  }

  @Override
  public ByteBuffer encode(Line line) {
    out.clear();
    if (line instanceof Line.Data data) {
      data(data.chunk());
    } else if (line instanceof Line.Checkpoint checkpoint) {
      checkpoint(checkpoint);
    } else if (line instanceof Line.CheckpointDiff diff) {
      diff(diff);
    } else if (line instanceof Line.PartialCheckpointComplete partial) {
      out.ascii("{\"partial_checkpoint_complete\":{\"last_op_id\":");
      out.numberText(partial.lastOpId().value());
      out.ascii(",\"priority\":").number(partial.priority()).ascii("}}\n");
    } else if (line instanceof Line.CheckpointComplete complete) {
      out.ascii("{\"checkpoint_complete\":{\"last_op_id\":");
      out.numberText(complete.lastOpId().value()).ascii("}}\n");
    } else if (line instanceof Line.TokenExpiresIn token) {
      out.ascii("{\"token_expires_in\":").number(token.seconds()).ascii("}\n");
    }
    return out.view();
  }

  private void checkpoint(Line.Checkpoint line) {
    out.ascii("{\"checkpoint\":");
    position(line.lastOpId(), line.writeCheckpoint());
    out.ascii(",\"buckets\":");
    array(line.buckets(), this::bucket);
    out.ascii(",\"streams\":");
    array(line.streams(), this::stream);
    out.ascii("}}\n");
  }

  private void diff(Line.CheckpointDiff line) {
    out.ascii("{\"checkpoint_diff\":");
    position(line.lastOpId(), line.writeCheckpoint());
    out.ascii(",\"updated_buckets\":");
    array(line.updatedBuckets(), this::bucket);
    out.ascii(",\"removed_buckets\":");
    array(line.removedBuckets(), bucket -> out.text(bucket.value()));
    out.ascii("}}\n");
  }

  private void position(OpId lastOpId, OptionalLong writeCheckpoint) {
    out.ascii("{\"last_op_id\":").numberText(lastOpId.value());
    if (writeCheckpoint.isPresent()) {
      out.ascii(",\"write_checkpoint\":").numberText(writeCheckpoint.getAsLong());
    }
  }

  private void bucket(BucketDescriptor bucket) {
    out.ascii("{\"bucket\":").text(bucket.bucket().value());
    out.ascii(",\"checksum\":").number(bucket.checksum().checksum());
    out.ascii(",\"count\":").number(bucket.checksum().count());
    out.ascii(",\"priority\":").number(bucket.priority());
    out.ascii(",\"subscriptions\":");
    array(bucket.reasons(), this::reason);
    out.raw('}');
  }

  private void reason(BucketReason reason) {
    out.ascii(
        switch (reason.kind()) {
          case DEFAULT -> "{\"default\":";
          case SUBSCRIPTION -> "{\"sub\":";
        });
    out.number(reason.index()).raw('}');
  }

  private void stream(StreamDescription stream) {
    out.ascii("{\"name\":").text(stream.name());
    out.ascii(stream.isDefault() ? ",\"is_default\":true" : ",\"is_default\":false");
    out.ascii(",\"errors\":");
    array(stream.errors(), this::problem);
    out.raw('}');
  }

  private void problem(StreamDescription.Problem problem) {
    out.ascii("{\"subscription\":");
    if (problem.subscription().isPresent()) {
      out.number(problem.subscription().getAsInt());
    } else {
      out.ascii("\"default\"");
    }
    out.ascii(",\"message\":").text(problem.message()).raw('}');
  }

  private void data(BucketChunk chunk) {
    out.reserve(size(chunk));
    out.ascii("{\"data\":{\"bucket\":").text(chunk.bucket().value());
    out.ascii(",\"after\":").numberText(chunk.after().value());
    out.ascii(chunk.hasMore() ? ",\"has_more\":true" : ",\"has_more\":false");
    out.ascii(",\"data\":[");
    List<BucketOperation> operations = chunk.operations();
    for (int i = 0; i < operations.size(); i++) {
      if (i > 0) {
        out.raw(',');
      }
      operation(operations.get(i));
    }
    out.ascii("],\"next_after\":").numberText(chunk.nextAfter().value()).ascii("}}\n");
  }

  private void operation(BucketOperation operation) {
    out.raw(OP_ID).numberText(operation.opId());
    out.raw(
        switch (operation.kind()) {
          case PUT -> PUT;
          case REMOVE -> REMOVE;
          case MOVE -> MOVE;
          case CLEAR -> CLEAR;
        });
    boolean hasRow =
        switch (operation.kind()) {
          case PUT, REMOVE -> true;
          case MOVE, CLEAR -> false;
        };
    if (hasRow) {
      out.raw(OBJECT_TYPE).text(operation.objectType());
      out.raw(OBJECT_ID).text(operation.objectId());
    }
    out.raw(CHECKSUM).number(operation.checksum());
    if (hasRow) {
      out.raw(SUBKEY).text(operation.subkey());
    }
    if (hasRow || !rawData) {
      row(operation.data());
    }
    out.raw('}');
  }

  private void row(byte[] data) {
    out.raw(DATA);
    if (data == null) {
      out.raw(NULL);
    } else if (rawData) {
      out.text(data);
    } else {
      out.raw(data);
    }
  }

  private <T> void array(Collection<T> elements, Consumer<T> writer) {
    out.raw('[');
    boolean first = true;
    for (T element : elements) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      writer.accept(element);
    }
    out.raw(']');
  }

  private static int size(BucketChunk chunk) {
    long size = OPERATION_OVERHEAD;
    for (BucketOperation operation : chunk.operations()) {
      int data = operation.data() == null ? 0 : operation.data().length;
      size += OPERATION_OVERHEAD + data + (data >> 3);
    }
    return (int) Math.min(size, Integer.MAX_VALUE >> 2);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
