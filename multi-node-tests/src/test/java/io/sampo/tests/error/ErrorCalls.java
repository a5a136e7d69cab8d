package io.sampo.tests.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Calls a server in both ways, and holds the answers to etcd's table. */
final class ErrorCalls implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ServerUnderTest server;
  private final GrpcClient client;
  private final Map<String, String> tokens = new HashMap<>();
  private final Set<EtcdError> provoked = EnumSet.noneOf(EtcdError.class);

  ErrorCalls(ServerUnderTest server) {
    this.server = server;
    client = new GrpcClient(server.endpoint(), LIMIT);
    tokens.put("forger", "nonsense");
  }

  GrpcClient client() {
    return client;
  }

  /** The errors that came in both ways so far. */
  Set<EtcdError> provoked() {
    return Set.copyOf(provoked);
  }

  /** Runs a script, a resource of this package's folder, to its end. */
  void run(String script, Map<String, String> names) throws IOException {
    try (InputStream file = ErrorCalls.class.getResourceAsStream("/error/" + script)) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> runLine(line, names));
    }
  }

  private void runLine(String line, Map<String, String> names) {
    String[] words = line.split(" ");
    if (words[0].equals("login")) {
      tokens.put(words[1], token(words[1], words[2]));
      return;
    }
    ScriptedCall call = ScriptedCall.parse(line, names);
    if (call.expected().equals("ok")) {
      succeeds(call, line);
    } else {
      fails(EtcdError.valueOf(call.expected()), call);
    }
  }

  private void succeeds(ScriptedCall call, String line) {
    try {
      as(call.caller()).call(call.called().path(), call.request(), call.called().answer());
    } catch (StatusRuntimeException e) {
      throw new AssertionError(line, e);
    }
  }

  private String token(String name, String password) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(name).setPassword(password).build();
    return client
        .call("/etcdserverpb.Auth/Authenticate", request, AuthenticateResponse.getDefaultInstance())
        .getToken();
  }

  private GrpcClient as(String caller) {
    return caller.equals(ScriptedCall.NOBODY) ? client : client.with("token", tokens.get(caller));
  }

  /** A line, without the error's name, with a request that the text form cannot say. */
  void fails(EtcdError error, String line, Message request) {
    fails(error, ScriptedCall.parse(error.name() + line, Map.of()).with(request));
  }

  private void fails(EtcdError error, ScriptedCall call) {
    String url = server.url() + call.path();
    fails(
        error,
        call,
        as(call.caller()),
        () ->
            call.caller().equals(ScriptedCall.NOBODY)
                ? Http.send("POST", url, call.json())
                : Http.postAs(tokens.get(call.caller()), url, call.json()));
  }

  /** The same of a call with a header of its own. */
  void failsWith(EtcdError error, String line, String header, String value) {
    ScriptedCall call = ScriptedCall.parse(error.name() + line, Map.of());
    String url = server.url() + call.path();
    fails(
        error,
        call,
        client.with(header, value),
        () -> Http.postWith("Grpc-Metadata-" + header, value, url, call.json()));
  }

  private interface Post {
    Http.Answer send();
  }

  /**
   * One after the other; what takes seconds, at once. Two changes of members may not be at once.
   */
  private void fails(EtcdError error, ScriptedCall call, GrpcClient caller, Post post) {
    Http.Answer answer;
    if (error == EtcdError.TIMEOUT) {
      CompletableFuture<Http.Answer> http = CompletableFuture.supplyAsync(post::send);
      fails(error, call, caller);
      answer = http.join();
    } else {
      fails(error, call, caller);
      answer = post.send();
    }
    JsonObject body = JsonParser.parseString(answer.body()).getAsJsonObject();
    String where = call.path() + " " + answer.body();
    assertEquals(httpStatus(error.code()), answer.status(), where);
    assertEquals(error.code().value(), body.get("code").getAsInt(), where);
    assertEquals(error.text(), body.get("message").getAsString(), where);
    assertEquals("application/json", answer.contentType(), where);
    provoked.add(error);
  }

  private static void fails(EtcdError error, ScriptedCall call, GrpcClient caller) {
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> caller.call(call.called().path(), call.request(), call.called().answer()),
            () -> "no " + error + ": " + call.called().path() + " " + call.request());
    assertEquals(
        error.code() + " " + error.text(),
        failure.getStatus().getCode() + " " + failure.getStatus().getDescription(),
        call.called().path());
  }

  /** What grpc-gateway makes of a code. */
  private static int httpStatus(Status.Code code) {
    return switch (code) {
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case RESOURCE_EXHAUSTED -> 429;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      default -> 500;
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
