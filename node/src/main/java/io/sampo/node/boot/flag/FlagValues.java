package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What every flag is worth after the command line, the environment or the file was read; mutable
 * until then.
 */
public final class FlagValues {
  private final FlagTable table;
  private final Map<String, Object> values = new HashMap<>();
  private final Set<String> explicit = new TreeSet<>();

  /** All defaults of the table. */
  public FlagValues(FlagTable table) {
    this.table = table;
  }

  /**
   * Takes a text for a flag. An empty text leaves a list of URLs as it was (as etcd does), and
   * feature gates add up.
   *
   * @throws SyntaxException with etcd's reason; nothing is changed then
   */
  public void set(FlagSpec spec, String text) throws SyntaxException {
    if (spec.type() == FlagType.FEATURE_GATES) {
      setValue(spec, featureGates().with(text));
    } else if (spec.type() == FlagType.URLS && text.isEmpty()) {
      explicit.add(spec.name());
    } else {
      setValue(spec, spec.type().parse(text));
    }
  }

  /** Takes a value of the class that the flag's type names. */
  public void setValue(FlagSpec spec, Object value) {
    values.put(spec.name(), value);
    explicit.add(spec.name());
  }

  /** Gives a flag a value without marking it as set by the user. */
  public void override(String name, Object value) {
    values.put(name, value);
  }

  /** Names that were set, sorted. */
  public Set<String> explicit() {
    return explicit;
  }

  /** Whether the user set this flag. */
  public boolean isSet(String name) {
    return explicit.contains(name);
  }

  /** Whether the value is another one than the default. */
  public boolean differsFromDefault(FlagSpec spec) {
    return !value(spec.name()).equals(defaultOf(spec));
  }

  /** The table these values belong to. */
  public FlagTable table() {
    return table;
  }

  public String string(String name) {
    return (String) value(name);
  }

  public boolean bool(String name) {
    return (Boolean) value(name);
  }

  /** Numbers, and durations in nanoseconds. */
  public long number(String name) {
    return (Long) value(name);
  }

  /** URLs of a flag of type {@link FlagType#URLS}. */
  public List<EtcdUrl> urls(String name) {
    return list(name, EtcdUrl.class);
  }

  /** Texts of a list flag. */
  public List<String> strings(String name) {
    return list(name, String.class);
  }

  /** The value of {@code --feature-gates}. */
  public FeatureGates featureGates() {
    return (FeatureGates) value("feature-gates");
  }

  private <T> List<T> list(String name, Class<T> type) {
    return ((List<?>) value(name)).stream().map(type::cast).toList();
  }

  private Object value(String name) {
    Object value = values.get(name);
    return value != null ? value : defaultOf(table.getForFile(name));
  }

  private static Object defaultOf(FlagSpec spec) {
    if (spec.defaultText().isEmpty()) {
      return spec.type().empty();
    }
    try {
      return spec.type().parse(spec.defaultText());
    } catch (SyntaxException e) {
      throw new IllegalStateException("default of --" + spec.name(), e);
    }
  }
}
