package org.powersync.jakarta.sync.bson;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.powersync.jakarta.storage.BucketChunk;
import org.powersync.jakarta.storage.BucketOperation;
import org.powersync.jakarta.storage.OpId;
import org.powersync.jakarta.sync.BucketDescriptor;
import org.powersync.jakarta.sync.BucketReason;
import org.powersync.jakarta.sync.Line;
import org.powersync.jakarta.sync.LineEncoder;
import org.powersync.jakarta.sync.StreamDescription;

/**
 * Lines as BSON documents, content type {@code application/vnd.powersync.bson-stream}. Row data is
 * always a text, counts and indexes are int32, operation ids texts. Allocates nothing per
 * operation. One per stream.
 */
public final class BsonEncoder implements LineEncoder {
  public static final String CONTENT_TYPE = "application/vnd.powersync.bson-stream";

  /** Names, types and ids around the row text of one operation, roughly. */
  private static final int OPERATION_OVERHEAD = 200;

  /** The names of array elements; a data line has at most 1000 operations. */
  private static final byte[][] INDEXES = new byte[1000][];

  static {
    for (int i = 0; i < INDEXES.length; i++) {
      INDEXES[i] = ascii(Integer.toString(i));
    }
  }

  private static final byte[] AFTER = ascii("after");
  private static final byte[] BUCKET = ascii("bucket");
  private static final byte[] BUCKETS = ascii("buckets");
  private static final byte[] CHECKPOINT = ascii("checkpoint");
  private static final byte[] CHECKPOINT_COMPLETE = ascii("checkpoint_complete");
  private static final byte[] CHECKPOINT_DIFF = ascii("checkpoint_diff");
  private static final byte[] CHECKSUM = ascii("checksum");
  private static final byte[] COUNT = ascii("count");
  private static final byte[] DATA = ascii("data");
  private static final byte[] DEFAULT = ascii("default");
  private static final byte[] ERRORS = ascii("errors");
  private static final byte[] HAS_MORE = ascii("has_more");
  private static final byte[] IS_DEFAULT = ascii("is_default");
  private static final byte[] LAST_OP_ID = ascii("last_op_id");
  private static final byte[] MESSAGE = ascii("message");
  private static final byte[] NAME = ascii("name");
  private static final byte[] NEXT_AFTER = ascii("next_after");
  private static final byte[] OBJECT_ID = ascii("object_id");
  private static final byte[] OBJECT_TYPE = ascii("object_type");
  private static final byte[] OP = ascii("op");
  private static final byte[] OP_ID = ascii("op_id");
  private static final byte[] PARTIAL = ascii("partial_checkpoint_complete");
  private static final byte[] PRIORITY = ascii("priority");
  private static final byte[] REMOVED_BUCKETS = ascii("removed_buckets");
  private static final byte[] STREAMS = ascii("streams");
  private static final byte[] SUB = ascii("sub");
  private static final byte[] SUBKEY = ascii("subkey");
  private static final byte[] SUBSCRIPTION = ascii("subscription");
  private static final byte[] SUBSCRIPTIONS = ascii("subscriptions");
  private static final byte[] TOKEN_EXPIRES_IN = ascii("token_expires_in");
  private static final byte[] UPDATED_BUCKETS = ascii("updated_buckets");
  private static final byte[] WRITE_CHECKPOINT = ascii("write_checkpoint");

  private static final byte[] PUT = ascii("PUT");
  private static final byte[] REMOVE = ascii("REMOVE");
  private static final byte[] MOVE = ascii("MOVE");
  private static final byte[] CLEAR = ascii("CLEAR");

  private final BsonBytes out = new BsonBytes();

  @Override
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public ByteBuffer encode(Line line) {
    out.clear();
    int document = out.open();
    if (line instanceof Line.Data data) {
      data(data.chunk());
    } else if (line instanceof Line.Checkpoint checkpoint) {
      checkpoint(checkpoint);
    } else if (line instanceof Line.CheckpointDiff diff) {
      diff(diff);
    } else if (line instanceof Line.PartialCheckpointComplete partial) {
      int mark = out.openDocument(PARTIAL);
      out.numberText(LAST_OP_ID, partial.lastOpId().value());
      out.int32(PRIORITY, partial.priority());
      out.close(mark);
    } else if (line instanceof Line.CheckpointComplete complete) {
      int mark = out.openDocument(CHECKPOINT_COMPLETE);
      out.numberText(LAST_OP_ID, complete.lastOpId().value());
      out.close(mark);
    } else if (line instanceof Line.TokenExpiresIn token) {
      out.int32(TOKEN_EXPIRES_IN, clamped(token.seconds()));
    }
    out.close(document);
    return out.view();
  }

