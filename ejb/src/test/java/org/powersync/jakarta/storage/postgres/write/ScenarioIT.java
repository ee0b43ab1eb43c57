package org.powersync.jakarta.storage.postgres.write;
import static org.assertj.core.api.Assertions.assertThat;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.powersync.jakarta.storage.vector.VectorTally;
class ScenarioIT {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void s(int v) throws Exception {
    VectorTally t = new VectorTally();
    new WriteScenarioVectors(v).check(new ObjectMapper().readTree(Path.of(System.getProperty("vectors.storage"), "scenario-writes-v" + v + ".json").toFile()), t);
    System.out.println(t.summary()); t.failures().forEach(System.out::println); t.unsupported().forEach(System.out::println);
    assertThat(t.failures()).isEmpty();
  }
}
