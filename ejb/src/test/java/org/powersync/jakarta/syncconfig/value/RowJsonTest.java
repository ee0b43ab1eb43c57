package org.powersync.jakarta.syncconfig.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded row texts and bucket names. */
class RowJsonTest {
  static Stream<JsonNode> rows() throws IOException {
    return cases("row-json.json");
  }

  static Stream<JsonNode> bucketNames() throws IOException {
    return cases("bucket-name.json");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void writesRecordedRows(JsonNode vector) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (JsonNode member : vector.get("row")) {
      names.add(member.get(0).asText());
      values.add(value(member.get(1)));
    }
    // Decision A1: the reference writes NaN and infinities bare, which is no JSON.
    String expected = vector.get("json").asText().replaceAll(":(NaN|-?Infinity)", ":null");
    assertThat(new String(RowJson.write(names, values), StandardCharsets.UTF_8))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("bucketNames")
  void writesRecordedBucketParameters(JsonNode vector) {
    List<SqlValue> values = new ArrayList<>();
    vector.get("parameters").forEach(parameter -> values.add(value(parameter)));
    assertThat(RowJson.parameters(values.toArray(SqlValue[]::new)))
        .isEqualTo(vector.get("serialized").asText());
  }

  @Test
  void blobsAndAbsentColumnsAreLeftOut() {
    List<SqlValue> values =
        List.of(new SqlValue.Blob(new byte[] {1}), SqlValue.ABSENT, SqlValue.of(1));
    assertThat(RowJson.write(List.of("b", "a", "c"), values)).asString().isEqualTo("{\"c\":1}");
  }

  @Test
  void notANumberInABucketNameIsNull() {
    assertThat(RowJson.parameters(SqlValue.of(Double.NaN), SqlValue.of(-0.0)))
        .isEqualTo("[null,0]");
  }

  private static Stream<JsonNode> cases(String file) throws IOException {
    Path path = Path.of(System.getProperty("vectors.storage"), file);
    List<JsonNode> cases = new ArrayList<>();
    new ObjectMapper().readTree(path.toFile()).get("cases").forEach(cases::add);
    return cases.stream();
  }

  private static SqlValue value(JsonNode typed) {
    String kind = typed.fieldNames().next();
    String text = typed.get(kind).asText();
    return switch (kind) {
      case "null" -> SqlValue.NULL;
      case "undefined" -> SqlValue.ABSENT;
      case "text" -> SqlValue.of(text);
      case "integer" -> SqlValue.of(new BigInteger(text));
      case "real" -> SqlValue.of(Double.parseDouble(text));
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
