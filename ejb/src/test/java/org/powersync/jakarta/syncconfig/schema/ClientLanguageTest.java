package org.powersync.jakarta.syncconfig.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClientLanguageTest {
  private static final ClientSchema SCHEMA =
      new ClientSchema(
          List.of(
              new ClientSchema.Table(
                  "user_lists",
                  List.of(
                      column("created_at", ClientType.TEXT),
                      column("size", ClientType.INTEGER),
                      column("ratio", ClientType.REAL)))),
          List.of(
              new ClientSchema.Stream("all", List.of()),
              new ClientSchema.Stream(
                  "todos-of_list",
                  List.of(
                      new ClientSchema.Parameter("list_id", Optional.of(ClientType.TEXT)),
                      new ClientSchema.Parameter("min_size", Optional.of(ClientType.INTEGER)),
                      new ClientSchema.Parameter("any", Optional.empty())))));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "JAVASCRIPT; const user_lists = new Table(",
        "JAVASCRIPT; created_at: column.text,",
        "TYPESCRIPT; export type Database = (typeof AppSchema)['types']",
        "JAVASCRIPT_LEGACY; new Column({ name: 'size', type: ColumnType.INTEGER })",
        "DART; Table('user_lists', [",
        "DART; Column.real('ratio')",
        "KOTLIN; Column.integer(\"size\")",
        "SWIFT; .text(\"created_at\")",
        "DOTNET; public static Table UserLists = new Table(",
        "DOTNET; {\"size\", ColumnType.INTEGER}",
        "DOTNET_ATTRIBUTES; [Table(\"user_lists\")]",
        "DOTNET_ATTRIBUTES; public long? Size { get",
        "DRIFT; CREATE TABLE \"user_lists\" (",
        "SQLDELIGHT; \"ratio\" REAL",
        "ROOM; @Entity(tableName = \"user_lists\")",
        "ROOM; val `createdAt`: String?",
        "JAVASCRIPT; export function allStream(database) {",
        "JAVASCRIPT; /** @param {{ list_id: string; min_size: number; any: unknown }} parameters */",
        "TYPESCRIPT; todosOfListStream(database: AbstractPowerSyncDatabase, parameters: { list_id:",
        "TYPESCRIPT; return database.syncStream('todos-of_list', parameters);",
        "DART; extension SyncStreams on PowerSyncDatabase {",
        "DART; SyncStream allStream() =>",
        "DART; {required String listId, required int minSize, required Object? any}",
        "DART; {'list_id': listId, 'min_size': minSize, 'any': any}",
        "KOTLIN; fun PowerSyncDatabase.todosOfListStream(`listId`: String, `minSize`: Long, `any`:",
        "KOTLIN; mapOf(\"list_id\" to JsonParam.String(`listId`), \"min_size\" to JsonParam.Number(",
        "SWIFT; func allStream() -> any SyncStream {",
        "SWIFT; [\"list_id\": .string(`listId`), \"min_size\": .int(`minSize`), \"any\": `any`]",
        "DOTNET; AllStream(this IPowerSyncDatabase database) =>",
        "DOTNET_ATTRIBUTES; SyncStream(\"todos-of_list\", new Dictionary<string, object> {{\"list_id\""
      })
  void writesEachLanguageAsItsSdkReadsIt(ClientLanguage language, String part) {
    assertThat(language.write(SCHEMA)).contains(part).endsWith("\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = ClientLanguage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DRIFT", "SQLDELIGHT"})
  void namesOfTheSourceDoNotBreakOutOfTheirQuotes(ClientLanguage language) {
    String written =
        language.write(
            new ClientSchema(
                List.of(
                    new ClientSchema.Table(
                        "a'b\"c\\\n", List.of(column("1'; \"x$y", ClientType.TEXT))),
                    new ClientSchema.Table("a_b_c", List.of())),
                List.of(
                    new ClientSchema.Stream(
                        "s'\"\\",
                        List.of(new ClientSchema.Parameter("p'\"*/\\", Optional.empty()))))));
    String outside =
        written
            .replaceAll("\"(?:[^\"\\\\]|\\\\.|\"\")*\"", "")
            .replaceAll("'(?:[^'\\\\]|\\\\.)*'", "");
    assertThat(outside.chars().filter(c -> c == '"' || c == '\\').count()).isZero();
  }

  @Test
  void namesInSqlAreQuotedAsInSql() {
    assertThat(
            ClientLanguage.DRIFT.write(
                new ClientSchema(List.of(new ClientSchema.Table("a\"b\\", List.of())), List.of())))
        .startsWith("CREATE TABLE \"a\"\"b\\\" (");
  }

  @Test
  void tablesOfAlikeNamesStayApart() {
    String written =
        ClientLanguage.ROOM.write(
            new ClientSchema(
                List.of(
                    new ClientSchema.Table("a_b", List.of()),
                    new ClientSchema.Table("a-b", List.of())),
                List.of()));
    assertThat(written).contains("data class AB(").contains("data class AB2(");
  }

  private static ClientSchema.Column column(String name, ClientType type) {
    return new ClientSchema.Column(name, type, Optional.empty());
  }
}
