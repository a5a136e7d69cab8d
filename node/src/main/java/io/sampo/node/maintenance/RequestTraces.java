package io.sampo.node.maintenance;

import io.grpc.Status;
import io.sampo.node.edge.grpc.GrpcCall;
import io.sampo.node.edge.grpc.GrpcListener;
import io.sampo.node.edge.grpc.GrpcMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /debug/requests}: how many calls of each method are under way, how many have ended within
 * which time, and the last of them. Nothing of what they ask for is kept. For any thread.
 */
public final class RequestTraces
    implements GrpcListener, Function<HttpRequest, CompletionStage<HttpResponse>> {
  /** Where the page is. */
  public static final String PATH = "/debug/requests";

  /** What is kept of the last calls of a method. */
  static final int LAST = 10;

  /** Go's columns: calls that took at least so long. */
  private static final long[] AT_LEAST_MILLIS = {0, 50, 100, 200, 500, 1_000, 10_000, 100_000};

  private final GrpcListener next;
  private final LongSupplier currentMillis;
  private final Map<String, OfMethod> methods = new ConcurrentHashMap<>();

  /** A call that is over. */
  private record Ended(long atMillis, long nanos, Status.Code code) {}

  /** The calls of one method. */
  private static final class OfMethod {
    private final long[] counts = new long[AT_LEAST_MILLIS.length];
    private final Deque<Ended> last = new ArrayDeque<>(LAST);
    private long active;
    private long errors;

    synchronized void begun() {
      active++;
    }

    synchronized void ended(Ended call) {
      active--;
      errors += call.code() == Status.Code.OK ? 0 : 1;
      for (int i = 0; i < counts.length; i++) {
        counts[i] += Duration.ofNanos(call.nanos()).toMillis() >= AT_LEAST_MILLIS[i] ? 1 : 0;
      }
      if (last.size() == LAST) {
        last.removeLast();
      }
      last.addFirst(call);
    }

    synchronized void addTo(StringBuilder page, String name) {
      page.append("<tr><td>%s</td><td>%d</td>".formatted(name, active));
      for (long count : counts) {
        page.append("<td>%d</td>".formatted(count));
      }
      page.append("<td>%d</td><td>".formatted(errors));
      last.forEach(
          call ->
              page.append(
                  "%s %.6f s %s<br>"
                      .formatted(
                          Instant.ofEpochMilli(call.atMillis()), call.nanos() / 1e9, call.code())));
      page.append("</td></tr>\n");
    }
  }

  /**
   * @param next is told everything as well
   * @param currentMillis the wall clock
   */
  public RequestTraces(GrpcListener next, LongSupplier currentMillis) {
    this.next = next;
    this.currentMillis = currentMillis;
  }

  private OfMethod of(GrpcMethod method) {
    return methods.computeIfAbsent(method.path().substring(1), name -> new OfMethod());
  }

  @Override
  public void started(GrpcMethod method, GrpcCall call, long requestBytes) {
    of(method).begun();
    next.started(method, call, requestBytes);
  }

  @Override
  public void finished(
      GrpcMethod method, GrpcCall call, Status.Code code, long responseBytes, long nanos) {
    of(method).ended(new Ended(currentMillis.getAsLong(), nanos, code));
    next.finished(method, call, code, responseBytes, nanos);
  }

  @Override
  public void streamed(GrpcMethod method, boolean received, int messages, long bytes) {
    next.streamed(method, received, messages, bytes);
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    return CompletableFuture.completedFuture(
        HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, page())));
  }

  private String page() {
    StringBuilder page =
        new StringBuilder("<html>\n<head><title>/debug/requests</title></head>\n<body>\n");
    page.append("<h1>/debug/requests</h1>\n<table>\n<tr><th>method</th><th>active</th>");
    for (long millis : AT_LEAST_MILLIS) {
      page.append("<th>&ge;%s s</th>".formatted(millis / 1e3));
    }
    page.append("<th>errors</th><th>the last, and how long they took (streams: 0)</th></tr>\n");
    new TreeMap<>(methods).forEach((name, calls) -> calls.addTo(page, name));
    return page.append("</table>\n</body>\n</html>\n").toString();
  }
}
