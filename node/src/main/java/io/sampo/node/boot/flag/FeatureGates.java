package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The switches of {@code --feature-gates}; immutable. Names, stages and defaults are those of etcd
 * 3.7.1.
 */
public final class FeatureGates {

  /** A feature that can be switched. */
  public enum Gate {
    StopGRPCServiceOnDefrag(false, Stage.ALPHA),
    InitialCorruptCheck(false, Stage.ALPHA),
    CompactHashCheck(false, Stage.ALPHA),
    TxnModeWriteWithSharedBuffer(true, Stage.BETA),
    LeaseCheckpoint(false, Stage.ALPHA),
    LeaseCheckpointPersist(false, Stage.ALPHA),
    SetMemberLocalAddr(false, Stage.ALPHA),
    FastLeaseKeepAlive(true, Stage.BETA),
    PriorityRequest(false, Stage.ALPHA);

    private final boolean enabledByDefault;
    private final Stage stage;

    Gate(boolean enabledByDefault, Stage stage) {
      this.enabledByDefault = enabledByDefault;
      this.stage = stage;
    }

    /** What holds if nobody switches it. */
    public boolean isEnabledByDefault() {
      return enabledByDefault;
    }
  }

  private enum Stage {
    ALPHA,
    BETA
  }

  private static final String ALL_ALPHA = "AllAlpha";
  private static final String ALL_BETA = "AllBeta";

  /** Nothing switched. */
  public static final FeatureGates DEFAULTS = new FeatureGates(Map.of());

  private final Map<String, Boolean> switched;

  private FeatureGates(Map<String, Boolean> switched) {
    this.switched = switched;
  }

  /** Whether the feature is on. */
  public boolean isEnabled(Gate gate) {
    return switched.getOrDefault(gate.name(), gate.enabledByDefault);
  }

  /** The stage, {@code ALPHA} or {@code BETA}, of every name that can be switched. */
  public static Map<String, String> stages() {
    Map<String, String> stages = new TreeMap<>();
    stages.put(ALL_ALPHA, Stage.ALPHA.name());
    stages.put(ALL_BETA, Stage.BETA.name());
    for (Gate gate : Gate.values()) {
      stages.put(gate.name(), gate.stage.name());
    }
    return stages;
  }

  /** Whether what this name of {@link #stages} means is on. */
  public boolean isOn(String name) {
    if (switched.containsKey(name)) {
      return switched.get(name);
    }
    return !name.equals(ALL_ALPHA) && !name.equals(ALL_BETA) && isEnabled(Gate.valueOf(name));
  }

  /**
   * These gates with those of {@code name=true,name=false} switched too; {@code AllAlpha} and
   * {@code AllBeta} switch what is not named, here or before.
   *
   * @throws SyntaxException with etcd's text for an unknown name or a bad value
   */
  public FeatureGates with(String text) throws SyntaxException {
    Map<String, Boolean> given = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      if (!part.isEmpty()) {
        parseSwitch(part, given);
      }
    }
    for (String name : given.keySet()) {
      if (!isKnown(name)) {
        throw new SyntaxException("unrecognized feature gate: " + name);
      }
    }
    Map<String, Boolean> result = new TreeMap<>(switched);
    result.putAll(given);
    switchStage(given.get(ALL_ALPHA), Stage.ALPHA, result);
    switchStage(given.get(ALL_BETA), Stage.BETA, result);
    return new FeatureGates(result);
  }

  private static void parseSwitch(String part, Map<String, Boolean> given) throws SyntaxException {
    int equals = part.indexOf('=');
    String name = (equals < 0 ? part : part.substring(0, equals)).strip();
    if (equals < 0) {
      throw new SyntaxException("missing bool value for " + name);
    }
    String value = part.substring(equals + 1).strip();
    try {
      given.put(name, GoSyntax.parseBool(value));
    } catch (SyntaxException e) {
      SyntaxException named =
          new SyntaxException(
              "invalid value of %s=%s, err: strconv.ParseBool: parsing %s: invalid syntax"
                  .formatted(name, value, GoSyntax.quote(value)));
      named.initCause(e);
      throw named;
    }
  }

  private static boolean isKnown(String name) {
    if (name.equals(ALL_ALPHA) || name.equals(ALL_BETA)) {
      return true;
    }
    for (Gate gate : Gate.values()) {
      if (gate.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void switchStage(Boolean value, Stage stage, Map<String, Boolean> result) {
    if (value == null) {
      return;
    }
    for (Gate gate : Gate.values()) {
      if (gate.stage == stage) {
        result.putIfAbsent(gate.name(), value);
      }
    }
  }

  /**
   * {@code name=value,...} of everything that was switched, sorted: the form of etcd's start line.
   */
  @Override
  public String toString() {
    return switched.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureGates gates && gates.switched.equals(switched);
  }

  @Override
  public int hashCode() {
    return switched.hashCode();
  }
}
