package io.sampo.tests.compare;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.tests.process.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes steps of lines. A line is who calls, what, and the request in protobuf's text form:
 *
 * <pre>
 * login USER PASSWORD [as NAME]         Authenticate; calls of NAME bring the token from then on
 * CALLER[,CALLER] SERVICE/METHOD TEXT   a call by each; a stream sends the parts between " | "
 * CALLER[,CALLER] POST PATH JSON        the same over HTTP/1.1
 * open STREAM CALLER SERVICE/METHOD TEXT a stream that stays open, with its first answer
 * send STREAM TEXT                      a further message, with what comes then
 * read STREAM                           what has come
 * wait MILLISECONDS
 * </pre>
 *
 * Callers are those of {@link Sessions#client}.
 */
public final class AuthScript {

  private static final String AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";

  private final String name;
  private final List<Step> steps = new ArrayList<>();

  private AuthScript(String name) {
    this.name = name;
  }

  public static List<Step> parse(String name, List<String> lines) {
    AuthScript script = new AuthScript(name);
    lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(script::line);
    return script.steps;
  }

  private void line(String line) {
    String[] words = line.split(" +", 3);
    switch (words[0]) {
      case "login" -> login(line);
      case "open" -> open(line);
      case "send" -> add(line, target -> target.sessions().stream(words[1]).send(words[2]));
      case "read" -> add(line, target -> target.sessions().stream(words[1]).rest());
      case "wait" -> add(line, target -> pause(Long.parseLong(words[1])));
      default -> {
        for (String caller : words[0].split(",")) {
          String rest = words.length > 2 ? words[2] : "";
          add(caller + " " + words[1] + " " + rest, call(caller, words[1], rest));
        }
      }
    }
  }

  private void add(String step, Function<Target, String> run) {
    steps.add(new Step("auth/" + name + "/" + step.strip(), run));
  }

  private static String pause(long millis) {
    try {
      Thread.sleep(millis);
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void login(String line) {
    String[] words = line.split(" ");
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(words[1]).setPassword(words[2]).build();
    String caller = words.length > 4 ? words[4] : words[1];
    add(
        line,
        target -> {
          try {
            AuthenticateResponse answer =
                target
                    .client()
                    .call(AUTHENTICATE, request, AuthenticateResponse.getDefaultInstance());
            target.sessions().keepToken(caller, answer.getToken());
            return Rendering.message(answer);
          } catch (StatusRuntimeException e) {
            return Rendering.status(e.getStatus());
          }
        });
  }

  private static Function<Target, String> call(String caller, String method, String text) {
    if (method.equals("POST")) {
      String[] words = text.split(" ", 2);
      String body = words[1].replace('\'', '"');
      return target -> post(target, caller, words[0], body);
    }
    CalledMethod called = CalledMethod.of(method);
    if (called.descriptor().isClientStreaming()) {
      return target -> {
        try (CalledStream stream = CalledStream.open(as(target, caller).client(), called)) {
          StringBuilder answers = new StringBuilder();
          for (String request : text.split(" \\| ")) {
            answers.append(stream.send(request));
          }
          return answers.toString();
        }
      };
    }
    Message request = called.request(text);
    return target ->
        called.descriptor().isServerStreaming()
            ? as(target, caller).many(called.path(), request, called.answer())
            : as(target, caller).unary(called.path(), request, called.answer());
  }

  private static String post(Target target, String caller, String path, String body) {
    String url = target.server().url() + path;
    return Rendering.http(
        caller.equals(Sessions.NOBODY)
            ? Http.send("POST", url, body)
            : Http.postAs(target.sessions().token(caller), url, body));
  }

  private static Target as(Target target, String caller) {
    return new Target(
        target.server(), target.sessions().client(target.client(), caller), target.sessions());
  }

  private void open(String line) {
    String[] words = line.split(" ", 5);
    CalledMethod method = CalledMethod.of(words[3]);
    add(
        line,
        target -> {
          CalledStream stream = CalledStream.open(as(target, words[2]).client(), method);
          target.sessions().open(words[1], stream);
          return stream.send(words[4]);
        });
  }
}
