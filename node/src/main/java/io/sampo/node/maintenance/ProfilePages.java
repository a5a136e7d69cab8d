package io.sampo.node.maintenance;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * {@code /debug/pprof/}: what the JVM has in the place of Go's profiles. {@code profile} and {@code
 * trace} are recordings of the Java Flight Recorder, {@code goroutine} and its like dumps of the
 * threads, {@code heap} a histogram of the classes. For any thread.
 */
public final class ProfilePages implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  /** The subtree that these pages are. */
  public static final String PATH = "/debug/pprof/";

  private static final int DEFAULT_PROFILE_SECONDS = 30;
  private static final int DEFAULT_TRACE_SECONDS = 1;

  private final Map<String, Function<HttpRequest, CompletionStage<HttpResponse>>> pages =
      new TreeMap<>();
  private final Executor blocking;
  private final FlightRecording recording;

  /**
   * @param blocking where the dumps are made
   */
  public ProfilePages(Executor blocking) {
    this.blocking = blocking;
    this.recording = new FlightRecording(blocking);
    pages.put("profile", request -> recorded(request, "profile", DEFAULT_PROFILE_SECONDS));
    pages.put("trace", request -> recorded(request, "trace", DEFAULT_TRACE_SECONDS));
    pages.put("heap", request -> text(() -> diagnostics("gcClassHistogram")));
    pages.put("allocs", request -> text(() -> diagnostics("gcClassHistogram")));
    pages.put("goroutine", request -> text(() -> diagnostics("threadPrint")));
    pages.put("threadcreate", request -> text(() -> diagnostics("threadPrint")));
    pages.put("block", request -> text(() -> diagnostics("threadPrint", "-l")));
    pages.put("mutex", request -> text(() -> diagnostics("threadPrint", "-l")));
    pages.put("cmdline", request -> text(ProfilePages::commandLine));
    pages.put("symbol", request -> text(() -> "num_symbols: 0\n"));
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    String name = request.getUri().path().substring(PATH.length());
    if (name.isEmpty()) {
      return CompletableFuture.completedFuture(index());
    }
    var page = pages.get(name);
    return page == null
        ? CompletableFuture.completedFuture(error(StatusCodes.NOT_FOUND, "Unknown profile"))
        : page.apply(request);
  }

  private HttpResponse index() {
    StringBuilder html = new StringBuilder("<html>\n<head>\n<title>/debug/pprof/</title>\n");
    html.append("</head>\n<body>\n/debug/pprof/<br>\n<p>Profiles of this Java process</p>\n<ul>\n");
    pages.keySet().forEach(name -> html.append("<li><a href='%1$s'>%1$s</a>\n".formatted(name)));
    html.append("</ul>\n</body>\n</html>\n");
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, html.toString()));
  }

  private CompletionStage<HttpResponse> text(Supplier<String> text) {
    return CompletableFuture.supplyAsync(
        () ->
            HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text.get())),
        blocking);
  }

  private CompletionStage<HttpResponse> recorded(
      HttpRequest request, String settings, int defaultSeconds) {
    int seconds =
        request
            .getUri()
            .query()
            .get("seconds")
            .filter(text -> text.matches("[1-9][0-9]{0,3}"))
            .map(Integer::parseInt)
            .orElse(defaultSeconds);
    return recording
        .take(settings, seconds)
        .handle(
            (bytes, failure) ->
                failure == null
                    ? HttpResponse.create()
                        .addHeader(
                            RawHeader.create(
                                "Content-Disposition",
                                "attachment; filename=\"" + settings + ".jfr\""))
                        .withEntity(
                            HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, bytes))
                    : error(
                        StatusCodes.INTERNAL_SERVER_ERROR,
                        "Could not enable " + settings + ": " + reason(failure)));
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  private static HttpResponse error(
      org.apache.pekko.http.javadsl.model.StatusCode status, String text) {
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"))
        .addHeader(RawHeader.create("X-Go-Pprof", "1"))
        .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text + "\n"));
  }

  /** As Go gives it: the words apart by zeros. */
  private static String commandLine() {
    return String.join(
        "\0",
        ProcessHandle.current().info().command().orElse("sampo"),
        String.join("\0", ProcessHandle.current().info().arguments().orElse(new String[0])));
  }

  /** What {@code jcmd} would print. */
  private static String diagnostics(String command, String... arguments) {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  command,
                  new Object[] {arguments},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      return "not available in this Java: " + e.getMessage() + "\n";
    }
  }
}
