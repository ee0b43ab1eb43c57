package org.powersync.jakarta.storage.vector;

import java.util.ArrayList;
import java.util.List;

/** Counts the cases of vector files. */
public final class VectorTally {
  private final List<String> failures = new ArrayList<>();
  private final List<String> unsupported = new ArrayList<>();
  private int passed;

  /** A case; passes when it throws nothing. */
  @FunctionalInterface
  public interface Case {
    void run() throws Exception;
  }

  /** Runs one case and counts it. */
  public void check(String name, Case body) {
    try {
      body.run();
      passed++;
    } catch (Exception | AssertionError e) {
      failures.add(name + ": " + e);
    }
  }

  /** Counts a case that nothing can be said about, with the reason. */
  public void notSupported(String name, String reason) {
    unsupported.add(name + ": " + reason);
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }

  public List<String> unsupported() {
    return List.copyOf(unsupported);
  }

  /** The one line that says it all. */
  public String summary() {
    return "vectors: "
        + passed
        + " passed, "
        + failures.size()
        + " failed, "
        + unsupported.size()
        + " not supported";
  }
}
