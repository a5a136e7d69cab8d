package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;

/** Bodies of JSON that are few bytes and many objects. */
record JsonBombs(Shape shape, int connections, int objects, Duration limit) implements Abuse {

  /** How the objects are put together. */
  enum Shape {
    /** One in another, in a field that no request has. */
    NESTED("nested-json"),
    /** Comparisons of a transaction, one after another. */
    ARRAY("json-array"),
    /** Transactions, each the only operation of the one around it. */
    TRANSACTIONS("nested-json-txn");

    private final String title;

    Shape(String title) {
      this.title = title;
    }
  }

  @Override
  public String title() {
    return shape.title;
  }

  @Override
  public String what() {
    String how = shape == Shape.ARRAY ? "in one array" : "one in another";
    return "JSON: %d small objects %s, %d times at once".formatted(objects, how, connections);
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    String body =
        switch (shape) {
          case NESTED -> "{\"a\":".repeat(objects) + "1" + "}".repeat(objects);
          case ARRAY ->
              "{\"compare\":[" + String.join(",", Collections.nCopies(objects, "{}")) + "]}";
          case TRANSACTIONS ->
              "{\"success\":[{\"request_txn\":".repeat(objects) + "{}" + "}]}".repeat(objects);
        };
    String request =
        "POST /v3/kv/txn HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    long deadline = RudeClients.after(limit);
    for (int i = 0; i < connections; i++) {
      clients.connect();
    }
    for (RudeConnection connection : clients.connections()) {
      connection.send(request, deadline);
    }
    clients.awaitAnswers(deadline);
  }
}
