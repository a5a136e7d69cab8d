package io.sampo.tests.compare;

import io.sampo.tests.grpc.GrpcClient;
import java.util.HashMap;
import java.util.Map;

/** Tokens by the name of their caller, and open streams by the name that a script gives them. */
public final class Sessions implements AutoCloseable {

  /** Who says nothing of himself. */
  static final String NOBODY = "-";

  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, CalledStream> streams = new HashMap<>();

  /** Without any. */
  public Sessions() {}

  void keepToken(String caller, String token) {
    tokens.put(caller, token);
  }

  /**
   * The client in a caller's name.
   *
   * @param caller a name, which sends its token in the header {@code token}; {@code name:bearer}
   *     and {@code name:plain} send it in {@code authorization}, {@code name:token-bearer} with the
   *     word in {@code token}; {@code 'text'} is a token itself, with a blank for each underscore
   */
  GrpcClient client(GrpcClient nobody, String caller) {
    if (caller.equals(NOBODY)) {
      return nobody;
    }
    String token = token(caller);
    return switch (form(caller)) {
      case "bearer", "plain" -> nobody.with("authorization", token);
      default -> nobody.with("token", token);
    };
  }

  /** The same as what a header says. */
  String token(String caller) {
    if (caller.startsWith("'")) {
      return caller.substring(1, caller.length() - 1).replace('_', ' ');
    }
    String name = caller.split(":")[0];
    String token = tokens.getOrDefault(name, "no-token-of-" + name);
    return form(caller).endsWith("bearer") ? "Bearer " + token : token;
  }

  private static String form(String caller) {
    boolean plain = caller.startsWith("'") || !caller.contains(":");
    return plain ? "" : caller.substring(caller.indexOf(':') + 1);
  }

  void open(String name, CalledStream stream) {
    CalledStream before = streams.put(name, stream);
    if (before != null) {
      before.close();
    }
  }

  CalledStream stream(String name) {
    return streams.get(name);
  }

  @Override
  public void close() {
    streams.values().forEach(CalledStream::close);
  }
}
