package org.powersync.jakarta.storage.vector;

import com.fasterxml.jackson.databind.JsonNode;

/** Checks one kind of vector file. */
@FunctionalInterface
public interface VectorFile {
  /** Runs every case of the file, each as one {@link VectorTally#check}. */
  void check(JsonNode file, VectorTally tally) throws Exception;
}
