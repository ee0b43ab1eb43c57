package org.powersync.jakarta.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.powersync.jakarta.storage.Lsn;

/** {@code lsn-compare.json}. */
public final class LsnVectors implements VectorFile {
  @Override
  public void check(JsonNode file, VectorTally tally) {
    for (JsonNode vector : file.get("cases")) {
      tally.check(
          "greatest of " + vector.get("a") + " and " + vector.get("b"),
          () ->
              assertThat(Lsn.greatest(lsn(vector.get("a")), lsn(vector.get("b"))))
                  .isEqualTo(lsn(vector.get("max"))));
    }
  }

  private static Optional<Lsn> lsn(JsonNode text) {
    return text.isNull() ? Optional.empty() : Optional.of(new Lsn(text.asText()));
  }
}