  private void checkpoint(Line.Checkpoint line) {
    int mark = out.openDocument(CHECKPOINT);
    position(line.lastOpId(), line.writeCheckpoint());
    array(BUCKETS, line.buckets(), this::bucket);
    array(STREAMS, line.streams(), this::stream);
    out.close(mark);
  }

  private void diff(Line.CheckpointDiff line) {
    int mark = out.openDocument(CHECKPOINT_DIFF);
    position(line.lastOpId(), line.writeCheckpoint());
    array(UPDATED_BUCKETS, line.updatedBuckets(), this::bucket);
    array(REMOVED_BUCKETS, line.removedBuckets(), (name, bucket) -> out.text(name, bucket.value()));
    out.close(mark);
  }

  private void position(OpId lastOpId, OptionalLong writeCheckpoint) {
    out.numberText(LAST_OP_ID, lastOpId.value());
    if (writeCheckpoint.isPresent()) {
      out.numberText(WRITE_CHECKPOINT, writeCheckpoint.getAsLong());
    }
  }

  private void bucket(byte[] name, BucketDescriptor bucket) {
    int mark = out.openDocument(name);
    out.text(BUCKET, bucket.bucket().value());
    out.int32(CHECKSUM, bucket.checksum().checksum());
    out.int32(COUNT, clamped(bucket.checksum().count()));
    out.int32(PRIORITY, bucket.priority());
    array(SUBSCRIPTIONS, bucket.reasons(), this::reason);
    out.close(mark);
  }

  private void reason(byte[] name, BucketReason reason) {
    int mark = out.openDocument(name);
    out.int32(
        switch (reason.kind()) {
          case DEFAULT -> DEFAULT;
          case SUBSCRIPTION -> SUB;
        },
        reason.index());
    out.close(mark);
  }

  private void stream(byte[] name, StreamDescription stream) {
    int mark = out.openDocument(name);
    out.text(NAME, stream.name());
    out.bool(IS_DEFAULT, stream.isDefault());
    array(ERRORS, stream.errors(), this::problem);
    out.close(mark);
  }

  private void problem(byte[] name, StreamDescription.Problem problem) {
    int mark = out.openDocument(name);
    if (problem.subscription().isPresent()) {
      out.int32(SUBSCRIPTION, problem.subscription().getAsInt());
    } else {
      out.text(SUBSCRIPTION, DEFAULT);
    }
    out.text(MESSAGE, problem.message());
    out.close(mark);
  }

  private void data(BucketChunk chunk) {
    out.reserve(size(chunk));
    int mark = out.openDocument(DATA);
    out.text(BUCKET, chunk.bucket().value());
    out.numberText(AFTER, chunk.after().value());
    out.bool(HAS_MORE, chunk.hasMore());
    int operations = out.openArray(DATA);
    List<BucketOperation> all = chunk.operations();
    for (int i = 0; i < all.size(); i++) {
      operation(index(i), all.get(i));
    }
    out.close(operations);
    out.numberText(NEXT_AFTER, chunk.nextAfter().value());
    out.close(mark);
  }

  private void operation(byte[] name, BucketOperation operation) {
    int mark = out.openDocument(name);
    out.numberText(OP_ID, operation.opId());
    out.text(
        OP,
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
      out.text(OBJECT_TYPE, operation.objectType());
      out.text(OBJECT_ID, operation.objectId());
      out.text(SUBKEY, operation.subkey());
      if (operation.data() == null) {
        out.nothing(DATA);
      } else {
        out.text(DATA, operation.data());
      }
    }
    out.integer(CHECKSUM, operation.checksum());
    out.close(mark);
  }

  private <T> void array(byte[] name, Collection<T> elements, BiConsumer<byte[], T> writer) {
    int mark = out.openArray(name);
    int i = 0;
    for (T element : elements) {
      writer.accept(index(i++), element);
    }
    out.close(mark);
  }

  private static byte[] index(int i) {
    return i < INDEXES.length ? INDEXES[i] : ascii(Integer.toString(i));
  }

  private static int size(BucketChunk chunk) {
    long size = OPERATION_OVERHEAD;
    for (BucketOperation operation : chunk.operations()) {
      int data = operation.data() == null ? 0 : operation.data().length;
      size += OPERATION_OVERHEAD + data;
    }
    return (int) Math.min(size, Integer.MAX_VALUE >> 2);
  }

  private static int clamped(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
