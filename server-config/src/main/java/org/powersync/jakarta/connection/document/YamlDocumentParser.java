package org.powersync.jakarta.connection.document;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.powersync.jakarta.connection.document.ConfigurationNode.Mapping;
import org.powersync.jakarta.connection.document.ConfigurationNode.Scalar;
import org.powersync.jakarta.connection.document.ConfigurationNode.Sequence;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * YAML 1.2 core schema, with {@code !env} and without merge keys. Bounded: input of 3 MiB, 50
 * aliases of collections, 100 000 nodes after expansion, depth 100.
 */
final class YamlDocumentParser {
  private static final int MAX_NODES = 100_000;
  private static final int MAX_DEPTH = 100;
  private static final Tag ENV = new Tag("!env");
  private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
  private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern INT = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  /** Parser messages that go on with text of the document, which may be a secret. */
  private static final List<String> QUOTING =
      List.of(
          "found undefined alias",
          "found undefined tag handle",
          "found duplicate anchor",
          "found unknown escape character",
          "found character");

  private static final Schema CORE =
      new Schema() {
        @Override
        public ScalarResolver getScalarResolver() {
          return (value, implicit) -> implicit ? resolve(value) : Tag.STR;
        }

        @Override
        public Map<Tag, ConstructNode> getSchemaTagConstructors() {
          return Map.of();
        }
      };

  private final ConfigurationProblems problems;
  private final EnvironmentSubstitution substitution;
  private int nodes;

  YamlDocumentParser(UnaryOperator<String> environment, ConfigurationProblems problems) {
    this.problems = problems;
    this.substitution = new EnvironmentSubstitution(environment, problems);
  }

  private static Tag resolve(String value) {
    if (NULL.matcher(value).matches()) {
      return Tag.NULL;
    }
    if (BOOL.matcher(value).matches()) {
      return Tag.BOOL;
    }
    if (INT.matcher(value).matches()) {
      return Tag.INT;
    }
    return FLOAT.matcher(value).matches() ? Tag.FLOAT : Tag.STR;
  }

  /** The root; empty for an empty document, or after noting an error. */
  Optional<ConfigurationNode> parse(String text) {
    try {
      LoadSettings settings = LoadSettings.builder().setSchema(CORE).setUseMarks(true).build();
      return new Compose(settings)
          .composeString(text)
          .map(root -> convert(root, "", line(root), 0));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(0);
      problems.error("", line, "not valid YAML: " + withoutQuotes(String.valueOf(e.getProblem())));
    } catch (YamlEngineException e) {
      // Its text may quote the document; what remains is size, aliases and odd characters.
      problems.error("", 0, "not valid YAML: too large, too many aliases, or a control character");
    }
    return Optional.empty();
  }

  private static String withoutQuotes(String problem) {
    return QUOTING.stream().filter(problem::startsWith).findFirst().orElse(problem);
  }

  private ConfigurationNode convert(Node node, String path, int line, int depth) {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new YamlEngineException("too many nodes");
    }
    if (node instanceof MappingNode mapping) {
      rejectSubstitution(node, path, line);
      return convertMapping(mapping, path, line, depth);
    }
    if (node instanceof SequenceNode sequence) {
      rejectSubstitution(node, path, line);
      List<ConfigurationNode> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        String itemPath = ConfigurationNode.childPath(path, items.size());
        items.add(convert(item, itemPath, line(item), depth + 1));
      }
      return new Sequence(path, line, items);
    }
    return new Scalar(path, line, value((ScalarNode) node, path, line));
  }

  private void rejectSubstitution(Node node, String path, int line) {
    if (node.getTag().equals(ENV)) {
      problems.error(path, line, "!env must be followed by the name of a variable");
    }
  }

  private Mapping convertMapping(MappingNode mapping, String path, int line, int depth) {
    Map<String, ConfigurationNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int keyLine = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.error(path, keyLine, "keys must be texts");
        continue;
      }
      String childPath = ConfigurationNode.childPath(path, key.getValue());
      if (entries.containsKey(key.getValue())) {
        problems.error(childPath, keyLine, "duplicate key; remove one of the two");
        continue;
      }
      entries.put(key.getValue(), convert(tuple.getValueNode(), childPath, keyLine, depth + 1));
    }
    return new Mapping(path, line, entries);
  }

  private Object value(ScalarNode node, String path, int line) {
    Tag tag = node.getTag();
    String text = node.getValue();
    if (tag.equals(ENV)) {
      return substitution.substitute(text, path, line);
    }
    boolean fits = tag.equals(resolve(text)) || tag.equals(Tag.FLOAT) && resolve(text) == Tag.INT;
    if (tag.equals(Tag.STR) || !fits) {
      return text;
    }
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return text.equalsIgnoreCase("true");
    }
    return number(text);
  }

  private static Double number(String text) {
    if (text.startsWith("0o")) {
      return new BigInteger(text.substring(2), 8).doubleValue();
    }
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16).doubleValue();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".nan")) {
      return Double.NaN;
    }
    if (lower.endsWith(".inf")) {
      return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return Double.valueOf(text);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
