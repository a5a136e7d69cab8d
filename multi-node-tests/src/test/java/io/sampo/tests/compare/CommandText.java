package io.sampo.tests.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import io.sampo.tests.process.CommandResult;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a command said, without what differs from run to run: times, sizes, Raft positions. Members
 * come in the order of their ids, which differ, and a client tries again as often as it likes: so
 * the lines are sorted and each is kept once.
 */
final class CommandText {

  /** By their names in JSON. */
  private static final Set<String> VOLATILE =
      Set.of(
          "raft_term",
          "raftTerm",
          "raftIndex",
          "raftAppliedIndex",
          "dbSize",
          "dbSizeInUse",
          "totalSize",
          "ts",
          "took",
          "size",
          "attempt",
          "stack");

  private static final Map<Pattern, String> MASKS =
      Map.of(
          Pattern.compile(
              "\"(RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Size|Took)\" : .*"),
          "\"$1\" : <n>",
          Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:?\\d\\d)"),
          "<time>",
          Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?"),
          "<time>",
          Pattern.compile("\\b\\d+(\\.\\d+)?(ns|µs|ms|s)(?!\\w)"),
          "<time>",
          Pattern.compile("\\b\\d+(\\.\\d+)? (B|kB|MB|GB)(?!\\w)"),
          "<size>",
          Pattern.compile("\\b\\d+%"),
          "<percent>",
          // is leader, is learner, term, index, applied index
          Pattern.compile(
              "(true|false)( ?[,|│]) (true|false)( ?[,|│]) \\d+ ?[,|│] \\d+ ?[,|│] \\d+"),
          "$1$2 $3$4 <positions>",
          Pattern.compile("LocalAddr: '[^']*'"),
          "LocalAddr: <any>",
          Pattern.compile("0x[0-9a-f]{6,}"),
          "<pointer>",
          Pattern.compile("\\[\\d+( \\d+){31}]"),
          "<checksum>");

  private static final Pattern INITIAL_CLUSTER =
      Pattern.compile("(?<=ETCD_INITIAL_CLUSTER=\")[^\"]*");

  /** How often a client gets to that is a matter of time. */
  private static final String TRYING_AGAIN = "code = DeadlineExceeded";

  private CommandText() {}

  static String of(CommandResult result, Identities identities) {
    return "exit "
        + result.exitCode()
        + "\n"
        + lines("", result.out(), identities)
        + lines("stderr: ", result.err(), identities);
  }

  private static String lines(String prefix, String text, Identities identities) {
    return text.lines()
        .map(line -> line(line, identities))
        .filter(line -> !line.isBlank() && !line.contains(TRYING_AGAIN))
        .distinct()
        .sorted()
        .map(line -> prefix + line + "\n")
        .collect(Collectors.joining());
  }

  private static String line(String line, Identities identities) {
    UnaryOperator<String> mask = text -> masked(text, identities);
    if (line.startsWith("{") || line.startsWith("[")) {
      try {
        return canonical(JsonParser.parseString(line), mask).toString();
      } catch (JsonSyntaxException notJson) {
        return mask.apply(line);
      }
    }
    return mask.apply(line);
  }

  private static String masked(String line, Identities identities) {
    String text = identities.mask(line);
    text = INITIAL_CLUSTER.matcher(text).replaceAll(CommandText::inOrder);
    // A table is as wide as its cells.
    text = text.replaceAll("([-─])+", "$1").replaceAll("[ \t]+", " ");
    for (Map.Entry<Pattern, String> entry : MASKS.entrySet()) {
      text = entry.getKey().matcher(text).replaceAll(entry.getValue());
    }
    return text.strip();
  }

  private static String inOrder(MatchResult list) {
    return Arrays.stream(list.group().split(",")).sorted().collect(Collectors.joining(","));
  }

  private static JsonElement canonical(JsonElement element, UnaryOperator<String> mask) {
    if (element.isJsonArray()) {
      JsonArray array = new JsonArray();
      StreamSupport.stream(element.getAsJsonArray().spliterator(), false)
          .map(one -> canonical(one, mask))
          .sorted((left, right) -> left.toString().compareTo(right.toString()))
          .forEach(array::add);
      return array;
    }
    if (element.isJsonObject()) {
      JsonObject object = new JsonObject();
      for (String name : new TreeSet<>(element.getAsJsonObject().keySet())) {
        object.add(
            name,
            VOLATILE.contains(name)
                ? new JsonPrimitive("<n>")
                : canonical(element.getAsJsonObject().get(name), mask));
      }
      return object;
    }
    if (element.isJsonNull()) {
      return element;
    }
    String masked = mask.apply(element.getAsString());
    boolean same = masked.equals(element.getAsString());
    return same ? element : new JsonPrimitive(masked);
  }
}
