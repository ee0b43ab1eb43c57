package org.powersync.jakarta.web;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How many WebSocket connections there may be (sync API sections 1.5 and 5, decision 0011). Only
 * those with an accepted SETUP count for the limit of the configuration. As many may wait for the
 * decision about theirs. Those that have sent none are in a room of their own: when it is full, the
 * one that is there longest goes. Safe for all threads.
 */
final class SocketPlaces {
  /** Clients send SETUP right behind the upgrade; this is for very many that come at once. */
  static final int ROOM = 1_000;

  private enum Stage {
    SILENT,
    INTRODUCED,
    ACCEPTED,
    GONE
  }

  private final int limit;
  private final int room;
  private final Set<Place> silent = new LinkedHashSet<>();
  private int introduced;
  private int accepted;

  /**
   * @param limit connections with an accepted SETUP
   * @param room connections without SETUP
   */
  SocketPlaces(int limit, int room) {
    this.limit = limit;
    this.room = room;
  }

  /**
   * A connection is opened; one that was silent for longer may be closed for it.
   *
   * @param close closes the connection
   */
  Place arrive(Runnable close) {
    Place place = new Place(close);
    longestSilent(place).ifPresent(longest -> longest.close.run());
    return place;
  }

  private synchronized Optional<Place> longestSilent(Place newcomer) {
    Optional<Place> longest = Optional.empty();
    if (silent.size() >= room) {
      longest = silent.stream().findFirst();
      longest.ifPresent(Place::leave);
    }
    silent.add(newcomer);
    return longest;
  }

  /** Where one connection is. */
  final class Place {
    private final Runnable close;
    private Stage stage = Stage.SILENT;

    private Place(Runnable close) {
      this.close = close;
    }

    /** SETUP has come; false when it cannot be accepted, whatever it says. */
    boolean introduce() {
      synchronized (SocketPlaces.this) {
        if (stage != Stage.SILENT || accepted >= limit || introduced >= limit) {
          return false;
        }
        silent.remove(this);
        introduced++;
        stage = Stage.INTRODUCED;
        return true;
      }
    }

    /** SETUP is accepted; false when others were faster. */
    boolean accept() {
      synchronized (SocketPlaces.this) {
        if (stage != Stage.INTRODUCED || accepted >= limit) {
          return false;
        }
        introduced--;
        accepted++;
        stage = Stage.ACCEPTED;
        return true;
      }
    }

    /** The connection is closed; may be called more than once. */
    void leave() {
      synchronized (SocketPlaces.this) {
        switch (stage) {
          case SILENT -> silent.remove(this);
          case INTRODUCED -> introduced--;
          case ACCEPTED -> accepted--;
          case GONE -> {
            // Nothing to give back.
          }
        }
        stage = Stage.GONE;
      }
    }
  }
}
