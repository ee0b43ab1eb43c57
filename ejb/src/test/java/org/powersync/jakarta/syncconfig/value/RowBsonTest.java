package org.powersync.jakarta.syncconfig.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowBsonTest {
  static Stream<JsonNode> currentDataRows() throws IOException {
    return cases("current-data-row.json");
  }

  static Stream<JsonNode> rowIdentities() throws IOException {
    return cases("row-identity-uuid.json");
  }

  @ParameterizedTest
  @MethodSource("currentDataRows")
  void writesTheStoredFormOfARow(JsonNode vector) {
    SourceRow row = row(vector.get("row"));
    assertThat(hex(RowBson.document(row))).isEqualTo(vector.get("bson_hex").asText());
  }

  @ParameterizedTest
  @MethodSource("rowIdentities")
  void namesARowByItsIdentityColumns(JsonNode vector) {
    SourceRow row = row(vector.get("row"));
    List<String> columns = new ArrayList<>();
    vector.get("identity_columns").forEach(column -> columns.add(column.asText()));
    byte[] bson = RowBson.document(columns, columns.stream().map(row::value).toList());
    assertThat(hex(bson)).isEqualTo(vector.get("bson_hex").asText());
    assertThat(NameUuid.of(bson)).isEqualTo(UUID.fromString(vector.get("uuid").asText()));
  }

  @Test
  void nestsArraysAndDocuments() {
    byte[] bson =
        new BsonWriter()
            .startArray("l")
            .member("0", SqlValue.of("mybucket"))
            .member("1", new SqlValue.RawJson(List.of(true, Map.of("b", 1.5, "7", "x"))))
            .end()
            .uuid("id", NameUuid.NAMESPACE)
            .finish();
    BsonDocument read =
        new BsonDocumentCodec()
            .decode(new BsonBinaryReader(ByteBuffer.wrap(bson)), DecoderContext.builder().build());
    assertThat(read.getArray("l").get(0).asString().getValue()).isEqualTo("mybucket");
    assertThat(read.getArray("l").get(1).asArray().get(0).asBoolean().getValue()).isTrue();
    assertThat(read.getArray("l").get(1).asArray().get(1).asDocument().keySet())
        .containsExactly("7", "b");
    assertThat(read.getBinary("id").asUuid()).isEqualTo(NameUuid.NAMESPACE);
  }

  @Test
  void writesTextOutsideTheBasicPlaneAndLoneSurrogates() {
    String text = "é日\uD83D\uDE00\uD800x";
    byte[] bson = RowBson.document(List.of("t"), List.of(SqlValue.of(text)));
    BsonDocument read =
        new BsonDocumentCodec()
            .decode(new BsonBinaryReader(ByteBuffer.wrap(bson)), DecoderContext.builder().build());
    assertThat(read.getString("t").getValue()).isEqualTo("é日\uD83D\uDE00\uFFFDx");
  }

  @Test
  void refusesNamesThatWouldBreakTheDocument() {
    assertThatThrownBy(() -> RowBson.document(List.of("a\0b"), List.of(SqlValue.NULL)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyCanonicalDecimalsLookLikeIndexes() {
    assertThat(List.of("0", "7", "4294967294")).allMatch(MemberOrder::isIndex);
    assertThat(List.of("", "00", "01", "-1", "4294967295", "99999999999", "1a", "٣"))
        .noneMatch(MemberOrder::isIndex);
    assertThat(MemberOrder.permutation(List.of("a", "b"))).isNull();
    assertThat(MemberOrder.permutation(List.of("b", "10", "a", "9"))).containsExactly(3, 1, 0, 2);
  }

  private static Stream<JsonNode> cases(String file) throws IOException {
    Path path = Path.of(System.getProperty("vectors.storage"), file);
    JsonNode cases = new ObjectMapper().readTree(path.toFile()).get("cases");
    return StreamSupport.stream(cases.spliterator(), false);
  }

  private static SourceRow row(JsonNode members) {
    List<String> names = new ArrayList<>();
    List<SqlValue> values = new ArrayList<>();
    for (JsonNode member : members) {
      names.add(member.get(0).asText());
      values.add(value(member.get(1)));
    }
    return SourceRow.of(names, values);
  }

  private static SqlValue value(JsonNode node) {
    Map.Entry<String, JsonNode> entry = node.properties().iterator().next();
    String text = entry.getValue().asText();
    return switch (entry.getKey()) {
      case "text" -> SqlValue.of(text);
      case "integer" -> SqlValue.of(new BigInteger(text));
      case "real" -> SqlValue.of(Double.parseDouble(text));
      case "blob" -> new SqlValue.Blob(HexFormat.of().parseHex(text));
      case "null" -> SqlValue.NULL;
      case "undefined" -> SqlValue.ABSENT;
      default -> throw new AssertionError("unknown kind " + entry.getKey());
    };
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
