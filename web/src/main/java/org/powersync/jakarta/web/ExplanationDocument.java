package org.powersync.jakarta.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.powersync.jakarta.syncconfig.BucketName;
import org.powersync.jakarta.syncconfig.ParameterLookup;
import org.powersync.jakarta.syncconfig.RequestExplanation;
import org.powersync.jakarta.syncconfig.ResolvedBucket;
import org.powersync.jakarta.syncconfig.RowExplanation;
import org.powersync.jakarta.syncconfig.SyncRequest;
import org.powersync.jakarta.syncconfig.value.SqlValue;

/** Explanations of the active sync config as documents. */
final class ExplanationDocument {
  private ExplanationDocument() {}

  static Map<String, Object> rows(List<RowExplanation> explanations) {
    return Map.of("queries", explanations.stream().map(ExplanationDocument::row).toList());
  }

  private static Map<String, Object> row(RowExplanation explanation) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("definition", explanation.definition());
    document.put("query", explanation.query());
    document.put("buckets", explanation.buckets().stream().map(BucketName::value).toList());
    document.put("lookups", lookups(explanation.lookups()));
    explanation.error().ifPresent(e -> document.put("error", error(e.about(), e.text())));
    return document;
  }

  static Map<String, Object> requests(List<RequestExplanation> explanations) {
    return Map.of("definitions", explanations.stream().map(ExplanationDocument::request).toList());
  }

  private static Map<String, Object> request(RequestExplanation explanation) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("definition", explanation.definition());
    document.put("outcome", explanation.outcome().name().toLowerCase(Locale.ROOT));
    document.put(
        "buckets", explanation.buckets().stream().map(ExplanationDocument::bucket).toList());
    document.put("lookups", lookups(explanation.lookups()));
    document.put("unanswered", lookups(explanation.unanswered()));
    document.put(
        "errors", explanation.errors().stream().map(e -> error(e.about(), e.text())).toList());
    return document;
  }

  private static Map<String, Object> bucket(ResolvedBucket bucket) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("bucket", bucket.bucket().value());
    document.put("priority", bucket.priority());
    document.put("reasons", bucket.reasons().stream().map(ExplanationDocument::reason).toList());
    return document;
  }

  /** As in checkpoints: {@code default}, or the number of the subscription. */
  private static Object reason(SyncRequest.Reason reason) {
    return reason.subscription().isPresent()
        ? (Object) reason.subscription().getAsInt()
        : "default";
  }

  private static List<Map<String, Object>> lookups(List<ParameterLookup> lookups) {
    return lookups.stream().map(ExplanationDocument::lookup).toList();
  }

  private static Map<String, Object> lookup(ParameterLookup lookup) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", lookup.name());
    document.put("query", lookup.queryId());
    document.put("values", lookup.values().stream().map(ExplanationDocument::value).toList());
    return document;
  }

  /** Null, numbers and texts as themselves; what JSON has no form for as a description. */
  private static Object value(SqlValue value) {
    if (value instanceof SqlValue.Text text) {
      return text.value();
    }
    if (value instanceof SqlValue.Int number) {
      return number.value();
    }
    if (value instanceof SqlValue.BigInt number) {
      return number.value();
    }
    if (value instanceof SqlValue.Real number && Double.isFinite(number.value())) {
      return number.value();
    }
    return value == SqlValue.NULL ? null : value.toString();
  }

  private static Map<String, Object> error(String about, String text) {
    return Map.of("about", about, "text", text);
  }
}
