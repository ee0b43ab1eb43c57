package org.powersync.jakarta.error;

/** What may be done about a failure; the one input of every decision to retry. */
public enum FailureClass {
  /** Passes by itself: the same call may succeed later. */
  RETRY,
  /** Will fail again until something outside this process changes. */
  PERMANENT,
  /** The operator's or caller's input is wrong; the message says what to change. */
  MISTAKE,
  /** Must not happen; a defect of this product. */
  BUG
}
