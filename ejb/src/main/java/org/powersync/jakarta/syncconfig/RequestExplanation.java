package org.powersync.jakarta.syncconfig;

import java.util.List;
import java.util.Optional;

/**
 * What a bucket definition or stream gives a request, and why.
 *
 * @param definition its name
 * @param outcome the reason in one word
 * @param buckets what it gives, before merging; each says through which subscription
 * @param lookups what it asked for in all
 * @param unanswered the lookups that found no rows
 * @param errors what failed; other subscriptions may have worked
 */
public record RequestExplanation(
    String definition,
    Outcome outcome,
    List<ResolvedBucket> buckets,
    List<ParameterLookup> lookups,
    List<ParameterLookup> unanswered,
    List<SyncRequest.StreamError> errors) {

  /** Why there are buckets or none. */
  public enum Outcome {
    /** There are buckets. */
    BUCKETS,
    /** It is no default and no subscription names it, or defaults are switched off. */
    NOT_SUBSCRIBED,
    /** The request does not meet the conditions on it, or lacks a value that is compared. */
    CONDITION_NOT_MET,
    /** Lookups were asked and did not find what is needed. */
    NOTHING_FOUND,
    /** It could not be evaluated for this request. */
    FAILED
  }

  public RequestExplanation {
    buckets = List.copyOf(buckets);
    lookups = List.copyOf(lookups);
    unanswered = List.copyOf(unanswered);
    errors = List.copyOf(errors);
  }

  /** Of a definition that does not take part. */
  static RequestExplanation notSubscribed(String definition) {
    return new RequestExplanation(
        definition, Outcome.NOT_SUBSCRIBED, List.of(), List.of(), List.of(), List.of());
  }

  /** Of a definition that fails the whole request. */
  static RequestExplanation failed(String definition, String about, String text) {
    SyncRequest.StreamError error =
        new SyncRequest.StreamError(definition, Optional.empty(), about, text);
    return new RequestExplanation(
        definition, Outcome.FAILED, List.of(), List.of(), List.of(), List.of(error));
  }
}
