package org.powersync.jakarta.bench;

import java.util.List;

/** One benchmark. */
interface Benchmark {
  /** Its figures, over the given number of runs. */
  List<Figure> run(Bench bench, int runs) throws Exception;
}
