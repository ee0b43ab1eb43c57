package org.powersync.jakarta.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.syncconfig.BucketName;

class CompactCommandTest {
  @Test
  void everythingByDefault() {
    assertThat(parse()).isEqualTo(new CompactCommand(Optional.empty(), true, false));
  }

  @Test
  void namedBucketsLeaveParametersAlone() {
    assertThat(parse("-b", " global[] , 1#by[\"a,b\",2] "))
        .isEqualTo(
            new CompactCommand(
                Optional.of(List.of(new BucketName("global[]"), new BucketName("1#by[\"a,b\",2]"))),
                false,
                false));
    assertThat(parse("--buckets=a[\"]\\\",\"],b[]", "-p").buckets().orElseThrow())
        .containsExactly(new BucketName("a[\"]\\\",\"]"), new BucketName("b[]"));
  }

  @Test
  void anEmptyListMeansNoBuckets() {
    assertThat(parse("--buckets", " ", "--parameter-indexes"))
        .isEqualTo(new CompactCommand(Optional.of(List.of()), true, false));
  }

  @Test
  void parametersCanBeLeftOut() {
    assertThat(parse("--no-parameter-indexes", "--incremental-only"))
        .isEqualTo(new CompactCommand(Optional.empty(), false, true));
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> parse("-b", "global"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("global")
        .hasMessageContaining("global[]");
    assertThatThrownBy(() -> parse("-b")).hasMessageContaining("needs a list");
    assertThatThrownBy(() -> parse("--all")).hasMessageContaining("--all");
  }

  private static CompactCommand parse(String... arguments) {
    return CompactCommand.parse(List.of(arguments));
  }
}
