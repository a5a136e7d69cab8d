package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as the JSON that etcd's reader (sigs.k8s.io/yaml 1.6) makes of it: the first document alone,
 * the scalars of {@link GoScalars}, keys as strings in the order of their bytes, the last of equal
 * keys. The grammar is SnakeYAML's, which like Go's is YAML 1.1.
 */
final class GoYaml {
  /** What a plain scalar without a tag gets here; Go's rules say what it is. */
  private static final Tag PLAIN = new Tag("plain");

  private static final String MERGE = "<<";

  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private GoYaml() {}

  /**
   * The document: null, a {@link String}, {@link Boolean}, {@link JsonNumber}, {@link List} or
   * {@link Map} of such.
   *
   * @throws SyntaxException in etcd's words; the details of a broken grammar are SnakeYAML's
   */
  static Object toJson(byte[] yaml) throws SyntaxException {
    try {
      LoaderOptions options = new LoaderOptions();
      StreamReader reader = new StreamReader(new UnicodeReader(new ByteArrayInputStream(yaml)));
      Composer composer =
          new Composer(new ParserImpl(reader, options), new PlainResolver(), options);
      return composer.checkNode() ? new GoYaml().value(composer.getNode()) : null;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw broken("yaml: line " + line + ": " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw broken("yaml: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
  }

  private static SyntaxException broken(String reason, YAMLException cause) {
    SyntaxException named = conversion(reason);
    named.initCause(cause);
    return named;
  }

  static SyntaxException conversion(String reason) {
    return new SyntaxException("error converting YAML to JSON: " + reason);
  }

  private Object value(Node node) throws SyntaxException {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    if (!open.add(node)) {
      throw conversion("yaml: anchor value contains itself");
    }
    Object value;
    if (node instanceof SequenceNode sequence) {
      List<Object> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(value(item));
      }
      value = items;
    } else {
      Map<String, Object> keys = new TreeMap<>();
      putAll((MappingNode) node, keys);
      value = keys;
    }
    open.remove(node);
    return value;
  }

  private void putAll(MappingNode mapping, Map<String, Object> keys) throws SyntaxException {
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (key instanceof ScalarNode scalar && isMerge(scalar)) {
        merge(entry.getValueNode(), keys);
      } else {
        keys.put(key(key, entry.getValueNode()), value(entry.getValueNode()));
      }
    }
  }

  private static boolean isMerge(ScalarNode key) {
    return key.getValue().equals(MERGE)
        && (key.getTag().equals(PLAIN) || key.getTag().equals(Tag.MERGE));
  }

  /** Merged keys count where they stand; of several maps the first has the last word. */
  private void merge(Node node, Map<String, Object> keys) throws SyntaxException {
    if (node instanceof MappingNode mapping) {
      putAll(mapping, keys);
      return;
    }
    if (node instanceof SequenceNode sequence
        && sequence.getValue().stream().allMatch(MappingNode.class::isInstance)) {
      List<Node> maps = new ArrayList<>(sequence.getValue());
      Collections.reverse(maps);
      for (Node map : maps) {
        putAll((MappingNode) map, keys);
      }
      return;
    }
    throw conversion("yaml: map merge requires map or sequence of maps as the value");
  }

  private String key(Node key, Node value) throws SyntaxException {
    if (!(key instanceof ScalarNode scalar)) {
      throw conversion("yaml: invalid map key: " + value(key));
    }
    Object resolved = scalar(scalar);
    if (resolved == null) {
      throw conversion(
          "unsupported map key of type: %!s(<nil>), key: <nil>, value: " + value(value));
    }
    return resolved.toString();
  }

  private static Object scalar(ScalarNode node) throws SyntaxException {
    return node.getTag().equals(PLAIN)
        ? GoScalars.plain(node.getValue())
        : GoScalars.tagged(node.getTag().getValue(), node.getValue());
  }

  private static final class PlainResolver extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return kind != NodeId.scalar
          ? super.resolve(kind, value, implicit)
          : implicit ? PLAIN : Tag.STR;
    }
  }
}
