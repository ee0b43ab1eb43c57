package org.powersync.jakarta.sync;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a stream tells its journal. */
final class RecordedJournal implements StreamJournal {
  final List<CheckpointNote> announced = new ArrayList<>();
  final List<DeliveryNote> delivered = new ArrayList<>();

  @Override
  public boolean detailed() {
    return true;
  }

  @Override
  public void announced(CheckpointNote note) {
    announced.add(note);
  }

  @Override
  public void delivered(DeliveryNote note) {
    delivered.add(note);
  }
}
