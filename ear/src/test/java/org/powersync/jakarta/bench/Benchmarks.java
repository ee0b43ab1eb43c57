package org.powersync.jakarta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the benchmarks named on the command line and prints one table. */
public final class Benchmarks {
  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    ALL.put("P1", SnapshotBenchmark.oneBucket());
    ALL.put("P2", SnapshotBenchmark.bucketsByOwner());
    ALL.put("P3", new StreamingBenchmark());
    ALL.put("P4", new SmallTransactionsBenchmark());
    ALL.put("P11", new CompactionBenchmark());
    ALL.put("S10M", new LargeStorageBenchmark());
    ALL.put("P12", new LargeTransactionBenchmark());
    ALL.put("P5", new DownloadBenchmark());
    ALL.put("P6", new ManyDownloadsBenchmark());
    ALL.put("P7", new LatencyBenchmark());
    ALL.put("P8", new ManyStreamsBenchmark());
    ALL.put("P9", new FewConcernedBenchmark());
    ALL.put("P10", new FirstCheckpointBenchmark());
  }

  private Benchmarks() {}

  /**
   * @param args names separated by commas, number of runs, scale, output file
   */
  public static void main(String[] args) throws Exception {
    List<Figure> figures = new ArrayList<>();
    int runs = Integer.parseInt(args[1]);
    for (String name : args[0].split(",")) {
      Benchmark benchmark = ALL.get(name.trim());
      if (benchmark == null) {
        throw new IllegalArgumentException("no benchmark " + name + "; there are " + ALL.keySet());
      }
      try (Bench bench = new Bench(Double.parseDouble(args[2]))) {
        List<Figure> measured = benchmark.run(bench, runs);
        measured.forEach(figure -> System.out.println(figure.row()));
        write(Path.of(args[3]), measured);
        figures.addAll(measured);
      }
    }
    System.out.println();
    System.out.println("| id  | work | product | yardstick | unit | ratio |");
    System.out.println("|---|---|---|---|---|---|");
    for (Figure figure : figures) {
      System.out.println(figure.row());
    }
    System.exit(0);
  }

  private static void write(Path file, List<Figure> figures) throws IOException {
    String machine =
        "%s, %d cores, JDK %s, %s"
            .formatted(
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.arch"));
    Files.createDirectories(file.toAbsolutePath().getParent());
    for (Figure figure : figures) {
      Files.writeString(
          file, figure.json(machine) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
