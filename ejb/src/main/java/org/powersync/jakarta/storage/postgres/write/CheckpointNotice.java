package org.powersync.jakarta.storage.postgres.write;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.powersync.jakarta.storage.GroupId;
import org.powersync.jakarta.storage.Lsn;

/**
 * Tells all processes about a checkpoint of the active stream, when the transaction commits
 * (storage section 5.12).
 */
record CheckpointNotice(GroupId stream, OptionalLong checkpoint, Optional<Lsn> position) {
  private static final String CHANNEL = "powersynccheckpoints";

  void send(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      statement.setString(1, CHANNEL);
      statement.setString(2, payload());
      statement.execute();
    }
  }

  String payload() {
    StringBuilder out = new StringBuilder("{\"active_checkpoint\":{\"id\":").append(stream);
    out.append(",\"last_checkpoint\":");
    if (checkpoint.isPresent()) {
      out.append('"').append(checkpoint.getAsLong()).append('"');
    } else {
      out.append("null");
    }
    out.append(",\"last_checkpoint_lsn\":");
    if (position.isPresent()) {
      JsonStringEncoder.getInstance().quoteAsString(position.get().value(), out.append('"'));
      out.append('"');
    } else {
      out.append("null");
    }
    return out.append("}}").toString();
  }
}
