package io.sampo.tests.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The curl of the PATH, pointed at one server. */
public record Curl(ServerUnderTest server) {

  /** What came back. */
  public record Answer(int status, String contentType, String body) {

    /** The body as an object. */
    public JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }
  }

  private static final String MARK = "\n--status--";

  /** GET with more options of curl. */
  public Answer get(String path, String... options) {
    List<String> words = new ArrayList<>(List.of("curl", "-sS", "-m", "15"));
    words.addAll(List.of("-w", MARK + "%{http_code} %{content_type}"));
    words.addAll(List.of(options));
    words.add(server.url() + path);
    String out = Command.of(words).run().succeeded().out();
    int mark = out.lastIndexOf(MARK);
    String[] status = out.substring(mark + MARK.length()).split(" ", 2);
    return new Answer(
        Integer.parseInt(status[0]), status.length > 1 ? status[1] : "", out.substring(0, mark));
  }

  /** POST of a body. */
  public Answer post(String path, String body) {
    return get(path, "-d", body);
  }

  /** A request whose answer goes on. */
  public RunningCommand stream(String path, String body) {
    return RunningCommand.start(
        List.of("curl", "-sS", "-N", "-d", body, server.url() + path), Map.of());
  }

  /** Bytes in JSON. */
  public static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
