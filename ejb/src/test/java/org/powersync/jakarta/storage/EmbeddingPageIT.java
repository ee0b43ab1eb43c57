package org.powersync.jakarta.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.powersync.jakarta.storage.postgres.cases.StorageCase;

/** The examples of {@code docs/embedding.md} compile and do what the page says. */
class EmbeddingPageIT {
  private static final String IMPORTS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;
      import jakarta.enterprise.context.*;
      import jakarta.enterprise.event.*;
      import jakarta.inject.*;
      import java.util.*;
      import org.powersync.jakarta.storage.*;
      import org.powersync.jakarta.syncconfig.*;
      import org.powersync.jakarta.syncconfig.value.*;
      """;

  /** What the page takes from its reader's application. */
  private static final String PRICE = "public record Price(String id, long cents) {}";

  private static final String READER =
      """
      public class PriceReader {
        public int read(BucketStorageProvider storage, BucketName bucket) {
          int operations = 0;
          %s
          return operations;
        }
      }
      """;

  @TempDir Path classes;

  @Test
  void theExamplesFeedAndReadBuckets() throws Exception {
    String feed = example("Feeding buckets");
    String read = example("Reading buckets");
    assertThat(read).contains("// repeat");
    compile("Price", PRICE);
    compile("PriceFeed", feed);
    compile(
        "PriceReader",
        READER.formatted(read.replace("// repeat", "operations += chunk.operations().size(); //")));
    try (StorageCase storage = new StorageCase(2, StorageCase.E);
        URLClassLoader loader =
            new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Object feeding = feeding(loader, storage);
      call(feeding, "start", new Class<?>[] {StorageReady.class}, (Object) null);
      ReplicationStream stream = storage.provider().deploying().orElseThrow();
      Constructor<?> price =
          loader.loadClass("Price").getDeclaredConstructor(String.class, long.class);
      Class<?>[] changes = {List.class, long.class};
      call(
          feeding,
          "publish",
          changes,
          List.of(price.newInstance("a", 5), price.newInstance("b", 7)),
          1L);
      call(feeding, "publish", changes, List.of(price.newInstance("a", 6)), 2L);

      assertThat(storage.provider().active()).map(ReplicationStream::id).contains(stream.id());
      assertThat(storage.rows("SELECT op_id, row_id, data FROM powersync.bucket_data ORDER BY 1"))
          .extracting(row -> row.get("row_id").asText() + row.get("data").asText())
          .containsExactly(
              "a{\"id\":\"a\",\"amount\":5}",
              "b{\"id\":\"b\",\"amount\":7}",
              "a{\"id\":\"a\",\"amount\":6}");
      Object reader = loader.loadClass("PriceReader").getDeclaredConstructor().newInstance();
      assertThat(
              call(
                  reader,
                  "read",
                  new Class<?>[] {
                    BucketStorageProvider.class, org.powersync.jakarta.syncconfig.BucketName.class
                  },
                  storage.provider(),
                  new org.powersync.jakarta.syncconfig.BucketName(stream.id() + "#prices[]")))
          .isEqualTo(3);
    }
  }

  /** The first Java block below a heading of the page. */
  private static String example(String heading) throws Exception {
    String page = Files.readString(page());
    Matcher block =
        Pattern.compile("## " + heading + "\\n.*?```java\\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).as(heading).isTrue();
    return block.group(1);
  }

  private static Path page() {
    String root = System.getProperty("maven.multiModuleProjectDirectory", "..");
    return Optional.of(Path.of(root, "docs", "embedding.md"))
        .filter(Files::exists)
        .orElse(Path.of("..", "docs", "embedding.md"));
  }

  private void compile(String name, String text) throws Exception {
    Path source = Files.writeString(classes.resolve(name + ".java"), IMPORTS + text);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path") + java.io.File.pathSeparator + classes),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(source.toFile()))
            .call();
    assertThat(compiled).as("%s compiles: %s", name, messages).isTrue();
  }

  private static Object feeding(ClassLoader loader, StorageCase storage) throws Exception {
    Object feeding = loader.loadClass("PriceFeed").getDeclaredConstructor().newInstance();
    Field injected = feeding.getClass().getDeclaredField("storage");
    injected.setAccessible(true);
    injected.set(feeding, storage.provider());
    return feeding;
  }

  private static Object call(Object target, String name, Class<?>[] types, Object... arguments)
      throws Exception {
    Method method = target.getClass().getDeclaredMethod(name, types);
    method.setAccessible(true);
    return method.invoke(target, arguments);
  }
}
