package org.powersync.jakarta.syncconfig.yaml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.Entry;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlAlias;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlList;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlMap;
import org.powersync.jakarta.syncconfig.yaml.YamlNode.YamlScalar;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Builds nodes from YAML events, because ordinary composing follows aliases. */
final class YamlComposer {
  private static final int MAX_DEPTH = 50;
  private static final String TEXT_TAG = "tag:yaml.org,2002:str";

  private final String yaml;
  private final Iterator<Event> events;
  private final int[] offsets;
  private final Set<Anchor> anchors = new HashSet<>();
  private int depth;

  /** Where the last node begins. */
  private int reached;

  private YamlComposer(String yaml) {
    this.yaml = yaml;
    // A buffer for all of it: refilling one takes the square of a long line's length.
    LoadSettings settings = LoadSettings.builder().setBufferSize(yaml.length() + 1).build();
    this.events = new Parse(settings).parseString(yaml).iterator();
    this.offsets = yaml.codePointCount(0, yaml.length()) == yaml.length() ? null : offsets(yaml);
  }

  /** Marks count code points, places UTF-16 units. */
  private static int[] offsets(String yaml) {
    int[] offsets = new int[yaml.length() + 1];
    int codePoint = 0;
    for (int at = 0; at < yaml.length(); at += Character.charCount(yaml.codePointAt(at))) {
      offsets[codePoint++] = at;
    }
    Arrays.fill(offsets, codePoint, offsets.length, yaml.length());
    return offsets;
  }

  /** The root, empty for a document without content. */
  static Optional<YamlNode> compose(String yaml) throws YamlSyntaxException {
    YamlComposer composer = new YamlComposer(yaml);
    try {
      return composer.document();
    } catch (MarkedYamlEngineException e) {
      int at = e.getProblemMark().map(mark -> composer.offset(mark.getIndex())).orElse(0);
      throw new YamlSyntaxException(e.getProblem(), new Place(at, Math.min(at + 1, yaml.length())));
    } catch (YamlEngineException e) {
      throw new YamlSyntaxException("The text is not YAML: " + e.getMessage(), Place.NONE);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // The library stumbles over some escapes, as in "\\x", instead of refusing them.
      int at = composer.reached;
      throw new YamlSyntaxException(
          "The text behind this place is not YAML", new Place(at, Math.min(at + 1, yaml.length())));
    }
  }

  private Optional<YamlNode> document() throws YamlSyntaxException {
    events.next();
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      return Optional.empty();
    }
    YamlNode root = node(events.next());
    events.next();
    Event last = events.next();
    if (last.getEventId() != Event.ID.StreamEnd) {
      int at = start(last);
      throw new YamlSyntaxException("A sync config is a single YAML document", new Place(at, at));
    }
    return Optional.of(root);
  }

  private YamlNode node(Event event) throws YamlSyntaxException {
    reached = start(event);
    if (++depth > MAX_DEPTH) {
      int at = start(event);
      throw new YamlSyntaxException("The YAML is nested too deeply", new Place(at, at));
    }
    if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
      named.getAnchor().ifPresent(anchors::add);
    }
    YamlNode node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> list((SequenceStartEvent) event);
          case MappingStart -> map((MappingStartEvent) event);
          default -> alias((AliasEvent) event);
        };
    depth--;
    return node;
  }

  private YamlNode alias(AliasEvent event) throws YamlSyntaxException {
    Place place = new Place(start(event), end(event));
    if (!anchors.contains(event.getAlias())) {
      throw new YamlSyntaxException("The alias names no anchor: " + event.getAlias(), place);
    }
    return new YamlAlias(place);
  }

  private YamlNode scalar(ScalarEvent event) {
    ScalarStyle style = event.getScalarStyle();
    YamlScalar.Style written =
        switch (style) {
          case PLAIN -> YamlScalar.Style.PLAIN;
          case SINGLE_QUOTED -> YamlScalar.Style.SINGLE_QUOTED;
          case DOUBLE_QUOTED -> YamlScalar.Style.DOUBLE_QUOTED;
          default -> YamlScalar.Style.BLOCK;
        };
    boolean text = event.getTag().map(tag -> tag.equals(TEXT_TAG) || tag.equals("!")).orElse(false);
    Place source = new Place(contentStart(event), end(event));
    boolean bare = source.start() == source.end() || written == YamlScalar.Style.BLOCK;
    Place place = bare ? source : new Place(source.start(), lineEnd(source.end()));
    boolean mayBeOther = written == YamlScalar.Style.PLAIN && !text;
    return new YamlScalar(event.getValue(), written, mayBeOther, source, place);
  }

  /** Behind the anchor and the tag, with which the event begins. */
  private int contentStart(ScalarEvent event) {
    int at = start(event);
    int end = end(event);
    boolean property = event.getAnchor().isPresent() || event.getTag().isPresent();
    while (property && at < end && (yaml.charAt(at) == '&' || yaml.charAt(at) == '!')) {
      while (at < end && !Character.isWhitespace(yaml.charAt(at))) {
        at++;
      }
      while (at < end && Character.isWhitespace(yaml.charAt(at))) {
        at++;
      }
    }
    return at;
  }

  private YamlNode list(SequenceStartEvent start) throws YamlSyntaxException {
    List<YamlNode> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event));
      event = events.next();
    }
    if (start.isFlow()) {
      return new YamlList(items, new Place(start(start), lineEnd(end(event))));
    }
    int end = items.isEmpty() ? end(event) : items.get(items.size() - 1).place().end();
    return new YamlList(items, new Place(start(start), Math.max(end, start(start))));
  }

  private YamlNode map(MappingStartEvent start) throws YamlSyntaxException {
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      YamlNode key = node(event);
      if (key instanceof YamlScalar scalar && !keys.add(scalar.text())) {
        throw new YamlSyntaxException("The key is there twice: " + scalar.text(), key.place());
      }
      entries.add(new Entry(key, node(events.next())));
      event = events.next();
    }
    if (start.isFlow() || entries.isEmpty()) {
      return new YamlMap(entries, new Place(start(start), lineEnd(end(event))));
    }
    int from = entries.get(0).key().place().start();
    int to = entries.get(entries.size() - 1).value().place().end();
    return new YamlMap(entries, new Place(from, Math.max(from, to)));
  }

  /** Behind the comment and the line break that follow a value; its own end if neither does. */
  private int lineEnd(int end) {
    int at = end;
    while (at < yaml.length() && (yaml.charAt(at) == ' ' || yaml.charAt(at) == '\t')) {
      at++;
    }
    if (at > end && at < yaml.length() && yaml.charAt(at) == '#') {
      while (at < yaml.length() && yaml.charAt(at) != '\n' && yaml.charAt(at) != '\r') {
        at++;
      }
    }
    if (yaml.startsWith("\r\n", at)) {
      return at + 2;
    }
    return at < yaml.length() && yaml.charAt(at) == '\n' ? at + 1 : end;
  }

  private int start(Event event) {
    return event.getStartMark().map(mark -> offset(mark.getIndex())).orElse(0);
  }

  private int end(Event event) {
    return event.getEndMark().map(mark -> offset(mark.getIndex())).orElse(0);
  }

  private int offset(int codePoints) {
    int bounded = Math.min(codePoints, yaml.length());
    return offsets == null ? bounded : offsets[bounded];
  }
}
