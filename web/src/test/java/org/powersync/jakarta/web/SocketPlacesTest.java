package org.powersync.jakarta.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SocketPlacesTest {
  private final SocketPlaces places = new SocketPlaces(2, 3);
  private final List<String> closed = new ArrayList<>();

  private SocketPlaces.Place arrive(String name) {
    return places.arrive(() -> closed.add(name));
  }

  private SocketPlaces.Place accepted(String name) {
    SocketPlaces.Place place = arrive(name);
    assertThat(place.introduce()).isTrue();
    assertThat(place.accept()).isTrue();
    return place;
  }

  @Test
  void connectionsWithoutSetupTakeNoPlace() {
    for (int i = 0; i < 3; i++) {
      arrive("silent");
    }
    accepted("a");
    accepted("b");
    assertThat(arrive("c").introduce()).isFalse();
  }

  @Test
  void theLongestSilentGoesForANewcomer() {
    arrive("a");
    SocketPlaces.Place introduced = arrive("b");
    assertThat(introduced.introduce()).isTrue();
    arrive("c");
    arrive("d");
    assertThat(closed).isEmpty();
    arrive("e");
    arrive("f");
    assertThat(closed).containsExactly("a", "c");
    assertThat(introduced.accept()).isTrue();
  }

  @Test
  void aConnectionThatHadToGoIsNotAcceptedAnyMore() {
    SocketPlaces.Place first = arrive("a");
    for (int i = 0; i < 3; i++) {
      arrive("later");
    }
    assertThat(closed).containsExactly("a");
    assertThat(first.introduce()).isFalse();
  }

  @Test
  void whoLeavesTheRoomLetsNobodyGo() {
    SocketPlaces.Place first = arrive("a");
    arrive("b");
    arrive("c");
    first.leave();
    first.leave();
    arrive("d");
    assertThat(closed).isEmpty();
    arrive("e");
    assertThat(closed).containsExactly("b");
  }

  @Test
  void asManyAsThereArePlacesMayWaitForTheirDecision() {
    SocketPlaces.Place a = arrive("a");
    SocketPlaces.Place b = arrive("b");
    SocketPlaces.Place c = arrive("c");
    assertThat(a.introduce()).isTrue();
    assertThat(b.introduce()).isTrue();
    assertThat(c.introduce()).isFalse();
    a.leave();
    assertThat(c.introduce()).isTrue();
    assertThat(a.accept()).isFalse();
    assertThat(b.accept()).isTrue();
    assertThat(c.accept()).isTrue();
  }

  @Test
  void whoIsDecidedAboutTooLateFindsNoPlace() {
    SocketPlaces.Place slow = arrive("slow");
    assertThat(slow.introduce()).isTrue();
    SocketPlaces.Place a = accepted("a");
    accepted("b");
    assertThat(slow.accept()).isFalse();
    a.leave();
    a.leave();
    assertThat(slow.accept()).isTrue();
    assertThat(arrive("c").introduce()).isFalse();
  }

  @Test
  void placesAreNeitherLostNorDoubledWhereClientsComeAndGoAtOnce() throws Exception {
    SocketPlaces busy = new SocketPlaces(5, 4);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(
          new Thread(
              () -> {
                for (int round = 0; round < 2_000; round++) {
                  SocketPlaces.Place place = busy.arrive(() -> {});
                  if (place.introduce() && place.accept()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                  }
                  place.leave();
                }
              }));
    }
    clients.forEach(Thread::start);
    for (Thread client : clients) {
      client.join();
    }
    assertThat(most.get()).isBetween(1, 5);
    for (int i = 0; i < 5; i++) {
      SocketPlaces.Place place = busy.arrive(() -> {});
      assertThat(place.introduce() && place.accept()).isTrue();
    }
    assertThat(busy.arrive(() -> {}).introduce()).isFalse();
  }
}
