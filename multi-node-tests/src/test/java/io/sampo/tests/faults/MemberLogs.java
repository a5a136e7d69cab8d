package io.sampo.tests.faults;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a member may not have to say, whatever happens to its peers. */
final class MemberLogs {
  private static final Set<String> LOUD = Set.of("error", "dpanic", "panic", "fatal");

  /** Where a stack trace or a failure of Java shows. */
  private static final Pattern BROKEN =
      Pattern.compile("Exception\\b(?!\\w)|\\bat [\\w.$]+\\([\\w.]+:\\d+\\)|OutOfMemory|invariant");

  /** Java's words for what happens to connections when their other end is killed or cut off. */
  private static final Pattern ORDINARY =
      Pattern.compile(
          "StreamTcpException|ConnectException|ClosedChannelException|Connection reset"
              + "|Connection refused|Broken pipe|TimeoutException|UnexpectedConnectionClosure"
              + "|EOFException|EntityStreamException|IllegalResponseException|IllegalRequestException");

  private MemberLogs() {}

  /** Lines that should not be there, with the member's name. */
  static List<String> troubles(ServerUnderTest member) {
    List<String> troubles = new ArrayList<>();
    for (String log : member.logs()) {
      log.lines()
          .filter(MemberLogs::isTrouble)
          .forEach(line -> troubles.add(member.name() + ": " + line));
    }
    return troubles;
  }

  private static boolean isTrouble(String line) {
    if (line.isBlank() || line.startsWith("sampo: ")) {
      return false;
    }
    return LOUD.contains(level(line))
        || BROKEN.matcher(line).find() && !ORDINARY.matcher(line).find();
  }

  /**
   * Of a line of JSON; what is none was not written by the log. A killed one's last may be torn.
   */
  private static String level(String line) {
    if (!line.startsWith("{")) {
      return "fatal";
    }
    try {
      JsonObject fields = JsonParser.parseString(line).getAsJsonObject();
      return fields.get("level").getAsString();
    } catch (JsonSyntaxException torn) {
      return "";
    }
  }
}
