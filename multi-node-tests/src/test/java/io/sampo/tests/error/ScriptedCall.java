package io.sampo.tests.error;

import com.google.protobuf.Message;
import io.sampo.tests.compare.CalledMethod;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * One line of a script: what is expected, who calls, and the same request in two forms, with {@code
 * |} between them.
 *
 * @param expected {@code ok}, or the name of an {@link io.sampo.protocol.error.EtcdError}
 * @param caller whose token goes with the call; {@code -} for none
 * @param called in the script's line as in {@code KV/Put}
 * @param request in the line in protobuf's text form
 * @param path of the gateway
 * @param json the request as JSON
 */
record ScriptedCall(
    String expected,
    String caller,
    CalledMethod called,
    Message request,
    String path,
    String json) {
  static final String NOBODY = "-";

  /** More bytes than the server under test takes in a request. */
  private static final String LONG = "x".repeat(3000);

  /**
   * @param names what stands for what is known only when the server runs
   */
  static ScriptedCall parse(String line, Map<String, String> names) {
    String filled = line.replace("$LONG64", base64(LONG)).replace("$LONG", LONG).replace('\'', '"');
    for (Map.Entry<String, String> name : names.entrySet()) {
      filled = filled.replace(name.getKey(), name.getValue());
    }
    String[] parts = filled.split("\\|", 4);
    String[] grpc = parts[2].strip().split(" ", 2);
    String[] http = parts[3].strip().split(" ", 2);
    CalledMethod called = CalledMethod.of(grpc[0]);
    return new ScriptedCall(
        parts[0].strip(),
        parts[1].strip(),
        called,
        called.request(grpc.length > 1 ? grpc[1] : ""),
        "/v3/" + http[0],
        http.length > 1 ? http[1] : "{}");
  }

  /** The same with a request that the text form cannot say. */
  ScriptedCall with(Message other) {
    return new ScriptedCall(expected, caller, called, other, path, json);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
