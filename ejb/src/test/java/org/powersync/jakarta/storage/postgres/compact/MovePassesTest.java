package org.powersync.jakarta.storage.postgres.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.powersync.jakarta.storage.postgres.compact.CompactionSteps.Step;

class MovePassesTest {
  @Test
  void someRowsOfEachPageMakeRoomForTheOthers() {
    List<Step> moves = new ArrayList<>();
    for (int op = 1; op <= 8; op++) {
      moves.add(move(op, 200, "(" + op / 5 + "," + op + ")"));
    }
    MovePasses passes = MovePasses.of(moves);
    assertThat(passes.first()).extracting(Step::opId).containsExactly(1L, 5L);
    assertThat(passes.second()).extracting(Step::opId).containsExactly(2L, 3L, 4L, 6L, 7L, 8L);
  }

  @Test
  void smallRowsMakeLessRoom() {
    MovePasses passes =
        MovePasses.of(List.of(move(1, 0, "(7,1)"), move(2, 0, "(7,2)"), move(3, 0, "(7,3)")));
    assertThat(passes.first()).extracting(Step::opId).containsExactly(1L, 3L);
    assertThat(passes.second()).extracting(Step::opId).containsExactly(2L);
  }

  private static Step move(long opId, long bytes, String place) {
    return new Step(0, "a", opId, 1, 100, bytes, place);
  }
}
